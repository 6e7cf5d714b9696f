// The WAF against the public attack collections that lie beside the checkout, family by family, at paranoia 2. The levels
// are those reached, less a small margin. Skipped, saying so, where the folder is absent; honest requests always run.
import { describe, expect, it } from "vitest";
import { benignRequests } from "../../bench/guards/waf/benign/index.ts";
import { haveCorpora, readCorpora } from "../../bench/guards/waf/corpora.ts";
import { compileWaf, DEFAULT_SURFACE_LIMITS, DEFAULT_WAF_CONFIG, parseRawRequest } from "../../guards/waf/index.ts";

const present = haveCorpora();
if (!present) console.warn("skipped: the WAF corpora are not beside this checkout");

const waf = compileWaf(DEFAULT_WAF_CONFIG);
const blocks = (request: string): boolean => waf(parseRawRequest(request, DEFAULT_SURFACE_LIMITS)).blocked;

/** Percent of a family's attacks; every sixth of the long lists, which repeat themselves. */
const LEVELS: Readonly<Record<string, number>> = {
  "crs-regression": 89.5,
  gotestwaf: 98,
  libinjection: 99,
  payloads: 91.5,
};

describe.skipIf(!present)("of the attack collections", () => {
  const samples = present ? readCorpora("query") : [];
  const percent = (chosen: readonly { request: string }[]): number =>
    (100 * chosen.filter((s) => blocks(s.request)).length) / chosen.length;

  it.each(Object.entries(LEVELS))("%s is found to at least %d percent", (family, level) => {
    const attacks = samples.filter((s) => s.attack && s.family === family);
    expect(attacks.length).toBeGreaterThan(500);
    const chosen = attacks.length > 10_000 ? attacks.filter((_, i) => i % 6 === 0) : attacks;
    expect(percent(chosen)).toBeGreaterThanOrEqual(level);
  });

  it("at least 90 percent are found over all", () => {
    const attacks = samples.filter((s, i) => s.attack && i % 6 === 1);
    expect(percent(attacks)).toBeGreaterThanOrEqual(91);
  });

  it("look-alikes of gotestwaf and libinjection pass but for a few", () => {
    expect(percent(samples.filter((s) => !s.attack && s.family === "gotestwaf"))).toBeLessThanOrEqual(1);
    expect(percent(samples.filter((s) => !s.attack && s.family === "libinjection"))).toBeLessThanOrEqual(1.5);
  });
});

describe("of honest requests", () => {
  it("at most one in a thousand is blocked", () => {
    let blocked = 0;
    const count = 12_000;
    for (const { request } of benignRequests(count, 20_261_101)) if (blocks(request)) blocked++;
    expect(blocked / count).toBeLessThanOrEqual(0.001);
  });

  it("every kind is composed, and none is blocked more often than one in two hundred", () => {
    const seen = new Map<string, { of: number; blocked: number }>();
    for (const { kind, request } of benignRequests(32 * 400, 7)) {
      const so = seen.get(kind) ?? { of: 0, blocked: 0 };
      seen.set(kind, { of: so.of + 1, blocked: so.blocked + (blocks(request) ? 1 : 0) });
    }
    expect(seen.size).toBe(32);
    for (const [kind, { of, blocked }] of seen) expect(blocked / of, kind).toBeLessThanOrEqual(0.005);
  });
});

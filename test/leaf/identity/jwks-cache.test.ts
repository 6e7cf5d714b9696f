// External keys, remembered. Each of the field's faults with such caches is a test: stampede, rotation that is never
// picked up, invented kids as a hammer, an endpoint that fails, a withdrawn key that lives on.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JWKS_CACHE_LIMITS, JwksCache, type JwksDecision, type Lease } from "../../../identity/jwks-cache.ts";
import { anySigner } from "./jws-support.ts";

const AT = "https://idp.test/keys";
const a = (await anySigner("ES256", "a")).jwk;
const b = (await anySigner("ES256", "b")).jwk;
const A = JSON.stringify({ keys: [a] });
const B = JSON.stringify({ keys: [b] });
const L = JWKS_CACHE_LIMITS;

function leaseOf(decision: JwksDecision | null): Lease {
  if (decision?.kind === "fetch") return decision.lease;
  if (decision?.kind === "use" && decision.refresh !== null) return decision.refresh;
  throw new Error(`no lease: ${decision?.kind}`);
}
function kidsOf(decision: JwksDecision | null): string {
  return decision?.kind === "use" ? decision.keys.keys.map(({ kid }) => kid).join() : String(decision?.kind);
}
function filled(nowMs = 0, body = A): JwksCache {
  const cache = new JwksCache();
  cache.received(leaseOf(cache.decide(AT, nowMs)), body, nowMs);
  return cache;
}

describe("fifty requests on a cold isolate", () => {
  it("make one fetch; the others wait, and then have the keys", () => {
    const cache = new JwksCache();
    const decisions = Array.from({ length: 50 }, () => cache.decide(AT, 0));
    expect(decisions.filter(({ kind }) => kind === "fetch")).toHaveLength(1);
    expect(decisions.filter(({ kind }) => kind === "wait")).toHaveLength(49);
    cache.received(leaseOf(decisions[0] ?? null), A, 100);
    for (let i = 0; i < 50; i++) expect(kidsOf(cache.decide(AT, 100))).toBe("a");
  });
  it("are not held for good by one that was cancelled: its lease runs out, and its late answer changes nothing", () => {
    const cache = new JwksCache();
    const lost = leaseOf(cache.decide(AT, 0));
    expect(cache.decide(AT, L.leaseMs - 1)).toEqual({ kind: "wait", untilMs: L.leaseMs });
    const next = leaseOf(cache.decide(AT, L.leaseMs));
    expect(cache.received(lost, B, L.leaseMs)).toBe(false);
    expect(cache.received(next, A, L.leaseMs)).toBe(true);
    expect(kidsOf(cache.decide(AT, L.leaseMs))).toBe("a");
  });
});

describe("a rotation", () => {
  it("is picked up by the first token of the new key, with one fetch, however young the old keys are", () => {
    const cache = filled();
    const seen = cache.decide(AT, 1000);
    if (seen.kind !== "use") throw new Error();
    const newer = cache.decideNewer(AT, seen.fetchedAtMs, 1000);
    // others that saw the same keys wait for the same fetch
    expect(cache.decideNewer(AT, seen.fetchedAtMs, 1000)?.kind).toBe("wait");
    cache.received(leaseOf(newer), B, 1100);
    expect(kidsOf(cache.decideNewer(AT, seen.fetchedAtMs, 1100))).toBe("b");
    expect(kidsOf(cache.decide(AT, 1100))).toBe("b");
  });
  it("a thousand tokens with invented kids make one fetch in each cool-down, and fill no memory", () => {
    const cache = filled();
    let fetches = 0;
    for (let i = 0; i < 1000; i++) {
      const now = 1000 + i * 100;
      const seen = cache.decide(AT, now);
      const newer = seen.kind === "use" ? cache.decideNewer(AT, seen.fetchedAtMs, now) : null;
      if (newer?.kind !== "fetch") continue;
      fetches++;
      cache.received(newer.lease, A, now);
    }
    expect(fetches).toBe(Math.ceil(100_000 / L.cooldownMs));
    expect(cache.size).toBe(1);
  });
});

describe("an endpoint that answers 500, times out, or sends HTML", () => {
  it("leaves the cached keys at work until their maximum age, and tries again ever more slowly", () => {
    const cache = filled();
    let tries = 0;
    for (let now = L.freshMs; now < L.maxAgeMs; now += 500) {
      const decision = cache.decide(AT, now);
      if (decision.kind === "fetch" || (decision.kind === "use" && decision.refresh !== null)) {
        tries++;
        if (tries % 2 === 0) cache.failed(leaseOf(decision), now);
        else cache.received(leaseOf(decision), "<html>", now);
      }
      expect(kidsOf(cache.decide(AT, now))).toBe("a");
    }
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(2 * ((L.maxAgeMs - L.freshMs) / L.maxBackoffMs));
    expect(["fetch", "unavailable"]).toContain(cache.decide(AT, L.maxAgeMs).kind);
  });
  it("and a token of an unknown key is told so, not kept waiting, and hammers nothing", () => {
    const cache = filled();
    cache.failed(leaseOf(cache.decideNewer(AT, 0, 1000)), 1000);
    expect(cache.decideNewer(AT, 0, 1001)).toBeNull();
    expect(cache.decideNewer(AT, 0, 1000 + L.cooldownMs - 1)).toBeNull();
    expect(cache.decideNewer(AT, 0, 1000 + L.cooldownMs)?.kind).toBe("fetch");
  });
  it("without any keys is unavailable until the next try, which is not at once", () => {
    const cache = new JwksCache();
    cache.failed(leaseOf(cache.decide(AT, 0)), 0);
    expect(cache.decide(AT, 1)).toEqual({ kind: "unavailable", retryAtMs: L.backoffMs });
    cache.failed(leaseOf(cache.decide(AT, L.backoffMs)), L.backoffMs);
    expect(cache.decide(AT, L.backoffMs + 1)).toEqual({ kind: "unavailable", retryAtMs: 3 * L.backoffMs });
  });
  it("an answer above the limits counts as none", () => {
    const many = JSON.stringify({ keys: Array.from({ length: L.jwks.maxKeys + 1 }, () => a) });
    for (const body of [
      "",
      "null",
      "[]",
      "{}",
      '{"keys":1}',
      '{"keys":[],"keys":[]}',
      many,
      A.padEnd(L.maxBytes + 1),
    ]) {
      const cache = new JwksCache();
      expect(cache.received(leaseOf(cache.decide(AT, 0)), body, 0)).toBe(false);
      expect(cache.decide(AT, 1).kind).toBe("unavailable");
    }
    const cache = new JwksCache();
    expect(cache.received(leaseOf(cache.decide(AT, 0)), A.padEnd(L.maxBytes), 0)).toBe(true);
  });
});

describe("a key that its issuer withdrew", () => {
  it("is gone with the next refresh, also when the issuer has no key at all", () => {
    for (const [body, kids] of [
      [B, "b"],
      ['{"keys":[]}', ""],
    ] as const) {
      const cache = filled();
      const stale = cache.decide(AT, L.freshMs);
      expect(kidsOf(stale)).toBe("a");
      cache.received(leaseOf(stale), body, L.freshMs + 50);
      expect(kidsOf(cache.decide(AT, L.freshMs + 50))).toBe(kids);
    }
  });
  it("is refreshed before it is used once it is stale, in an isolate that slept", () => {
    expect(filled().decide(AT, L.staleMs).kind).toBe("fetch");
    expect(filled().decide(AT, L.staleMs - 1).kind).toBe("use");
  });
  it("is refused past the maximum age, whatever the endpoint does", () => {
    const cache = filled();
    cache.failed(leaseOf(cache.decide(AT, L.maxAgeMs - 1)), L.maxAgeMs - 1);
    expect(kidsOf(cache.decide(AT, L.maxAgeMs - 1))).toBe("a");
    expect(cache.decide(AT, L.maxAgeMs).kind).toBe("unavailable");
  });
  it("does not live on when the clock is set back", () => {
    expect(filled(10_000).decide(AT, 9_999).kind).toBe("fetch");
  });
});

describe("a generation", () => {
  const generationOf = (decision: JwksDecision) => (decision.kind === "use" ? decision.generation : null);
  it("lasts as long as the set says the same, in whatever spelling, and never comes back", () => {
    const cache = filled();
    const first = cache.decide(AT, 0);
    const keysOf = (decision: JwksDecision) => (decision.kind === "use" ? decision.keys : null);
    const { kty, crv, x, y, alg, kid } = a;
    const respelt = ` ${JSON.stringify({ keys: [{ kid, alg, y, x, crv, kty }], extra: 1 })}`;
    let now = 0;
    const refreshed = (body: string): JwksDecision => {
      now += L.freshMs;
      cache.received(leaseOf(cache.decide(AT, now)), body, now);
      return cache.decide(AT, now);
    };
    const same = refreshed(respelt);
    expect(generationOf(same)).toBe(generationOf(first));
    // the very same keys: what was imported of them is not imported again
    expect(keysOf(same)).toBe(keysOf(first));
    const other = generationOf(refreshed(B));
    const back = generationOf(refreshed(A));
    expect(new Set([generationOf(first), other, back]).size).toBe(3);
    expect(generationOf(refreshed('{"keys":[]}'))).not.toBe(back);
  });
  it("is no other address's", () => {
    const cache = new JwksCache();
    for (const at of ["x", "y"]) cache.received(leaseOf(cache.decide(at, 0)), A, 0);
    expect(generationOf(cache.decide("x", 0))).not.toBe(generationOf(cache.decide("y", 0)));
  });
});

describe("a maximum age of the address's own", () => {
  it("is kept, whatever the cache's is, and the ages before it lie within it", () => {
    const age = 60_000;
    const at = (now: number) => filled().decide(AT, now, age);
    expect(at(age / 3 - 1)).toMatchObject({ kind: "use", refresh: null });
    expect(leaseOf(at(age / 3)).address).toBe(AT);
    expect(at((2 * age) / 3 - 1).kind).toBe("use");
    expect(at((2 * age) / 3).kind).toBe("fetch");
    const cache = filled();
    cache.failed(leaseOf(cache.decide(AT, age - 1, age)), age - 1);
    expect(kidsOf(cache.decide(AT, age - 1, age))).toBe("a");
    expect(cache.decide(AT, age, age).kind).toBe("unavailable");
  });
  it("longer than the cache's own makes no key look fresh for longer", () => {
    expect(filled().decide(AT, L.staleMs, 24 * 3_600_000).kind).toBe("fetch");
  });
});

describe("an endpoint that hangs", () => {
  it("holds up who finds it out, and nobody after that while there are keys", () => {
    const cache = filled();
    const now = L.staleMs;
    const lease = leaseOf(cache.decide(AT, now));
    expect(cache.decide(AT, now).kind).toBe("wait");
    cache.failed(lease, now);
    expect(kidsOf(cache.decide(AT, now))).toBe("a");
    const again = cache.decide(AT, now + L.backoffMs);
    expect([again.kind, leaseOf(again).address]).toEqual(["use", AT]);
    expect(cache.decide(AT, now + L.backoffMs)).toMatchObject({ kind: "use", refresh: null });
  });
});

describe("the cache", () => {
  it("holds no more addresses than its limit, and drops the one that was longest unused", () => {
    const cache = new JwksCache({ ...L, maxEntries: 2 });
    for (const at of ["x", "y"]) cache.received(leaseOf(cache.decide(at, 0)), A, 0);
    cache.decide("x", 1);
    cache.decide("z", 1);
    expect(cache.size).toBe(2);
    expect(cache.decide("x", 1).kind).toBe("use");
    expect(cache.decide("y", 1).kind).toBe("fetch");
  });
  it("at any time: one fetch an address, no keys past their age, and bounded fetches, in any order of events", () => {
    const step = fc.record({
      advance: fc.oneof(fc.nat(2000), fc.nat(700_000)),
      newer: fc.boolean(),
      outcome: fc.constantFrom("ok", "fail", "never"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const cache = new JwksCache();
        let now = 0;
        let fetchedAt = Number.NEGATIVE_INFINITY;
        let leasedUntil = 0;
        for (const { advance, newer, outcome } of steps) {
          now += advance;
          const decision = newer ? cache.decideNewer(AT, fetchedAt, now) : cache.decide(AT, now);
          if (decision === null || decision.kind === "unavailable") continue;
          if (decision.kind === "wait") {
            expect(now).toBeLessThan(leasedUntil);
            expect(decision.untilMs - now).toBeLessThanOrEqual(L.leaseMs);
            continue;
          }
          if (decision.kind === "use") {
            expect(now - decision.fetchedAtMs).toBeLessThan(L.maxAgeMs);
            if (decision.refresh === null) continue;
          }
          expect(now).toBeGreaterThanOrEqual(leasedUntil);
          leasedUntil = outcome === "never" ? now + L.leaseMs : now;
          if (outcome === "fail") cache.failed(leaseOf(decision), now);
          if (outcome === "ok" && cache.received(leaseOf(decision), A, now)) fetchedAt = now;
        }
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});

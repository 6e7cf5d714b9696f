// What a policy can say of the WAF, and what a verdict tells.
import { describe, expect, it } from "vitest";
import {
  compileWaf,
  DEFAULT_WAF_CONFIG,
  type Exclusion,
  type Field,
  type HttpSurface,
  type WafConfig,
} from "../../../../guards/waf/index.ts";

function field(value: string, more: Partial<Field> = {}): Field {
  return { place: "body.note", name: "note", value, kind: "json", ...more };
}

function surface(fields: readonly Field[], more: Partial<HttpSurface> = {}): HttpSurface {
  return {
    method: "POST",
    path: "/v1/origins/shop/items",
    query: "",
    headers: [["Host", "a.example"]],
    cookies: [],
    fields,
    ...more,
  };
}

function waf(config: Partial<WafConfig> = {}): ReturnType<typeof compileWaf> {
  return compileWaf({ ...DEFAULT_WAF_CONFIG, ...config });
}

const ATTACK = "zebra' or 3=3 --";

describe("a verdict", () => {
  it("names rule, reason, place and the span in the value as it was sent", () => {
    const verdict = waf()(surface([], { query: `a=b&q=zebra%2527+or+3%253D3+--+` }));
    expect(verdict.blocked).toBe(true);
    const found = verdict.findings.find((finding) => finding.rule === "sql-tautology");
    expect(found).toMatchObject({
      place: "query.q",
      category: "request",
      class: "sql",
      severity: "critical",
      score: 1,
    });
    expect(found?.view).toContain("url");
    const value = "zebra%2527+or+3%253D3+--+";
    expect(value.slice(found?.start, found?.end)).toBe("or+3%253D3");
  });

  it("points into base64 where the attack was encoded in it", () => {
    const value = `x: ${btoa("<script>alert(1)</script>")}`;
    const found = waf()(surface([field(value)])).findings.find((finding) => finding.rule === "xss-element");
    expect(found?.view).toBe("base64");
    expect(found?.start).toBeGreaterThanOrEqual(3);
    expect(found?.end).toBeLessThanOrEqual(value.length);
  });

  it("never holds the text that it judged", () => {
    expect(JSON.stringify(waf()(surface([field(ATTACK)])))).not.toContain("zebra");
  });

  it("scores the worst field, so that many small oddities are no attack", () => {
    const odd = [1, 2, 3, 4, 5, 6].map((n) => field("../a", { place: `body.p${n}`, name: `p${n}` }));
    const verdict = waf()(surface(odd));
    expect(verdict.findings.length).toBe(6);
    expect(verdict.score).toBe(3);
    expect(verdict.blocked).toBe(false);
  });
});

describe("a policy", () => {
  it("blocks at the threshold and not one point below it", () => {
    const { score } = waf()(surface([field("x=<script>")]));
    expect(waf({ threshold: score })(surface([field("x=<script>")])).blocked).toBe(true);
    expect(waf({ threshold: score + 1 })(surface([field("x=<script>")])).blocked).toBe(false);
  });

  it("in detect mode finds the same and blocks nothing", () => {
    const blocking = waf()(surface([field(ATTACK)]));
    const detecting = waf({ mode: "detect" })(surface([field(ATTACK)]));
    expect(detecting).toEqual({ ...blocking, blocked: false });
  });

  it("sees more at each paranoia level and never less", () => {
    const values = ["order by 9", "../a", "5 and status = open", ATTACK, "whoami", "<svg>"];
    const counts = ([1, 2, 3, 4] as const).map(
      (paranoia) => waf({ paranoia })(surface(values.map((v, i) => field(v, { place: `body.f${i}` })))).findings.length,
    );
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[3]).toBeGreaterThan(counts[0] ?? 0);
  });

  it.each<[string, Exclusion, boolean]>([
    ["a rule everywhere", { rule: "sql-*" }, false],
    ["a rule on a route", { rule: "sql-*", route: "/v1/origins/shop/*" }, false],
    ["a rule on another route", { rule: "sql-*", route: "/v1/origins/bank/*" }, true],
    ["a rule at a place", { rule: "sql-*", place: "body.note" }, false],
    ["a rule at another place", { rule: "sql-*", place: "body.title" }, true],
    ["another rule", { rule: "xss-*" }, true],
  ])("excludes %s", (_, exclusion, blocked) => {
    expect(waf({ exclusions: [exclusion] })(surface([field(ATTACK)])).blocked).toBe(blocked);
  });
});

describe("a WAF", () => {
  it("judges each place that an attacker reaches", () => {
    const judge = waf();
    const encoded = encodeURIComponent(ATTACK);
    expect(judge(surface([field(ATTACK)])).blocked).toBe(true);
    expect(judge(surface([field("x", { name: ATTACK })])).blocked).toBe(true);
    expect(judge(surface([], { query: `q=${encoded}` })).blocked).toBe(true);
    expect(judge(surface([], { query: `${encoded}=q` })).blocked).toBe(true);
    expect(judge(surface([], { path: `/a/${encoded}` })).blocked).toBe(true);
    expect(judge(surface([], { cookies: [["a", ATTACK]] })).blocked).toBe(true);
    expect(
      judge(
        surface([], {
          headers: [
            ["Host", "a.example"],
            ["X-A", ATTACK],
          ],
        }),
      ).blocked,
    ).toBe(true);
    expect(
      judge(
        surface([], {
          headers: [
            ["Host", "a.example"],
            ["User-Agent", `Mozilla/5.0 ${ATTACK}`],
          ],
        }),
      ).blocked,
    ).toBe(true);
    expect(judge(surface([])).findings).toEqual([]);
  });
});

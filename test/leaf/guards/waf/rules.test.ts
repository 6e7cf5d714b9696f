// Every rule finds what it says and passes what looks like it.
import { describe, expect, it } from "vitest";
import { type Example, WAF_EXAMPLES } from "../../../../guards/waf/examples/index.ts";
import {
  compileWaf,
  DEFAULT_SURFACE_LIMITS,
  DEFAULT_WAF_CONFIG,
  type HttpSurface,
  parseRawRequest,
  WAF_RULES,
  type WafVerdict,
} from "../../../../guards/waf/index.ts";

const waf = compileWaf({ ...DEFAULT_WAF_CONFIG, paranoia: 4 });
const EMPTY: HttpSurface = {
  method: "POST",
  path: "/v1/origins/a/b",
  query: "",
  headers: [["Host", "a.example"]],
  cookies: [],
  fields: [],
};

function surfaceOf(example: Example): HttpSurface {
  if (typeof example === "string") return surfaceOf({ value: example, kind: "json" });
  if ("request" in example) return parseRawRequest(example.request, DEFAULT_SURFACE_LIMITS);
  const { kind, value, name = "q", file } = example;
  if (kind === "path") return { ...EMPTY, path: value };
  if (kind === "query") return { ...EMPTY, query: `${name}=${value.replaceAll("&", "%26")}` };
  if (kind === "header") return { ...EMPTY, headers: [...EMPTY.headers, [name, value]] };
  return { ...EMPTY, fields: [{ place: "body.q", name, value, kind, ...(file === true ? { file } : {}) }] };
}

function rulesOf(verdict: WafVerdict): string[] {
  return verdict.findings.map((finding) => finding.rule);
}

describe("every rule", () => {
  it("has an id of its own, a reason, and examples of both kinds", () => {
    expect(new Set(WAF_RULES.map((rule) => rule.id)).size).toBe(WAF_RULES.length);
    for (const rule of WAF_RULES) {
      expect(rule.reason.length, rule.id).toBeGreaterThan(10);
      expect(WAF_EXAMPLES[rule.id]?.match.length ?? 0, rule.id).toBeGreaterThan(0);
      expect(WAF_EXAMPLES[rule.id]?.pass.length ?? 0, rule.id).toBeGreaterThan(0);
    }
    expect(Object.keys(WAF_EXAMPLES).filter((id) => !WAF_RULES.some((rule) => rule.id === id))).toEqual([]);
  });

  it.each(WAF_RULES.map((rule) => rule.id))("%s finds its examples and passes its look-alikes", (id) => {
    const examples = WAF_EXAMPLES[id];
    for (const example of examples?.match ?? [])
      expect(rulesOf(waf(surfaceOf(example))), JSON.stringify(example)).toContain(id);
    for (const example of examples?.pass ?? [])
      expect(rulesOf(waf(surfaceOf(example))), JSON.stringify(example)).not.toContain(id);
  });
});

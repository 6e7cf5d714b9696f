// Where external subjects' ledgers are, and what they may use: policy's word, for gateway and control alike.
import { describe, expect, it } from "vitest";
import { type PolicyInput, policySchema } from "../../../policy/schema.ts";
import { placementOf, subjectTerms } from "../../../policy/subjects.ts";
import { resolveLimits } from "../../../protocol/limits.ts";

const ISSUER = {
  issuer: "https://idp.test",
  tenants: ["acme"],
  audiences: ["a"],
  grants: [{ scopes: ["infer:*"] }],
};
const policy = (tenants: PolicyInput["tenants"], issuers: PolicyInput["issuers"] = []) =>
  policySchema.parse({ version: 1, models: {}, tenants, issuers });

describe("a subject's terms", () => {
  it("are its tenant's own entry, whole, else that of `*`, else none", () => {
    const both = policy({
      acme: { default_limits: { concurrency: 2 }, jurisdiction: "eu" },
      "*": { default_limits: { concurrency: 9, requests_per_day: 9 }, jurisdiction: "us", log: "rest" },
    });
    expect(subjectTerms(both, "acme")).toEqual({
      jurisdiction: "eu",
      log: "default",
      limits: resolveLimits({ concurrency: 2 }, {}),
    });
    expect(subjectTerms(both, "beta")).toMatchObject({ jurisdiction: "us", log: "rest" });
    expect(subjectTerms(policy({}), "acme")).toEqual({
      jurisdiction: "none",
      log: "default",
      limits: resolveLimits({}, {}),
    });
    expect(subjectTerms(both, "__proto__")).toMatchObject({ jurisdiction: "us" });
  });
});

describe("a tenant's place", () => {
  it("is policy's to say where it says so, or where an issuer speaks for the tenant", () => {
    expect(placementOf(policy({ acme: {} }), "acme")).toBeNull();
    expect(placementOf(policy({ acme: { jurisdiction: "eu" } }), "acme")).toMatchObject({ jurisdiction: "eu" });
    expect(placementOf(policy({ "*": { log: "all" } }), "acme")).toMatchObject({ log: "all" });
    expect(placementOf(policy({}, [ISSUER]), "acme")).toMatchObject({ jurisdiction: "none", log: "default" });
    expect(placementOf(policy({}, [ISSUER]), "beta")).toBeNull();
  });
  it("is no place that the platform does not have", () => {
    for (const entry of [{ jurisdiction: "mars" }, { log: "A/B" }, { log: "" }])
      expect(policySchema.safeParse({ version: 1, models: {}, tenants: { acme: entry } }).success).toBe(false);
  });
});

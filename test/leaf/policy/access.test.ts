// Who comes in and how, as policy spells it.
import { describe, expect, test } from "vitest";
import { judgeNetwork } from "../../../identity/network.ts";
import { networkListsFor, proofRulesFor } from "../../../policy/access.ts";
import { defaultPolicy } from "../../../policy/defaults.ts";
import type { Action } from "../../../policy/matrix.ts";
import { parsePolicy } from "../../../policy/parse.ts";
import { type PolicyInput, policySchema } from "../../../policy/schema.ts";

const DEFAULTS = defaultPolicy({ models: [], allowedOrigins: [] });
const ISSUER = { issuer: "https://idp.test", tenants: ["acme"], audiences: ["us"], grants: [{ scopes: ["infer:m"] }] };
const policyWith = (change: Partial<PolicyInput>) => policySchema.parse({ ...DEFAULTS, ...change });

async function issuesOf(change: Record<string, unknown>): Promise<readonly string[]> {
  const read = await parsePolicy(JSON.stringify({ ...DEFAULTS, ...change }));
  return read.ok ? [] : read.issues;
}

describe("a policy that says nothing of it", () => {
  test("changes nothing: any address, no proof, no issuer", () => {
    const policy = policyWith({});
    expect(policy.issuers).toEqual([]);
    expect(policy.routes).toEqual({});
    expect(policy.tenants["*"]).toMatchObject({ allow_cidrs: [], deny_cidrs: [], require: [] });
    expect(proofRulesFor(policy, "acme")).toEqual([]);
    expect(judgeNetwork(null, networkListsFor(policy, "acme", "chat.create", undefined))).toEqual({ allowed: true });
  });
});

describe("network rules", () => {
  const policy = policyWith({
    tenants: { acme: { allow_cidrs: ["10.0.0.0/8"] }, "*": { deny_cidrs: ["192.0.2.0/24"] } },
    routes: { "admin.*": { allow_cidrs: ["10.0.0.1/32"] }, "keys.create": { deny_cidrs: ["10.0.0.1/32"] } },
  });
  const allowed = (address: string, tenant: string, action: Action) =>
    judgeNetwork(address, networkListsFor(policy, tenant, action, undefined)).allowed;
  test("of a tenant hold for it, and those of * for any other", () => {
    expect(allowed("10.1.1.1", "acme", "chat.create")).toBe(true);
    expect(allowed("192.0.2.1", "acme", "chat.create")).toBe(false);
    expect(allowed("192.0.2.1", "other", "chat.create")).toBe(false);
    expect(allowed("198.51.100.1", "other", "chat.create")).toBe(true);
    expect(allowed("192.0.2.1", "constructor", "chat.create")).toBe(false);
  });
  test("of a route and of its API hold both", () => {
    expect(allowed("10.0.0.1", "acme", "keys.list")).toBe(true);
    expect(allowed("10.0.0.2", "acme", "keys.list")).toBe(false);
    expect(allowed("10.0.0.1", "acme", "keys.create")).toBe(false);
  });
});

describe("a policy file that is wrong", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["a range that is none", { tenants: { a: { deny_cidrs: ["10.0.0.1"] } } }, /^tenants\.a\.deny_cidrs\[0\]: .*range/],
    [
      "a range in another spelling",
      { tenants: { a: { allow_cidrs: ["010.0.0.0/8"] } } },
      /^tenants\.a\.allow_cidrs\[0\]/,
    ],
    ["a route that does not exist", { routes: { "keys.*": {} } }, /^routes/],
    [
      "a proof that does not exist",
      { tenants: { a: { require: [{ proof: ["password"] }] } } },
      /^tenants\.a\.require\[0\]\.proof\[0\]/,
    ],
    ["a requirement of nothing", { tenants: { a: { require: [{ proof: [] }] } } }, /^tenants\.a\.require\[0\]\.proof/],
    [
      "a requirement for what is no scope",
      { tenants: { a: { require: [{ proof: ["dpop"], scopes: ["infer"] }] } } },
      /^tenants\.a\.require\[0\]\.scopes\[0\]/,
    ],
    ["an issuer over http", { issuers: [{ ...ISSUER, issuer: "http://idp.test" }] }, /^issuers\[0\]\.issuer/],
    [
      "one audience of one issuer in two rules",
      { issuers: [ISSUER, { ...ISSUER, tenants: ["other"] }] },
      /^issuers\[1\]\.audiences/,
    ],
    [
      "an issuer that gives a role over another tenant",
      { issuers: [{ ...ISSUER, grants: [{ scopes: ["admin:other"] }] }] },
      /^issuers\[0\]\.grants\[0\]\.scopes/,
    ],
  ])("%s is explained", async (_, change, expected) => {
    expect(await issuesOf(change)).toContainEqual(expect.stringMatching(expected));
  });
  test("one issuer for two tenants, apart by audience, is right", async () => {
    expect(await issuesOf({ issuers: [ISSUER, { ...ISSUER, tenants: ["other"], audiences: ["them"] }] })).toEqual([]);
  });
});

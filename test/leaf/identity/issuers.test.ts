// External issuers: whose tokens count, what becomes of their claims, and the wall between tenants.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapClaims } from "../../../identity/claims-mapping.ts";
import { discoveryUrls, isKeyAddress, judgeDiscovery } from "../../../identity/discovery.ts";
import { type IssuerRule, isIssuerUrl, issuerRuleSchema } from "../../../identity/issuer-rule.ts";
import {
  claimedIssuer,
  type ExternalFault,
  externalPrincipal,
  mayBeRotation,
  ruleFor,
  verifyExternalToken,
} from "../../../identity/issuers.ts";
import { isScope, roleOf } from "../../../identity/scopes.ts";
import { anySigner, jwksOf, jwsOf, without } from "./jws-support.ts";

const NOW_S = 1_800_000_000;
const ISSUER = "https://idp.test/realms/acme";
const RULE = {
  issuer: ISSUER,
  tenants: ["acme"],
  audiences: ["https://gateway.test"],
  grants: [{ scopes: ["infer:small"] }],
};
const rule = (over: Record<string, unknown> = {}): IssuerRule => issuerRuleSchema.parse({ ...RULE, ...over });
const issuesOf = (over: Record<string, unknown>): string[] =>
  issuerRuleSchema.safeParse({ ...RULE, ...over }).error?.issues.map(({ path }) => path.join(".")) ?? [];

const signer = await anySigner("RS256", "k1");
const jwks = jwksOf([signer.jwk]);
const CLAIMS = {
  iss: ISSUER,
  aud: "https://gateway.test",
  sub: "auth0|42",
  iat: NOW_S - 10,
  exp: NOW_S + 600,
  jti: "j1",
};
const HEADER = { alg: "RS256", kid: "k1", typ: "at+jwt" };

async function verdictOf(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, with_ = rule()) {
  const token = await jwsOf(signer, { ...HEADER, ...header }, { ...CLAIMS, ...claims });
  return await verifyExternalToken(token, { rule: with_, jwks }, { nowMs: NOW_S * 1000 });
}
async function fault(...args: Parameters<typeof verdictOf>): Promise<string> {
  const verdict = await verdictOf(...args);
  return verdict.ok ? "accepted" : verdict.fault;
}

describe("an external token", () => {
  it("becomes an identity of the rule's tenant, then a principal in its jurisdiction", async () => {
    const verdict = await verdictOf();
    if (!verdict.ok) throw new Error(verdict.fault);
    expect(verdict.identity).toMatchObject({
      tenant: "acme",
      subject: "auth0|42",
      kind: "external",
      scopes: ["infer:small"],
      expiresAtMs: (NOW_S + 600) * 1000,
      confirmation: null,
    });
    expect(verdict.identity.account).toMatch(/^ext_[0-9a-f]{32}$/);
    expect(verdict.identity.credentialId).toMatch(/^external_[A-Za-z0-9_-]{43}$/);
    expect(externalPrincipal(verdict.identity, "eu").jurisdiction).toBe("eu");
  });
  it("keeps one account through all its tokens, and shares it with nobody", async () => {
    const accountOf = async (claims: Record<string, unknown>, over: Record<string, unknown> = {}) => {
      const verdict = await verdictOf({ ...claims, iss: over.issuer ?? ISSUER }, {}, rule(over));
      if (!verdict.ok) throw new Error(verdict.fault);
      return verdict.identity;
    };
    const first = await accountOf({});
    const second = await accountOf({ jti: "j2" });
    expect(second.account).toBe(first.account);
    expect(second.credentialId).not.toBe(first.credentialId);
    expect((await accountOf({ sub: "auth0|43" })).account).not.toBe(first.account);
    expect((await accountOf({}, { tenants: ["other"] })).account).not.toBe(first.account);
    expect((await accountOf({}, { issuer: "https://idp.test/realms/other" })).account).not.toBe(first.account);
  });
  it("is judged by issuer, audience, type, algorithm, life and subject", async () => {
    expect(await fault({ iss: `${ISSUER}/` })).toBe("issuer");
    expect(await fault({ aud: "client-of-another-app" })).toBe("audience");
    for (const typ of ["jwt", "dpop+jwt", "logout+jwt", undefined]) expect(await fault({}, { typ })).toBe("type");
    expect(await fault({}, { typ: undefined }, rule({ types: ["none"] }))).toBe("accepted");
    expect(await fault({}, { typ: "none" }, rule({ types: ["none"] }))).toBe("type");
    expect(await fault({}, {}, rule({ algorithms: ["ES256"] }))).toBe("algorithm");
    for (const alg of ["none", "HS256", "PS256"]) expect(await fault({}, { alg })).toBe("algorithm");
    expect(await fault({ exp: NOW_S + 3600 })).toBe("lifetime");
    expect(await fault({ iat: undefined })).toBe("claims");
    expect(await fault({ exp: undefined })).toBe("claims");
    expect(await fault({ exp: NOW_S - 30, iat: NOW_S - 60 })).toBe("expired");
    expect(await fault({ sub: undefined })).toBe("subject");
    expect(await fault({ sub: "s".repeat(257) })).toBe("subject");
  });
  it("is for an allowed party, where the rule names some", async () => {
    const parties = rule({ authorized_parties: ["app"] });
    expect(await fault({ azp: "app" }, {}, parties)).toBe("accepted");
    expect(await fault({ azp: "other" }, {}, parties)).toBe("authorized_party");
    expect(await fault({}, {}, parties)).toBe("accepted");
  });
  it("that is bound is refused unless its proof will be asked for", async () => {
    expect(await fault({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } })).toBe("confirmation");
    expect(await fault({ cnf: null })).toBe("confirmation");
  });
  it("brings no key, and no other issuer's key judges it", async () => {
    const evil = await anySigner("RS256", "k1");
    const token = await jwsOf(evil, { ...HEADER, jwk: without(evil.jwk, "kid") }, CLAIMS);
    expect(await verifyExternalToken(token, { rule: rule(), jwks }, { nowMs: NOW_S * 1000 })).toEqual({
      ok: false,
      fault: "signature",
    });
    expect(await fault({}, { jku: "https://evil.test/jwks" })).toBe("own_key");
  });
  it("of a key that is not there yet is the sign of a rotation; an expired or foreign one is not", async () => {
    expect(mayBeRotation((await fault({}, { kid: "k2" })) as ExternalFault)).toBe(true);
    for (const name of ["expired", "issuer", "audience", "malformed", "no_grant"] as const)
      expect(mayBeRotation(name)).toBe(false);
  });
  it("finds its rule by issuer and audience; none, or two, is none", async () => {
    const rules = [rule(), rule({ tenants: ["b"], audiences: ["b"] }), rule({ issuer: "https://other.test" })];
    const claimed = (audiences: string[], issuer = ISSUER) => ruleFor(rules, { issuer, audiences });
    expect(claimed(["x", "b"])?.tenants).toEqual(["b"]);
    expect(claimed(["b", "https://gateway.test"])).toBeNull();
    expect(claimed(["x"])).toBeNull();
    expect(claimed(["b"], "https://idp.test")).toBeNull();
    expect(claimedIssuer(await jwsOf(signer, HEADER, CLAIMS))).toEqual({
      issuer: ISSUER,
      audiences: ["https://gateway.test"],
    });
    for (const text of ["", "a.b.c", await jwsOf(signer, HEADER, { sub: "x" })]) expect(claimedIssuer(text)).toBeNull();
  });
});

describe("mapping", () => {
  const map = async (claims: Record<string, unknown>, over: Record<string, unknown> = {}) =>
    await mapClaims({ sub: "s", ...claims }, rule(over));
  const scopesOf = async (claims: Record<string, unknown>, grants: unknown[]) => {
    const mapping = await map(claims, { grants });
    return mapping.ok ? mapping.scopes : mapping.fault;
  };
  it("grants what holds, by equality and by membership, at any depth", async () => {
    const grants = [
      { when: [{ claim: "org", equals: "acme" }], scopes: ["infer:a"] },
      { when: [{ claim: "groups", contains: "ml" }], scopes: ["infer:b"] },
      {
        when: [
          { claim: ["realm_access", "roles"], contains: "op" },
          { claim: "org", equals: "acme" },
        ],
        scopes: ["operator:acme"],
      },
      { when: [{ claim: "https://acme.test/role", equals: "x.y" }], scopes: ["infer:c"] },
    ];
    expect(await scopesOf({ org: "acme" }, grants)).toEqual(["infer:a"]);
    expect(await scopesOf({ groups: ["x", "ml"] }, grants)).toEqual(["infer:b"]);
    expect(await scopesOf({ org: "acme", realm_access: { roles: ["op"] } }, grants)).toEqual([
      "infer:a",
      "operator:acme",
    ]);
    expect(await scopesOf({ "https://acme.test/role": "x.y" }, grants)).toEqual(["infer:c"]);
    for (const claims of [
      {},
      { org: ["acme"] },
      { groups: "ml" },
      { groups: "html" },
      { org: 1 },
      { realm_access: { roles: "op" } },
      { realm_access: null },
    ])
      expect(await scopesOf(claims, grants)).toBe("no_grant");
  });
  it("fills a model's name from a claim, but never a wider pattern, another scope or a role", async () => {
    const grants = [{ scopes: [`infer:${"$"}{team}-chat`] }];
    expect(await scopesOf({ team: "red" }, grants)).toEqual(["infer:red-chat"]);
    for (const team of ["*", "a*", "a:b", "a@b", "a/b", "a b", "", "a\nb", 1, null, ["red"], "é"])
      expect(await scopesOf({ team }, grants)).toBe("no_grant");
    expect(issuesOf({ grants: [{ scopes: [`admin:${"$"}{team}`] }] })).not.toEqual([]);
    expect(issuesOf({ grants: [{ scopes: [`${"$"}{scope}`] }] })).not.toEqual([]);
  });
  it("believes an e-mail address only if the issuer verified it", async () => {
    const grants = [{ when: [{ claim: "email", equals: "root@acme.test" }], scopes: ["admin:acme"] }];
    expect(await scopesOf({ email: "root@acme.test", email_verified: true }, grants)).toEqual(["admin:acme"]);
    for (const email_verified of [false, undefined, "true", 1])
      expect(await scopesOf({ email: "root@acme.test", email_verified }, grants)).toBe("no_grant");
    expect(await map({ email: "a@b.test" }, { account: `${"$"}{email}` })).toEqual({ ok: false, fault: "account" });
  });
  it("takes the account from what is text, and cuts its parts where the template does", async () => {
    for (const sub of [undefined, null, 1, ["s"], "", "a\u0000b", "a\u202eb", "s".repeat(257)])
      expect(await mapClaims({ sub }, rule())).toEqual({ ok: false, fault: "account" });
    const account = `${"$"}{a}-${"$"}{b}`;
    const one = await map({ a: "x-y", b: "z" }, { account });
    const two = await map({ a: "x", b: "y-z" }, { account });
    expect(one.ok && two.ok && one.account !== two.account).toBe(true);
  });
  it("does not look at what is not the claims' own", async () => {
    expect(await map({}, { account: `${"$"}{constructor}` })).toEqual({ ok: false, fault: "account" });
    expect(
      await scopesOf({}, [{ when: [{ claim: ["constructor", "name"], equals: "Object" }], scopes: ["infer:a"] }]),
    ).toBe("no_grant");
  });
});

describe("the wall between tenants", () => {
  it("no claim makes an issuer speak for a tenant that its rule does not name", async () => {
    const shared = { tenants: ["a", "b"], tenant: `${"$"}{org}` };
    const tenantOf = async (org: unknown) => {
      const mapping = await mapClaims({ sub: "s", org }, rule(shared));
      return mapping.ok ? mapping.tenant : mapping.fault;
    };
    expect(await tenantOf("a")).toBe("a");
    expect(await tenantOf("b")).toBe("b");
    for (const org of ["c", "system", "", "A", "a ", "*", "__proto__", ["a"], null, undefined])
      expect(await tenantOf(org)).toBe("tenant");
  });
  it("no claims whatever map beyond the rule's tenants, or to a role outside them (property)", async () => {
    const name = fc.constantFrom("a", "b", "c", "system");
    const both = rule({
      tenants: ["a", "b"],
      tenant: `${"$"}{org}`,
      grants: [
        { scopes: [`infer:${"$"}{team}`, "infer:small"] },
        { when: [{ claim: "groups", contains: "admins" }], scopes: ["admin:a", "operator:b"] },
      ],
    });
    const claims = fc.record({
      sub: fc.string(),
      org: fc.oneof(name, fc.string()),
      team: fc.string(),
      groups: fc.array(fc.constantFrom("admins", "x")),
    });
    await fc.assert(
      fc.asyncProperty(claims, async (all) => {
        const mapping = await mapClaims(all, both);
        if (!mapping.ok) return;
        expect(["a", "b"]).toContain(mapping.tenant);
        for (const scope of mapping.scopes) {
          expect(isScope(scope)).toBe(true);
          const role = roleOf(scope);
          if (role !== null) expect(role.tenant).toBe(mapping.tenant);
        }
      }),
    );
  }, 30_000);
  it("a rule with a role outside its tenants, or for all of them, is no rule", () => {
    for (const role of ["admin", "operator", "auditor", "admin:other", "auditor:system"])
      expect(issuesOf({ grants: [{ scopes: [role] }] })).toEqual(["grants.0.scopes"]);
    expect(issuesOf({ grants: [{ scopes: ["admin:acme"] }] })).toEqual([]);
    expect(issuesOf({ tenants: ["system"], grants: [{ scopes: ["admin", "auditor"] }] })).toEqual([]);
    expect(issuesOf({ tenants: ["system", "acme"], tenant: `${"$"}{t}`, grants: [{ scopes: ["admin"] }] })).toEqual([
      "grants.0.scopes",
    ]);
  });
});

describe("a rule", () => {
  it("names an https issuer, or one on this machine", () => {
    for (const url of [
      "https://idp.test",
      "https://idp.test:8443/a/b",
      "http://127.0.0.1:9/x",
      "http://localhost:3000",
      "http://[::1]:1",
    ])
      expect(isIssuerUrl(url)).toBe(true);
    for (const url of [
      "http://idp.test",
      "http://127.0.0.1.evil.test",
      "http://localhost.evil.test",
      "ftp://idp.test",
      "https://u:p@idp.test",
      "https://idp.test/#x",
      "https://idp.test#",
      "https://idp.test\\x",
      "https:idp.test",
      "https://",
      "idp.test",
      "",
      "https://idp.test/a b",
      "javascript:alert(1)",
    ])
      expect(isIssuerUrl(url)).toBe(false);
    expect(issuesOf({ issuer: "https://idp.test/?x" })).toEqual(["issuer"]);
  });
  it("says which of several tenants, allows no symmetric algorithm, and knows no other names", () => {
    expect(issuesOf({ tenants: ["a", "b"] })).toEqual(["tenant"]);
    expect(issuesOf({ algorithms: ["HS256"] })).toEqual(["algorithms.0"]);
    expect(issuesOf({ algorithms: ["none"] })).toEqual(["algorithms.0"]);
    expect(issuesOf({ audience: "x" })).toEqual([""]);
    expect(issuesOf({ audiences: [] })).toEqual(["audiences"]);
    expect(issuesOf({ account: `${"$"}{sub` })).toEqual(["account"]);
    expect(issuesOf({ max_lifetime_s: 86_401 })).toEqual(["max_lifetime_s"]);
  });
});

describe("discovery", () => {
  const judge = (document: unknown, over: Record<string, unknown> = {}) =>
    judgeDiscovery(typeof document === "string" ? document : JSON.stringify(document), rule(over));
  it("is asked for at OpenID's place, then at RFC 8414's", () => {
    expect(discoveryUrls(ISSUER)).toEqual([
      "https://idp.test/realms/acme/.well-known/openid-configuration",
      "https://idp.test/.well-known/oauth-authorization-server/realms/acme",
    ]);
    expect(discoveryUrls("https://idp.test")).toEqual([
      "https://idp.test/.well-known/openid-configuration",
      "https://idp.test/.well-known/oauth-authorization-server",
    ]);
  });
  it("names keys on the issuer's own host, or on one that policy names", () => {
    const at = (jwks_uri: unknown, over = {}) => {
      const verdict = judge({ issuer: ISSUER, jwks_uri }, over);
      return verdict.ok ? verdict.jwksUri : verdict.fault;
    };
    expect(at("https://idp.test/keys")).toBe("https://idp.test/keys");
    expect(at("https://keys.test/k", { jwks_hosts: ["keys.test"] })).toBe("https://keys.test/k");
    for (const url of [
      "https://keys.test/k",
      "https://idp.test:8443/k",
      "http://idp.test/k",
      "http://127.0.0.1/k",
      "https://idp.test@evil.test/k",
      "https://idp.test.evil.test/k",
      "/keys",
      "",
      null,
      ["https://idp.test/keys"],
      undefined,
    ])
      expect(at(url)).toBe("jwks_uri");
    expect(isKeyAddress("http://127.0.0.1:1/k", rule({ jwks_hosts: ["127.0.0.1:1"] }))).toBe(false);
    expect(isKeyAddress("http://127.0.0.1:1/k", rule({ issuer: "http://127.0.0.1:1" }))).toBe(true);
  });
  it("that speaks for another issuer, twice, too long or not in JSON is refused (mix-up)", () => {
    expect(judge({ issuer: `${ISSUER}/`, jwks_uri: "https://idp.test/k" })).toEqual({ ok: false, fault: "issuer" });
    expect(judge(`{"issuer":"https://evil.test","issuer":"${ISSUER}"}`)).toEqual({ ok: false, fault: "malformed" });
    for (const text of ["", "<html>", "[]", "null"]) expect(judge(text)).toEqual({ ok: false, fault: "malformed" });
    expect(judge(`{"x":"${"x".repeat(256 * 1024)}"}`)).toEqual({ ok: false, fault: "too_large" });
  });
});

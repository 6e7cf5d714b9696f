// Requests with tokens of external issuers: who is let in and as whom, the one ledger call that makes their ledger, and
// the attacks that an issuer's tokens invite.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { subjectRow } from "../../../durable-objects/account-ledger/credentials.ts";
import { subjectAccount } from "../../../identity/claims-mapping.ts";
import { parsePolicy } from "../../../policy/parse.ts";
import { subjectTerms } from "../../../policy/subjects.ts";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import { ledgerStub } from "../../../workers/gateway/ledger-client.ts";
import { bindings, COMPLETION, type Edge, POLICY, printed, upstream } from "./edge.ts";
import { recordsOf } from "./fake-audit.ts";
import { bearer, type Claims, edgeWith, Idp, newKey, ruleOf, serve } from "./idp.ts";

afterEach(() => vi.useRealTimers());

type RuleOver = Parameters<typeof ruleOf>[1];
type Tenants = Parameters<typeof edgeWith>[1];

async function world(over: RuleOver = {}, tenants: Tenants = {}) {
  printed();
  const idp = new Idp();
  idp.keys = [await newKey("a")];
  const { strays } = serve(idp);
  return { idp, strays, edge: await edgeWith([ruleOf(idp, over)], tenants) };
}

async function listed(edge: Edge, token: string, headers: Record<string, string> = {}): Promise<string> {
  const { response, code } = await edge.get("/v1/models", { ...bearer(token), ...headers });
  return code === null ? String(response.status) : `${response.status} ${code}`;
}

/** What policy makes of this subject: the account, and the object that is its ledger. */
async function subjectOf(edge: Edge, tenant: string, claims: Claims) {
  const read = await parsePolicy(edge.env.POLICY ?? "");
  if (!read.ok) throw new Error(read.issues.join());
  const [rule] = read.policy.issuers;
  const account = rule === undefined ? null : await subjectAccount(claims, tenant, rule);
  if (account === null) throw new Error("no account");
  const terms = subjectTerms(read.policy, tenant);
  return { account, terms, ledger: ledgerStub(bindings, terms.jurisdiction, account) };
}

const limits = (response: Response): string[] =>
  ["requests", "tokens"].map((unit) => response.headers.get(`x-ratelimit-limit-${unit}`) ?? "none");

describe("an external subject", () => {
  it("gets in by Bearer in any case and by x-api-key, as our own tokens do", async () => {
    const { idp, edge } = await world();
    const token = await idp.token();
    expect(await listed(edge, token)).toBe("200");
    expect((await edge.get("/v1/models", { authorization: `BEARER  ${token}` })).response.status).toBe(200);
    expect((await edge.fetch("/v1/models", { headers: { "x-api-key": token } })).response.status).toBe(200);
  });

  it("is served in one ledger call, the first of all included, under its tenant's default limits", async () => {
    const { idp, edge } = await world({}, { acme: { default_limits: { requests_per_minute: 60 } } });
    const { ledger } = await subjectOf(edge, "acme", { sub: "alice" });
    expect(await ledger.usage()).toBeNull();
    upstream(async (request) => (await idp.answer(request)) ?? Response.json(COMPLETION));
    const { response } = await edge.chat({}, bearer(await idp.token()));
    expect(response.status).toBe(200);
    expect(limits(response)[0]).toBe("60");
    expect(edge.calls).toEqual(["admit"]);
    expect(await ledger.usage()).toMatchObject({ tenant: "acme", limits: { requests_per_minute: 60 } });
  });

  it("leaves a record of a first request that is refused, under its account, and that too is one call", async () => {
    const { idp, edge } = await world();
    const { account } = await subjectOf(edge, "acme", { sub: "alice" });
    const { response, code } = await edge.post("{", bearer(await idp.token()));
    expect([response.status, code]).toEqual([400, "invalid_json"]);
    expect(edge.calls).toEqual(["refuse"]);
    const [record] = await recordsOf(response.headers.get("x-request-id"), 1);
    expect(record?.open).toMatchObject({ kind: "refusal", tenant: "acme", account });
    expect(record?.open).toMatchObject({ credential_id: expect.stringMatching(/^external_/) });
    expect(record?.personal).toMatchObject({ subject: "alice" });
  });

  it("has the limits of the policy in force: a change of the defaults holds from its next request", async () => {
    const { idp, edge } = await world({}, { acme: { default_limits: { requests_per_minute: 60 } } });
    const later = await edgeWith([ruleOf(idp)], { acme: { default_limits: { requests_per_minute: 6 } } });
    const token = await idp.token();
    expect(limits((await edge.get("/v1/models", bearer(token))).response)[0]).toBe("60");
    const { response } = await later.get("/v1/models", bearer(token));
    expect(limits(response)[0]).toBe("6");
    expect(await listed(later, token)).toBe("429 rate_limit_exceeded");
  });

  it("keeps one account through all its tokens, and another subject has another", async () => {
    const { idp, edge } = await world({}, { acme: { default_limits: { requests_per_minute: 6 } } });
    expect(await listed(edge, await idp.token())).toBe("200");
    expect(await listed(edge, await idp.token())).toBe("429 rate_limit_exceeded");
    expect(await listed(edge, await idp.token({ sub: "bob" }))).toBe("200");
  });

  it("lies in its tenant's jurisdiction, as policy has it", async () => {
    const { idp, edge } = await world({}, { acme: { jurisdiction: "eu", log: "acme" } });
    expect(await listed(edge, await idp.token())).toBe("200");
    const { account, ledger, terms } = await subjectOf(edge, "acme", { sub: "alice" });
    expect(terms).toMatchObject({ jurisdiction: "eu", log: "acme" });
    expect(await ledger.usage()).not.toBeNull();
    expect(await ledgerStub(bindings, "none", account).usage()).toBeNull();
  });

  it("that is revoked is 401 at its next request, with whatever token, until an administrator takes it back", async () => {
    const { idp, edge } = await world();
    const { account, terms, ledger } = await subjectOf(edge, "acme", { sub: "alice" });
    const token = await idp.token();
    expect(await listed(edge, token)).toBe("200");
    await ledger.revoke(account);
    expect(await listed(edge, token)).toBe("401 invalid_api_key");
    expect(await listed(edge, await idp.token())).toBe("401 invalid_api_key");
    expect((await edge.post("{", bearer(token))).response.status).toBe(401);
    await ledger.provision({ tenant: "acme", account, ...terms, credential: subjectRow(account, `${account}.2`) });
    expect(await listed(edge, token)).toBe("200");
  });

  it("can be shut out before it ever comes", async () => {
    const { idp, edge } = await world();
    const { account, terms, ledger } = await subjectOf(edge, "acme", { sub: "mallory" });
    await ledger.provision({ tenant: "acme", account, ...terms, credential: subjectRow(account) });
    await ledger.revoke(account);
    expect(await listed(edge, await idp.token({ sub: "mallory" }))).toBe("401 invalid_api_key");
    expect(await listed(edge, await idp.token())).toBe("200");
  });

  it("may do what its grants say, and a role opens no inference", async () => {
    const grants = [
      { when: [{ claim: "groups", contains: "ml" }], scopes: ["infer:small"] },
      { when: [{ claim: "groups", contains: "auditors" }], scopes: ["auditor:acme"] },
    ];
    const { idp, edge } = await world({ grants });
    upstream(async (request) => (await idp.answer(request)) ?? Response.json(COMPLETION));
    const ml = bearer(await idp.token({ groups: ["ml"] }));
    expect((await edge.chat({}, ml)).response.status).toBe(200);
    expect((await edge.chat({ model: "cloud" }, ml)).code).toBe("model_not_granted");
    expect(await listed(edge, await idp.token({ groups: ["auditors"] }))).toBe("403 permission_denied");
    expect(await listed(edge, await idp.token({ groups: [] }))).toBe("401 invalid_api_key");
  });

  it("with a bound token owes its proof (RFC 9449), and a stolen one is no bearer token", async () => {
    const { idp, edge } = await world();
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const token = await idp.token({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
    expect(await listed(edge, token)).toBe("401 invalid_api_key");
    const ath = toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(token))));
    const claims = { htm: "GET", htu: "https://gateway.example/v1/models", jti: crypto.randomUUID(), ath };
    const proof = await new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
      .setIssuedAt()
      .sign(privateKey);
    const headers = { authorization: `DPoP ${token}`, dpop: proof };
    expect((await edge.get("/v1/models", headers)).response.status).toBe(200);
    expect((await edge.get("/v1/models", headers)).response.status).toBe(401);
  });
});

describe("a failed external token", () => {
  it("counts against its client address; who is remembered is not shut out with it", async () => {
    const { idp, edge } = await world();
    const from = { "cf-connecting-ip": `198.18.0.${Math.floor(Math.random() * 250)}` };
    const good = await idp.token();
    expect(await listed(edge, good, from)).toBe("200");
    let answer = "";
    for (let i = 0; i < 400 && answer !== "429 too_many_failures"; i++)
      answer = await listed(edge, await idp.token({ aud: "https://gateway.example", exp: 1 }), from);
    expect(answer).toBe("429 too_many_failures");
    expect(await listed(edge, good, from)).toBe("200");
    expect(await listed(edge, await idp.token({ sub: "bob" }), from)).toBe("429 too_many_failures");
    expect(await listed(edge, await idp.token({ sub: "bob" }), { "cf-connecting-ip": "198.18.1.1" })).toBe("200");
  });

  it("says why in the log, once a minute, and nowhere else", async () => {
    const { idp, edge } = await world();
    const lines = printed();
    const token = await idp.token({ sub: "secret-subject" }, { typ: "jwt" });
    for (let i = 0; i < 5; i++) expect(await listed(edge, token)).toBe("401 invalid_api_key");
    const said = lines.filter((line) => line.includes("external_token_refused"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('\\"fault\\":\\"type\\"');
    expect(lines.join()).not.toContain("secret-subject");
  });
});

describe("attacks", () => {
  const refused: [string, (idp: Idp) => [Claims, Claims]][] = [
    ["another audience", () => [{ aud: "https://app.example" }, {}]],
    ["no audience", () => [{ aud: undefined }, {}]],
    ["an issuer with a slash more", (idp) => [{ iss: `${idp.issuer}/` }, {}]],
    ["an issuer in other case", (idp) => [{ iss: idp.issuer.replace("https", "HTTPS") }, {}]],
    ["an issuer on another host", () => [{ iss: "https://evil.test/realms/acme" }, {}]],
    ["no issuer", () => [{ iss: undefined }, {}]],
    ["an ID token's type", () => [{}, { typ: "JWT" }]],
    ["a logout token's type", () => [{}, { typ: "logout+jwt" }]],
    ["no type", () => [{}, { typ: undefined }]],
    ["a key of its own", () => [{}, { jku: "https://evil.test/keys" }]],
    ["a critical extension", () => [{}, { crit: ["x"], x: 1 }]],
    ["a life longer than the rule allows", () => [{ exp: Math.floor(Date.now() / 1000) + 7200 }, {}]],
    ["no expiry", () => [{ exp: undefined }, {}]],
    ["no subject", () => [{ sub: undefined }, {}]],
  ];
  it.each(refused)("%s is 401, and nothing but the issuer itself is ever fetched", async (_, of) => {
    const { idp, edge, strays } = await world();
    // `crit` cannot be signed with a library that keeps the rules; a forged signature would hide what is tested
    const [claims, header] = of(idp);
    const token = "crit" in header ? await criticalToken(idp) : await idp.token(claims, header);
    expect(await listed(edge, token)).toBe("401 invalid_api_key");
    expect(await listed(edge, await idp.token())).toBe("200");
    expect(strays).toEqual([]);
  });

  async function criticalToken(idp: Idp): Promise<string> {
    const [key] = idp.keys;
    if (key === undefined) throw new Error("no key");
    const part = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)));
    const [, payload = ""] = (await idp.token()).split(".");
    const input = `${part({ alg: "ES256", kid: key.kid, typ: "at+jwt", crit: ["x"], x: 1 })}.${payload}`;
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.secret, utf8(input));
    return `${input}.${toBase64Url(new Uint8Array(signature))}`;
  }

  it("an algorithm that the rule does not list is 401, though the issuer publishes a key for it", async () => {
    const { idp, edge } = await world({ algorithms: ["ES256"] });
    const rsa = await newKey("rsa", "RS256");
    idp.keys = [...idp.keys, rsa];
    expect(await listed(edge, await idp.token({}, {}, rsa))).toBe("401 invalid_api_key");
    expect(await listed(edge, await idp.token())).toBe("200");
  });

  it("one trusted issuer's key cannot speak for another (mix-up)", async () => {
    printed();
    const [a, b] = [new Idp(), new Idp("https://other.test")];
    a.keys = [await newKey("k")];
    b.keys = [await newKey("k")];
    serve(a, b);
    const edge = await edgeWith([ruleOf(a), ruleOf(b, { tenants: ["beta"] })]);
    expect(await listed(edge, await b.token({ iss: a.issuer }))).toBe("401 invalid_api_key");
    expect(await listed(edge, await a.token({ iss: b.issuer }))).toBe("401 invalid_api_key");
    expect(await listed(edge, await a.token())).toBe("200");
    expect(await listed(edge, await b.token())).toBe("200");
  });

  it("a tenant's issuer never mints for another tenant, whatever its tokens claim", async () => {
    const { idp, edge } = await world({ tenants: ["acme", "beta"], tenant: `${"$"}{org}` });
    expect(await listed(edge, await idp.token({ org: "acme" }))).toBe("200");
    for (const org of ["gamma", "system", "*", "", ["acme"], undefined])
      expect(await listed(edge, await idp.token({ org }))).toBe("401 invalid_api_key");
    const only = await world({ tenants: ["acme"] });
    const { ledger } = await subjectOf(only.edge, "acme", { sub: "alice" });
    expect(await listed(only.edge, await only.idp.token({ tenant: "beta", org: "beta", account: "acct_1" }))).toBe(
      "200",
    );
    expect(await ledger.usage()).toMatchObject({ tenant: "acme" });
  });

  it("a rule that names our own issuer is none: our tokens are judged by our keys alone", async () => {
    printed();
    const idp = new Idp("https://issuer.example");
    idp.keys = [await newKey("a")];
    serve(idp);
    const edge = await edgeWith([ruleOf(idp)]);
    expect(await listed(edge, await idp.token())).toBe("401 invalid_api_key");
    expect(await listed(edge, await edge.token())).toBe("200");
    expect(idp.asked).toEqual([]);
  });

  it("an own token for a subject's account is 401: its row vouches for its issuer's tokens alone", async () => {
    const { idp, edge } = await world();
    expect(await listed(edge, await idp.token())).toBe("200");
    const { account } = await subjectOf(edge, "acme", { sub: "alice" });
    Object.assign(edge, { account });
    expect(await listed(edge, await edge.token())).toBe("401 invalid_api_key");
    expect(await listed(edge, await edge.token({ jti: account }))).toBe("401 invalid_api_key");
  });

  it("a policy without issuers looks at no foreign token and fetches nothing", async () => {
    printed();
    const idp = new Idp();
    idp.keys = [await newKey("a")];
    serve(idp);
    expect(POLICY.issuers).toBeUndefined();
    expect(await listed(await edgeWith([]), await idp.token())).toBe("401 invalid_api_key");
    expect(idp.asked).toEqual([]);
  });
});

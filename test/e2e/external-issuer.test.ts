// A real OpenID provider as an external issuer, its tokens at the gateway of the production shape: the five points of the
// field case `auth-jwks-rotation-and-stampede`, attacks, and what an administrator does to a subject. The tests of one
// describe run in order: the provider and the gateway's memory of it are theirs together.
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyInput } from "../../policy/schema.ts";
import { type FaultUpstream, startFaultUpstream } from "../support/fault-upstream.ts";
import { forgetState, npmStart, type Started, stateWithFaults } from "../support/npm-start.ts";
import { type KeyFault, type OidcProvider, startOidcProvider } from "../support/oidc-provider.ts";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { admin, sdk, type Target } from "./contract/target.ts";

const AUDIENCE = "https://bartizan.test";
/** An audience whose rule lets a withdrawn key live for three seconds at most. */
const SHORT_LIVED = "https://bartizan.test/short";
const AGE_S = 3;
/** One audience, and so one copy of the keys, for each way in which their endpoint fails. */
const FAULTS = ["500", "html", "text", "huge", "redirect", "hang"] as const satisfies readonly KeyFault[];
const FIRST_AGE_S = 12;
const audienceOf = (fault: KeyFault): string => `${AUDIENCE}/${fault}`;

function withIssuer(policy: PolicyInput, issuer: string): PolicyInput {
  const rule = {
    issuer,
    tenants: ["demo", "other"],
    tenant: `${"$"}{org}`,
    grants: [{ when: [{ claim: "groups", contains: "ml" }], scopes: ["infer:*"] }],
  };
  return {
    ...policy,
    tenants: { ...policy.tenants, demo: { default_limits: { requests_per_minute: 6000 } } },
    issuers: [
      { ...rule, audiences: [AUDIENCE] },
      { ...rule, audiences: [SHORT_LIVED], max_key_age_s: AGE_S },
      ...FAULTS.map((fault, index) => ({
        ...rule,
        audiences: [audienceOf(fault)],
        max_key_age_s: FIRST_AGE_S + index,
      })),
    ],
  };
}

const ML = { org: "demo", groups: ["ml"] };

describe("an external issuer, before three Workers", () => {
  let provider: OidcProvider;
  let deployment: ThreeWorkers;
  let target: Target;

  beforeAll(async () => {
    provider = await startOidcProvider();
    deployment = await startThreeWorkers((policy) => withIssuer(policy, provider.issuer));
    ({ target } = deployment);
  });
  afterAll(async () => {
    await deployment?.stop();
    await provider?.stop();
  });

  /** A client address of its own for each token that fails: the limit on failures is another matter. */
  let addresses = 0;
  const ask = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${target.url}/v1/models`, {
      headers: {
        authorization: `Bearer ${token}`,
        "cf-connecting-ip": `198.51.${(++addresses >> 8) % 256}.${addresses % 256}`,
        ...headers,
      },
    });
  const statusOf = async (token: string): Promise<number> => (await ask(token)).status;

  it("(1) fifty requests at once on a cold isolate make one fetch of its keys, and all get in", async () => {
    const token = await provider.token("alice", AUDIENCE, ML);
    const answers = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(provider.fetched).toMatchObject({ discovery: 1, keys: 1 });
  });

  it("serves the OpenAI SDK, streams included, under the tenant's default limits", async () => {
    const client = sdk(target, await provider.token("alice", AUDIENCE, ML));
    const messages = [{ role: "user" as const, content: "ok" }];
    const whole = await client.chat.completions.create({ model: target.faultModel, messages });
    expect(whole.choices[0]?.message.content).toBe("One two three");
    const stream = await client.chat.completions.create({ model: target.faultModel, messages, stream: true });
    let text = "";
    for await (const part of stream) text += part.choices[0]?.delta.content ?? "";
    expect(text).toBe("One two three");
    const response = await ask(await provider.token("alice", AUDIENCE, ML));
    expect(response.headers.get("ratelimit-policy")).toContain('"requests_per_minute";q=6000');
  });

  it("lets nothing in that is wrong in one thing, and fetches nothing for it", async () => {
    const good = { sub: "alice", aud: AUDIENCE, ...ML };
    expect(await statusOf(await provider.forge({}, good))).toBe(200);
    const before = { ...provider.fetched };
    const wrong: [string, Record<string, unknown>, Record<string, unknown>][] = [
      ["audience", {}, { aud: "https://app.example" }],
      ["type", { typ: "JWT" }, {}],
      ["no type", { typ: undefined }, {}],
      ["issuer with a slash", {}, { iss: `${provider.issuer}/` }],
      ["issuer on another host", {}, { iss: "https://evil.example" }],
      ["expired", {}, { iat: 1000, exp: 2000 }],
      ["no expiry", {}, { exp: undefined }],
      ["a tenant that the rule does not name", {}, { org: "system" }],
      ["no tenant", {}, { org: undefined }],
      ["no grant", {}, { groups: ["marketing"] }],
      ["a key of its own", { jku: "https://evil.example/keys" }, {}],
    ];
    for (const [name, header, claims] of wrong)
      expect(await statusOf(await provider.forge(header, { ...good, ...claims })), name).toBe(401);
    const { privateKey } = await generateKeyPair("PS384");
    const other = await new SignJWT({ ...good, iss: provider.issuer })
      .setProtectedHeader({ alg: "PS384", kid: "key-1", typ: "at+jwt" })
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
    expect(await statusOf(other), "algorithm").toBe(401);
    expect(provider.fetched).toEqual(before);
  });

  it("(2) a rotation is picked up by the first token of the new key: one forced refresh, then 200", async () => {
    const old = await provider.token("alice", AUDIENCE, ML);
    await provider.rotate();
    const before = provider.fetched.keys;
    const fresh = await provider.token("alice", AUDIENCE, ML);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => statusOf(fresh))))).toEqual(new Set([200]));
    expect(provider.fetched.keys - before).toBe(1);
    // and what the key signed that went is gone with it, remembered or not
    expect(await statusOf(old)).toBe(401);
  });

  it("(3) a thousand tokens with invented kids make no more fetches than there are cool-downs", async () => {
    const before = provider.fetched.keys;
    const startedAtMs = Date.now();
    const good = await provider.token("alice", AUDIENCE, ML);
    const statuses = new Set<number>();
    for (let sent = 0; sent < 1000; sent += 50)
      for (const response of await Promise.all(
        Array.from({ length: 50 }, async () => {
          const claims = { sub: "alice", aud: AUDIENCE, ...ML };
          return await ask(await provider.forge({ kid: crypto.randomUUID() }, claims));
        }),
      ))
        statuses.add(response.status);
    expect(statuses).toEqual(new Set([401]));
    expect(await statusOf(good)).toBe(200);
    expect(provider.fetched.keys - before).toBeLessThanOrEqual(Math.ceil((Date.now() - startedAtMs) / 30_000));
  });

  it("a flood from one address is cut off with 429, and whoever is remembered still gets in from there", async () => {
    const from = { "cf-connecting-ip": "203.0.113.77" };
    const good = await provider.token("alice", AUDIENCE, ML);
    expect((await ask(good, from)).status).toBe(200);
    let last = 0;
    for (let i = 0; i < 2000 && last !== 429; i++)
      last = (await ask(await provider.forge({ kid: `k${i}` }, { aud: AUDIENCE, ...ML }), from)).status;
    expect(last).toBe(429);
    expect((await ask(good, from)).status).toBe(200);
  });

  it("(4) while its endpoint fails, cached keys go on, and an unknown kid is 401 or 503, never 500", async () => {
    for (const fault of FAULTS) {
      const token = await provider.token("alice", audienceOf(fault), ML);
      expect(await statusOf(token), fault).toBe(200);
    }
    // until a refresh of each is due; none is at its maximum age yet
    await new Promise((resolve) => setTimeout(resolve, (FIRST_AGE_S / 2) * 1000));
    for (const fault of FAULTS) {
      provider.fault = fault;
      const before = provider.fetched.keys;
      expect(await statusOf(await provider.token("alice", audienceOf(fault), ML)), fault).toBe(200);
      const unknown = await provider.forge({ kid: "unknown" }, { aud: audienceOf(fault), sub: "alice", ...ML });
      expect([401, 503], fault).toContain(await statusOf(unknown));
      expect(await statusOf(await provider.token("alice", audienceOf(fault), ML)), fault).toBe(200);
      await expect.poll(() => provider.fetched.keys - before, { timeout: 5000 }).toBeGreaterThan(0);
    }
    expect(provider.fetched.redirected).toBe(0);
    provider.fault = null;
  });

  it("(5) a withdrawn key is refused after the age that policy sets, though its endpoint is down", async () => {
    const token = await provider.token("alice", SHORT_LIVED, ML);
    expect(await statusOf(token)).toBe(200);
    provider.fault = "500";
    await provider.rotate();
    expect(await statusOf(token)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, AGE_S * 1000));
    const refused = await ask(token);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ error: { code: "issuer_unavailable" } });
    // the endpoint is back, without that key
    provider.fault = null;
    await expect.poll(() => statusOf(token), { timeout: 40_000, interval: 500 }).toBe(401);
    expect(await statusOf(await provider.token("alice", SHORT_LIVED, ML))).toBe(200);
  });

  it("an administrator shuts a subject out by what it is called, at its next request, and lets it in again", async () => {
    const token = await provider.token("mallory", SHORT_LIVED, ML);
    const mallory = { tenant: "demo", issuer: provider.issuer, claims: { sub: "mallory" } };
    const act = async (verb: string): Promise<Record<string, unknown>> => {
      const response = await admin(target, "POST", `/subjects/${verb}`, mallory);
      expect(response.status).toBe(200);
      return (await response.json()) as Record<string, unknown>;
    };
    // before it ever came
    expect(await act("revoke")).toMatchObject({ revoked: true, last_used_at: null });
    expect(await statusOf(token)).toBe(401);
    const { account } = await act("restore");
    expect(await statusOf(token)).toBe(200);
    expect(await act("find")).toMatchObject({ account, revoked: false, limits: { requests_per_minute: 6000 } });
    const byAccount = await admin(target, "POST", "/subjects/revoke", { tenant: "demo", account });
    expect(byAccount.status).toBe(200);
    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await provider.token("alice", SHORT_LIVED, ML))).toBe(200);
    const elsewhere = await admin(target, "POST", "/subjects/revoke", { tenant: "other", account });
    expect(elsewhere.status).toBe(404);
  });

  it("opens no administration and no log, whatever it claims", async () => {
    const token = await provider.forge({}, { aud: AUDIENCE, scope: "admin auditor", roles: ["admin"], ...ML });
    for (const path of ["/admin/v1/keys", "/audit/v1/records"]) {
      const response = await fetch(target.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect(response.status, path).toBe(401);
    }
  });

  it("no token stands in what the Workers printed", () => {
    expect(deployment.logs.join("\n")).not.toMatch(/eyJ[A-Za-z0-9_-]{20}/);
  });
});

describe("an external issuer, before npm start", () => {
  let provider: OidcProvider;
  let faults: FaultUpstream;
  let state: string;
  let started: Started;

  beforeAll(async () => {
    [provider, faults] = await Promise.all([startOidcProvider(), startFaultUpstream()]);
    state = await stateWithFaults(faults, (policy) => withIssuer(policy, provider.issuer));
    started = await npmStart(state);
  });
  afterAll(async () => {
    await started?.stop();
    await Promise.all([provider?.stop(), faults?.stop()]);
    await forgetState(state);
  });

  it("its token is answered by the model, and one for another audience is 401", async () => {
    const models = (token: string) =>
      fetch(`${started.announcement.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
    const good = await models(await provider.token("alice", AUDIENCE, ML));
    expect(good.status).toBe(200);
    expect((await models(await provider.token("alice", "https://else.test", ML))).status).toBe(401);
  });
});

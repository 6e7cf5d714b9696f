// How clients prove who they are, and that nothing else does: RFC 6749, 7523, 8705, 9449, 9700.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  asserted,
  assertion,
  basic,
  certificate,
  dpop,
  GRANT,
  type KeyPair,
  keyPair,
  newClient,
  post,
} from "./oauth-support.ts";
import { claimsOf, close, inhabited, type Platform, randomText, send } from "./platform.ts";

let platform: Platform;
let admin: string;
let key: KeyPair;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  key = await keyPair("ES256", "k1");
});
afterEach(async () => await close(platform));

const token = async (form: Record<string, string>, sent = {}) => await post(platform, "/oauth/token", form, sent);
const make = async (over: Record<string, unknown>) => await newClient(platform, admin, over);
const refuses = async (json: Record<string, unknown>) =>
  (
    await send(platform, "POST", "/admin/v1/clients", {
      key: admin,
      json: { tenant: "demo", name: "n", scopes: ["embed:*"], ...json },
    })
  ).status;

describe("client_secret_post", () => {
  it("is off unless the client was registered with it, and then nothing else is on", async () => {
    const ordinary = await make({});
    const posting = await make({ token_endpoint_auth_method: "client_secret_post" });
    const inForm = (client: typeof ordinary) => ({
      ...GRANT,
      client_id: client.client_id,
      client_secret: client.client_secret,
    });
    expect((await token(inForm(ordinary))).json.error).toBe("invalid_client");
    expect((await token(inForm(posting))).status).toBe(200);
    const headers = { authorization: basic(posting.client_id, posting.client_secret) };
    expect((await token(GRANT, { headers })).json.error).toBe("invalid_client");
  });
});

describe("private_key_jwt", () => {
  const jwtClient = async (keys = [key.jwk]) =>
    await make({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys } });

  it("gives a token for an assertion of the client's own key, and there is no secret", async () => {
    const client = await jwtClient();
    expect(client).not.toHaveProperty("client_secret");
    const { status, json } = await token(asserted(await assertion(key, client.client_id, {}, { kid: "k1" })));
    expect([status, json.token_type]).toEqual([200, "Bearer"]);
    expect(claimsOf(json.access_token).client_id).toBe(client.client_id);
  });

  it("takes an assertion once, also of two that come at the same time", async () => {
    const client = await jwtClient();
    const form = asserted(await assertion(key, client.client_id));
    const answers = await Promise.all([token(form), token(form)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect((await token(form)).json.error).toBe("invalid_client");
  });

  it("takes another key, algorithm, audience, subject, time or type for none", async () => {
    const client = await jwtClient();
    const id = client.client_id;
    const now = Math.floor(Date.now() / 1000);
    const bad = {
      "another's key": await assertion(await keyPair("ES256"), id),
      "another client's name": await assertion(key, "client_other"),
      "another audience": await assertion(key, id, { aud: "https://elsewhere.test" }),
      "an audience beside ours": await assertion(key, id, { aud: ["https://control.test", "https://elsewhere.test"] }),
      "no audience": await assertion(key, id, { aud: undefined }),
      expired: await assertion(key, id, { exp: now - 60 }),
      "for too long": await assertion(key, id, { exp: now + 86_400 }),
      "without an end": await assertion(key, id, { exp: undefined }),
      "without jti": await assertion(key, id, { jti: undefined }),
      "issuer is not subject": await assertion(key, id, { iss: "client_other" }),
      "an access token's type": await assertion(key, id, {}, { typ: "at+jwt" }),
      "its own key along": await assertion(key, id, {}, { jwk: key.jwk }),
      "an unknown kid": await assertion(key, id, {}, { kid: "k2" }),
      garbage: "a.b.c",
    };
    for (const [name, jwt] of Object.entries(bad)) {
      const { status, json } = await token(asserted(jwt), {
        headers: { "cf-connecting-ip": `192.0.2.${name.length}` },
      });
      expect([name, status, json.error]).toEqual([name, 401, "invalid_client"]);
    }
  });

  it("refuses two methods at once, an assertion of another type, and another client_id beside", async () => {
    const client = await jwtClient();
    const id = client.client_id;
    const jwt = async () => await assertion(key, id);
    expect((await token({ ...asserted(await jwt()), client_secret: "x" })).json.error).toBe("invalid_request");
    const headers = { authorization: basic(id, "x") };
    expect((await token(asserted(await jwt()), { headers })).json.error).toBe("invalid_request");
    expect((await token({ ...asserted(await jwt()), client_assertion_type: "x" })).json.error).toBe("invalid_client");
    expect((await token({ ...asserted(await jwt()), client_id: "client_other" })).json.error).toBe("invalid_request");
    expect((await token({ ...asserted(await jwt()), client_id: id })).status).toBe(200);
  });

  it("tries every key of the client that fits where the assertion names none", async () => {
    const second = await keyPair("ES256", "k2");
    const client = await jwtClient([key.jwk, second.jwk]);
    expect((await token(asserted(await assertion(second, client.client_id)))).status).toBe(200);
  });

  it("registers public keys for signatures alone, and only with this method", async () => {
    const method = { token_endpoint_auth_method: "private_key_jwt" };
    const jwk = { ...key.jwk };
    for (const json of [
      method,
      { ...method, jwks: { keys: [] } },
      { ...method, jwks: { keys: [{ ...jwk, d: randomText(32) }] } },
      { ...method, jwks: { keys: [{ ...jwk, use: "enc" }] } },
      { ...method, jwks: { keys: [{ kty: "oct", k: randomText(32) }] } },
      { ...method, jwks: { keys: [jwk], extra: 1 } },
      { ...method, jwks_uri: "https://elsewhere.test/jwks" },
      { jwks: { keys: [jwk] } },
    ])
      expect([json, await refuses(json)]).toEqual([json, 400]);
  });
});

describe("a client with a certificate", () => {
  const DN = { token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=robot,O=Example" };

  it("gets a token bound to the certificate that the edge verified", async () => {
    const client = await make(DN);
    const { status, json } = await token({ ...GRANT, client_id: client.client_id }, { cf: certificate() });
    expect([status, json.token_type]).toEqual([200, "Bearer"]);
    expect(claimsOf(json.access_token).cnf).toEqual({
      "x5t#S256": btoa("\xab".repeat(32)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
    });
  });

  it("is not believed for a certificate that the edge did not verify, another's, or a header's word", async () => {
    const client = await make(DN);
    const form = { ...GRANT, client_id: client.client_id };
    for (const cf of [
      certificate({ certVerified: "FAILED:self signed certificate" }),
      certificate({ certVerified: "NONE" }),
      certificate({ certPresented: "0" }),
      certificate({ certRevoked: "1" }),
      certificate({ certSubjectDNRFC2253: "CN=robot,O=Example,C=XX" }),
      {},
    ])
      expect((await token(form, { cf })).json.error).toBe("invalid_client");
    const headers = {
      "cf-client-cert-verified": "true",
      "x-client-cert-dn": "CN=robot,O=Example",
      "ssl-client-verify": "SUCCESS",
    };
    expect((await token(form, { headers })).json.error).toBe("invalid_client");
  });

  it("may be known by the certificate's thumbprint, and by exactly that", async () => {
    const thumbprint = btoa("\xab".repeat(32)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const client = await make({ token_endpoint_auth_method: "tls_client_auth", "x5t#S256": [thumbprint] });
    const form = { ...GRANT, client_id: client.client_id };
    expect((await token(form, { cf: certificate() })).status).toBe(200);
    expect((await token(form, { cf: certificate({ certFingerprintSHA256: "cd".repeat(32) }) })).status).toBe(401);
  });

  it("with a secret, may have its tokens bound to a certificate as well, and gets no other", async () => {
    const client = await make({ tls_client_certificate_bound_access_tokens: true });
    const headers = { authorization: basic(client.client_id, client.client_secret) };
    expect((await token(GRANT, { headers })).json.error).toBe("invalid_request");
    const { json } = await token(GRANT, { headers, cf: certificate() });
    expect(claimsOf(json.access_token).cnf).toHaveProperty("x5t#S256");
  });

  it("is registered with one name and nothing that contradicts it", async () => {
    for (const json of [
      { token_endpoint_auth_method: "tls_client_auth" },
      { ...DN, "x5t#S256": ["A".repeat(43)] },
      { tls_client_auth_subject_dn: "CN=x" },
      { token_endpoint_auth_method: "tls_client_auth", "x5t#S256": ["not a thumbprint"] },
      { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
      { token_endpoint_auth_method: "none" },
    ])
      expect([json, await refuses(json)]).toEqual([json, 400]);
  });
});

describe("DPoP", () => {
  let client: Awaited<ReturnType<typeof make>>;
  let authorization: string;

  beforeEach(async () => {
    client = await make({ dpop_bound_access_tokens: true });
    authorization = basic(client.client_id, client.client_secret);
  });

  const withProof = async (proof: string, form = GRANT) =>
    await token(form, { headers: { authorization, dpop: proof } });
  const nonce = async (): Promise<string> => {
    const answer = await withProof(await dpop(key, "POST", "/oauth/token"));
    expect([answer.status, answer.json.error]).toEqual([400, "use_dpop_nonce"]);
    return answer.headers.get("dpop-nonce") ?? "";
  };

  it("binds the token to the proof's key, after a nonce of ours", async () => {
    const { status, json } = await withProof(await dpop(key, "POST", "/oauth/token", { nonce: await nonce() }));
    expect([status, json.token_type]).toEqual([200, "DPoP"]);
    expect(claimsOf(json.access_token).cnf).toEqual({ jkt: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it("that is wrong in any way gives no token, not a bearer token either", async () => {
    const good = await nonce();
    for (const proof of [
      await dpop(key, "GET", "/oauth/token", { nonce: good }),
      await dpop(key, "POST", "/oauth/revoke", { nonce: good }),
      await dpop(key, "POST", "/oauth/token", { nonce: good, iat: Math.floor(Date.now() / 1000) - 3600 }),
      "garbage",
      "",
    ])
      expect((await withProof(proof)).json.error).toBe("invalid_dpop_proof");
    const stale = await withProof(await dpop(key, "POST", "/oauth/token", { nonce: "A".repeat(30) }));
    expect(stale.json.error).toBe("use_dpop_nonce");
  });

  it("is good once", async () => {
    const proof = await dpop(key, "POST", "/oauth/token", { nonce: await nonce() });
    expect((await withProof(proof)).status).toBe(200);
    expect((await withProof(proof)).json.error).toBe("invalid_dpop_proof");
  });

  it("is not used up by someone who is not the client", async () => {
    const proof = await dpop(key, "POST", "/oauth/token", { nonce: await nonce() });
    const headers = { authorization: basic(client.client_id, "wrong"), dpop: proof };
    expect((await token(GRANT, { headers })).json.error).toBe("invalid_client");
    expect((await withProof(proof)).status).toBe(200);
  });

  it("does not use up an assertion where only the nonce was missing", async () => {
    const other = await make({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key.jwk] } });
    const form = asserted(await assertion(key, other.client_id));
    const first = await token(form, { headers: { dpop: await dpop(key, "POST", "/oauth/token") } });
    expect(first.json.error).toBe("use_dpop_nonce");
    const proof = await dpop(key, "POST", "/oauth/token", { nonce: first.headers.get("dpop-nonce") });
    expect((await token(form, { headers: { dpop: proof } })).status).toBe(200);
  });

  it("is demanded of a client that is registered for it, and open to any other", async () => {
    expect((await token(GRANT, { headers: { authorization } })).json.error).toBe("invalid_dpop_proof");
    const free = await make({});
    const headers = { authorization: basic(free.client_id, free.client_secret) };
    const proof = await dpop(key, "POST", "/oauth/token", { nonce: await nonce() });
    expect((await token(GRANT, { headers: { ...headers, dpop: proof } })).json.token_type).toBe("DPoP");
  });

  it("lets its holder administer, and whoever stole the token not", async () => {
    const robot = await make({ tenant: "system", scopes: ["admin"], dpop_bound_access_tokens: true });
    const headers = { authorization: basic(robot.client_id, robot.client_secret) };
    const proof = await dpop(key, "POST", "/oauth/token", { nonce: await nonce() });
    const { access_token } = (await token(GRANT, { headers: { ...headers, dpop: proof } })).json;
    const ath = btoa(
      String.fromCharCode(
        ...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(access_token))),
      ),
    )
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
    const ask = async (more: Record<string, string>) =>
      await send(platform, "GET", "/admin/v1/tenants", { headers: more });
    const shown = async (over: Record<string, unknown>, with_ = key) => ({
      authorization: `DPoP ${access_token}`,
      dpop: await dpop(with_, "GET", "/admin/v1/tenants", { ath, ...over }),
    });
    const first = await ask(await shown({}));
    expect([first.status, first.headers.get("www-authenticate")]).toEqual([
      401,
      'DPoP realm="bartizan", error="use_dpop_nonce", algs="ES256 EdDSA"',
    ]);
    const fresh = first.headers.get("dpop-nonce");
    const good = await shown({ nonce: fresh });
    expect((await ask(good)).status).toBe(200);
    // replayed, shown as a bearer token, with a thief's key, for another token
    expect((await ask(good)).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${access_token}` })).status).toBe(401);
    expect((await ask({ "x-api-key": access_token })).status).toBe(401);
    expect((await ask(await shown({ nonce: fresh }, await keyPair("ES256")))).status).toBe(401);
    expect((await ask(await shown({ nonce: fresh, ath: "A".repeat(43) }))).status).toBe(401);
    // and a bearer token is none for the scheme DPoP
    expect((await ask({ ...(await shown({ nonce: fresh })), authorization: `DPoP ${admin}` })).status).toBe(401);
  });
});

describe("guessing a client's secret", () => {
  it("is slowed to 429 with Retry-After from its address, and not from the client's own", async () => {
    const client = await make({});
    const from = (address: string, secret: string) =>
      token(GRANT, { headers: { authorization: basic(client.client_id, secret), "cf-connecting-ip": address } });
    let answer = await from("203.0.113.7", "wrong");
    for (let i = 0; i < 20 && answer.status === 401; i++) answer = await from("203.0.113.7", "wrong");
    expect([answer.status, answer.json.error]).toEqual([429, "temporarily_unavailable"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    // the right secret would tell from there that it is right
    expect((await from("203.0.113.7", client.client_secret)).status).toBe(429);
    expect((await from("192.0.2.1", client.client_secret)).status).toBe(200);
  });

  it("from an address that the client names in no header of its own", async () => {
    const client = await make({});
    const headers = (i: number) => ({
      authorization: basic(client.client_id, "wrong"),
      "cf-connecting-ip": "203.0.113.7",
      "x-forwarded-for": `198.51.100.${i}`,
    });
    const statuses = [];
    for (let i = 0; i < 20; i++) statuses.push((await token(GRANT, { headers: headers(i) })).status);
    expect(statuses).toContain(429);
  });
});

describe("a client that is bound to addresses", () => {
  it("gets a token from there alone", async () => {
    const client = await make({ allow_cidrs: ["192.0.2.0/24"] });
    const from = (address: string) =>
      token(GRANT, {
        headers: { authorization: basic(client.client_id, client.client_secret), "cf-connecting-ip": address },
      });
    expect((await from("192.0.2.9")).status).toBe(200);
    expect((await from("198.51.100.9")).json.error).toBe("invalid_client");
  });
});

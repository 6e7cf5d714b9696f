// The token endpoint: RFC 6749 (client credentials), RFC 9068, RFC 8414.
import { beforeEach, describe, expect, it } from "vitest";
import { importVerificationKeys } from "../../../identity/keys.ts";
import { verifyToken } from "../../../identity/tokens.ts";
import { calls } from "../key-directory/fakes.ts";
import { type Answer, AUDIENCE, claimsOf, ISSUER, inhabited, type Platform, randomText, send } from "./platform.ts";

let platform: Platform;
let admin: string;
let client: { client_id: string; client_secret: string; account: string; id: string };

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  const json = { tenant: "demo", name: "robot", scopes: ["infer:small", "embed:*"] };
  client = (await send(platform, "POST", "/admin/v1/clients", { key: admin, json })).json;
});

const basic = (id: string, secret: string): string => `Basic ${btoa(`${id}:${secret}`)}`;

async function token(
  form: string,
  authorization: string | null = basic(client.client_id, client.client_secret),
): Promise<Answer> {
  return await send(platform, "POST", "/oauth/token", {
    body: form,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(authorization === null ? {} : { authorization }),
    },
  });
}
const GRANT = "grant_type=client_credentials";

describe("a client", () => {
  it("is made with an account and a row of its own, and its secret is shown once", async () => {
    expect(calls.findLast(({ to }) => to === "gateway.provision")?.with).toMatchObject({
      account: client.account,
      credential: { id: client.client_id, kind: "client", scopes: ["infer:small", "embed:*"] },
    });
    const list = await send(platform, "GET", "/admin/v1/clients", { key: admin });
    expect(list.json.clients.map(({ id }: { id: string }) => id)).toEqual([client.client_id]);
    expect(list.text).not.toContain("secret");
    expect((await send(platform, "GET", "/admin/v1/keys?tenant=demo", { key: admin })).json.keys).toEqual([]);
  });
});

describe("POST /oauth/token", () => {
  it("answers with an access token of an hour that verifies as the client's", async () => {
    const { status, json, headers } = await token(GRANT);
    expect([status, json.token_type, json.expires_in, json.scope]).toEqual([
      200,
      "Bearer",
      3600,
      "infer:small embed:*",
    ]);
    expect(headers.get("cache-control")).toContain("no-store");
    const keys = await importVerificationKeys(platform.env.VERIFICATION_KEYS ?? "");
    expect(
      await verifyToken(json.access_token, keys, { issuer: ISSUER, audience: AUDIENCE, nowMs: Date.now() }),
    ).toMatchObject({
      ok: true,
      principal: { kind: "access_token", subject: client.client_id, account: client.account, tenant: "demo" },
    });
    expect(claimsOf(json.access_token)).toMatchObject({ client_id: client.client_id, iss: ISSUER, aud: AUDIENCE });
  });

  it("makes no two tokens with one jti", async () => {
    const jtis = await Promise.all([1, 2, 3].map(async () => claimsOf((await token(GRANT)).json.access_token).jti));
    expect(new Set(jtis).size).toBe(3);
  });

  it("narrows by scope and never widens", async () => {
    const scopeOf = async (scope: string) => {
      const { json } = await token(`${GRANT}&scope=${encodeURIComponent(scope)}`);
      return json.scope ?? json.error;
    };
    expect(await scopeOf("infer:small")).toBe("infer:small");
    expect(await scopeOf("embed:tiny@v1 infer:small")).toBe("embed:tiny@v1 infer:small");
    expect(await scopeOf("infer:small infer:small")).toBe("infer:small");
    expect(await scopeOf("")).toBe("infer:small embed:*");
    for (const scope of ["infer:*", "admin", "infer:small admin", "infer:small  embed:a", " infer:small", "openid"])
      expect([scope, await scopeOf(scope)]).toEqual([scope, "invalid_scope"]);
  });

  it("reads form-encoded credentials (section 2.3.1) and a scheme in any case", async () => {
    const encoded = (text: string) =>
      [...text].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
    const both = `${encoded(client.client_id)}:${encoded(client.client_secret)}`;
    expect((await token(GRANT, `bAsIc  ${btoa(both)}`)).status).toBe(200);
  });

  it("answers an unknown client, a wrong secret and a revoked client alike", async () => {
    const answers = [
      await token(GRANT, basic("client_none", client.client_secret)),
      await token(GRANT, basic(client.client_id, randomText(32))),
      await token(GRANT, basic("__proto__", "x")),
      await token(GRANT, basic(client.client_id.toUpperCase(), client.client_secret)),
    ];
    const other = await send(platform, "POST", "/admin/v1/clients", {
      key: admin,
      json: { tenant: "demo", name: "two", scopes: ["embed:*"] },
    });
    // one client's secret under another's name
    answers.push(await token(GRANT, basic(other.json.client_id, client.client_secret)));
    await send(platform, "DELETE", `/admin/v1/clients/${client.client_id}`, { key: admin });
    answers.push(await token(GRANT));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.json.error).toBe("invalid_client");
    expect(answers[0]?.headers.get("www-authenticate")).toContain("Basic");
  });

  it("refuses credentials that are absent, malformed or of another scheme as invalid_client", async () => {
    const { client_id: id, client_secret: secret } = client;
    for (const authorization of [
      null,
      "",
      "Basic",
      "Basic !!!",
      `Basic ${btoa(id)}`,
      `Basic ${btoa(`${id}:`)}`,
      `Basic ${btoa(`:${secret}`)}`,
      `Basic ${btoa(`${id}:${secret}%zz`)}`,
      `Basic ${btoa(`${id}:\xff`)}`,
      `Bearer ${admin}`,
      `Basic ${btoa(`${id}:${secret}`)}, Basic ${btoa(`${id}:${secret}`)}`,
      `Basic ${"A".repeat(8192)}`,
    ]) {
      const { status, json } = await token(GRANT, authorization);
      expect([authorization, status, json.error]).toEqual([authorization, 401, "invalid_client"]);
    }
  });

  it("takes the secret in the header alone", async () => {
    const form = `${GRANT}&client_id=${client.client_id}&client_secret=${client.client_secret}`;
    expect((await token(form, null)).json.error).toBe("invalid_client");
    expect((await token(form)).json.error).toBe("invalid_request");
    expect(
      (
        await send(platform, "POST", `/oauth/token?${form}`, {
          headers: { "content-type": "application/x-www-form-urlencoded" },
        })
      ).json.error,
    ).toBe("invalid_client");
  });

  it("names each other fault by its code (section 5.2)", async () => {
    for (const [form, error] of [
      ["", "invalid_request"],
      ["grant_type=", "invalid_request"],
      ["grant_type=password", "unsupported_grant_type"],
      ["grant_type=authorization_code&code=x", "unsupported_grant_type"],
      [`${GRANT}&${GRANT}`, "invalid_request"],
      [`${GRANT}&scope=infer:small&scope=embed:a`, "invalid_request"],
      [`${GRANT}&scope=&scope=infer:small`, "invalid_request"],
      [`${GRANT}&x=%zz`, "invalid_request"],
      [`${GRANT}&client_id=client_other`, "invalid_request"],
      [`${GRANT}&resource=https%3A%2F%2Fother.test`, "invalid_target"],
      [`${GRANT}&pad=${"x".repeat(64 * 1024)}`, "invalid_request"],
    ] as const) {
      const { status, json, headers } = await token(form);
      expect([form.slice(0, 60), status, json.error]).toEqual([form.slice(0, 60), 400, error]);
      expect(headers.get("cache-control")).toContain("no-store");
      expect(typeof json.error_description).toBe("string");
    }
    expect(
      (await token(`${GRANT}&unknown=1&client_id=${client.client_id}&resource=${encodeURIComponent(AUDIENCE)}`)).status,
    ).toBe(200);
    const headers = {
      authorization: basic(client.client_id, client.client_secret),
      "content-type": "application/json",
    };
    expect(
      (await send(platform, "POST", "/oauth/token", { body: `{"grant_type":"client_credentials"}`, headers })).json
        .error,
    ).toBe("invalid_request");
  });

  it("gives no token that outlives a narrowed client", async () => {
    await send(platform, "PATCH", `/admin/v1/clients/${client.client_id}`, {
      key: admin,
      json: { scopes: ["embed:*"] },
    });
    expect((await token(GRANT)).json.scope).toBe("embed:*");
    expect((await token(`${GRANT}&scope=infer:small`)).json.error).toBe("invalid_scope");
  });
});

describe("metadata", () => {
  it("names the issuer and its endpoints (RFC 8414), and may be cached", async () => {
    const { json, headers } = await send(platform, "GET", "/.well-known/oauth-authorization-server");
    expect(json).toMatchObject({
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/oauth/token`,
      introspection_endpoint: `${ISSUER}/oauth/introspect`,
      revocation_endpoint: `${ISSUER}/oauth/revoke`,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      grant_types_supported: ["client_credentials"],
      tls_client_certificate_bound_access_tokens: true,
      response_types_supported: [],
    });
    const methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"];
    expect(json.token_endpoint_auth_methods_supported).toEqual(methods);
    for (const path of ["token", "introspect", "revoke"])
      expect((await send(platform, "POST", `/oauth/${path}`)).status).toBe(400);
    expect(headers.get("cache-control")).toBe("public, max-age=300");
  });

  it("publishes public keys alone (RFC 7517)", async () => {
    const { json, headers } = await send(platform, "GET", "/.well-known/jwks.json");
    expect(headers.get("content-type")).toBe("application/jwk-set+json");
    expect(json.keys.map(({ kid }: { kid: string }) => kid)).toEqual(["api-1", "at-1"]);
    for (const key of json.keys) expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });
});

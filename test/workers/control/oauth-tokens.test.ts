// Introspection (RFC 7662), revocation (RFC 7009), and what the log holds of tokens.
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calls, failing, logs, told } from "../key-directory/fakes.ts";
import { basic, dpop, GRANT, keyPair, newClient, post } from "./oauth-support.ts";
import { type Answer, AUDIENCE, claimsOf, close, ISSUER, inhabited, type Platform, send } from "./platform.ts";

let platform: Platform;
let admin: string;
let client: Answer["json"];
let authorization: string;
let accessToken: string;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  client = await newClient(platform, admin);
  authorization = basic(client.client_id, client.client_secret);
  accessToken = await granted(client);
  calls.length = 0;
});
afterEach(async () => await close(platform));

async function granted(of: Answer["json"], headers: Record<string, string> = {}): Promise<string> {
  const own = basic(of.client_id, of.client_secret);
  const { json } = await post(platform, "/oauth/token", GRANT, { headers: { authorization: own, ...headers } });
  return json.access_token;
}

const introspect = async (token: string, by: string | null = authorization): Promise<Answer> =>
  await post(platform, "/oauth/introspect", { token }, by === null ? {} : { headers: { authorization: by } });
const revoke = async (token: string, by: string | null = authorization): Promise<Answer> =>
  await post(platform, "/oauth/revoke", { token }, by === null ? {} : { headers: { authorization: by } });

describe("POST /oauth/introspect", () => {
  it("tells a client of the same tenant, and an administrator, what a good token is", async () => {
    const claims = claimsOf(accessToken);
    for (const by of [authorization, `Bearer ${admin}`]) {
      const { status, json, headers } = await introspect(accessToken, by);
      expect([status, json]).toEqual([
        200,
        {
          active: true,
          scope: "infer:small embed:*",
          client_id: client.client_id,
          sub: client.client_id,
          token_type: "Bearer",
          exp: claims.exp,
          iss: ISSUER,
          aud: AUDIENCE,
          jti: claims.jti,
          tenant: "demo",
          account: client.account,
        },
      ]);
      expect(headers.get("cache-control")).toContain("no-store");
    }
  });

  it("says nothing of a token that is not good, or that is another tenant's", async () => {
    const json = { tenant: "demo", name: "n", scopes: ["infer:*"] };
    const { json: key } = await send(platform, "POST", "/admin/v1/keys", { key: admin, json });
    expect((await introspect(key.key)).json).toMatchObject({ active: true, client_id: key.id });
    await send(platform, "DELETE", `/admin/v1/keys/${key.id}`, { key: admin });
    const other = await inhabited();
    for (const token of ["garbage", `${accessToken.slice(0, -4)}AAAA`, key.key, other.admin, admin]) {
      const { status, text } = await introspect(token);
      expect([status, text]).toEqual([200, '{"active":false}']);
    }
    await close(other.platform);
  });

  it("shows what a narrowed credential has left of its token's scope", async () => {
    await send(platform, "PATCH", `/admin/v1/clients/${client.client_id}`, {
      key: admin,
      json: { scopes: ["embed:*"] },
    });
    expect((await introspect(accessToken)).json.scope).toBe("embed:*");
  });

  it("shows what a bound token is bound to", async () => {
    const key = await keyPair();
    const first = await post(platform, "/oauth/token", GRANT, {
      headers: { authorization, dpop: await dpop(key, "POST", "/oauth/token") },
    });
    const nonce = first.headers.get("dpop-nonce");
    const token = await granted(client, { dpop: await dpop(key, "POST", "/oauth/token", { nonce }) });
    expect((await introspect(token)).json).toMatchObject({
      active: true,
      token_type: "DPoP",
      cnf: claimsOf(token).cnf,
    });
  });

  it("answers nobody who does not say who he is", async () => {
    const wrong = basic(client.client_id, "wrong");
    for (const by of [null, wrong, "Basic", "Negotiate x"])
      expect((await introspect(accessToken, by)).status).toBe(401);
    // an inference token is no administrator's
    expect((await introspect(accessToken, `Bearer ${accessToken}`)).status).toBe(403);
    expect((await post(platform, "/oauth/introspect", {}, { headers: { authorization } })).status).toBe(400);
  });
});

describe("POST /oauth/revoke", () => {
  it("ends a token of one's own, at gateway, then audit, before it answers", async () => {
    const { status, text } = await revoke(accessToken);
    expect([status, text]).toEqual([200, ""]);
    const { jti, exp } = claimsOf(accessToken);
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
    expect(calls.find(({ to }) => to === "gateway.revoke")?.with).toEqual({
      ...{ jurisdiction: "none", account: client.account, credentialId: jti, expiresAtMs: Number(exp) * 1000 },
    });
    expect((await introspect(accessToken)).text).toBe('{"active":false}');
    // another token of the same client goes on
    expect((await introspect(await granted(client))).json.active).toBe(true);
  });

  it("does not end another's token, an API key or what is no token, and does not say so", async () => {
    const thief = await newClient(platform, admin);
    const by = basic(thief.client_id, thief.client_secret);
    for (const token of [accessToken, admin, "garbage"]) {
      const { status, text } = await revoke(token, by);
      expect([status, text]).toEqual([200, ""]);
    }
    expect(told().filter((to) => to.endsWith("revoke"))).toEqual([]);
    expect((await introspect(accessToken)).json.active).toBe(true);
  });

  it("stops an administrator's token at once", async () => {
    const robot = await newClient(platform, admin, { tenant: "system", scopes: ["admin"] });
    const token = await granted(robot);
    expect((await send(platform, "GET", "/admin/v1/tenants", { key: token })).status).toBe(200);
    await revoke(token, basic(robot.client_id, robot.client_secret));
    expect((await send(platform, "GET", "/admin/v1/tenants", { key: token })).status).toBe(401);
  });

  it("says that it did not happen yet where the ledger cannot be told, and the alarm tells it", async () => {
    failing.add("gateway.revoke");
    const { status, json, headers } = await revoke(accessToken);
    expect([status, json.error, headers.get("retry-after")]).toEqual([503, "temporarily_unavailable", "1"]);
    failing.clear();
    calls.length = 0;
    await runDurableObjectAlarm(platform.directory);
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
  });

  it("answers nobody who does not say who he is", async () => {
    for (const by of [null, basic(client.client_id, "wrong"), `Bearer ${admin}`])
      expect((await revoke(accessToken, by)).status).toBe(401);
  });
});

describe("the audit log", () => {
  it("holds the issuance and the revocation of each token, by its jti, and no token", async () => {
    await revoke(accessToken);
    await runDurableObjectAlarm(platform.directory);
    const { jti } = claimsOf(accessToken);
    const acts =
      logs.get("default")?.map(({ open }) => (open.kind === "admin" ? [open.action, open.target] : [])) ?? [];
    expect(acts).toContainEqual(["token.issue", jti]);
    expect(acts).toContainEqual(["token.revoke", jti]);
    expect(JSON.stringify(logs.get("default"))).not.toContain(accessToken.split(".")[2]);
  });
});

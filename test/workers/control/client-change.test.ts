// Clients that are changed: what holds from the next call on, what a leaked secret is then worth, what is refused whole.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calls, failing, logs } from "../key-directory/fakes.ts";
import { asserted, assertion, basic, certificate, GRANT, keyPair, newClient, post } from "./oauth-support.ts";
import { type Answer, claimsOf, close, inhabited, type Platform, randomText, type Sent, send } from "./platform.ts";
import type { Wire } from "./wire.ts";

let platform: Platform;
let admin: string;
let client: Wire;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  client = await newClient(platform, admin);
  calls.length = 0;
});
afterEach(async () => await close(platform));

const ask = async (method: string, path: string, json?: unknown): Promise<Answer> =>
  await send(platform, method, `/admin/v1/clients/${client.client_id}${path}`, { key: admin, json });
const patch = async (json: unknown): Promise<Answer> => await ask("PATCH", "", json);
const token = async (form: Record<string, string>, sent: Sent = {}): Promise<Answer> =>
  await post(platform, "/oauth/token", form, sent);
let address = 1;
/** From an address of its own: this is not about slowing anyone down. */
const bySecret = async (secret: string, form: Record<string, string> = GRANT): Promise<Answer> =>
  await token(form, {
    headers: { authorization: basic(client.client_id, secret), "cf-connecting-ip": `192.0.2.${address++ % 250}` },
  });

describe("PATCH /admin/v1/clients/{id}", () => {
  it("changes name, limits, addresses and narrows scopes, at the ledger before it answers", async () => {
    const { status, json } = await patch({
      ...{ name: "renamed", limits: { concurrency: 1 }, allow_cidrs: ["192.0.2.0/24"], scopes: ["embed:*"] },
    });
    expect([status, json]).toMatchObject([200, { client_id: client.client_id, name: "renamed", scopes: ["embed:*"] }]);
    expect(json.limits).toEqual({ ...client.limits, concurrency: 1 });
    expect(calls.find(({ to }) => to === "gateway.change")?.with).toMatchObject({
      ...{ credential_id: client.client_id, scopes: ["embed:*"], allow_cidrs: ["192.0.2.0/24"] },
    });
    const granted = await bySecret(client.client_secret);
    expect(claimsOf(granted.json.access_token).scope).toBe("embed:*");
    expect((await bySecret(client.client_secret, { ...GRANT, scope: "infer:small" })).json.error).toBe("invalid_scope");
    expect(
      (
        await token(GRANT, {
          headers: { authorization: basic(client.client_id, client.client_secret), "cf-connecting-ip": "198.51.100.1" },
        })
      ).status,
    ).toBe(401);
    expect((await ask("GET", "")).json).toMatchObject(json);
    expect(json).not.toHaveProperty("client_secret");
  });

  it("takes a client over to a key of its own: its secret opens nothing from then on, and is erased", async () => {
    const key = await keyPair("ES256", "k1");
    const change = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key.jwk] } };
    const { status, json } = await patch(change);
    expect([status, json.token_endpoint_auth_method, json.jwks]).toEqual([200, "private_key_jwt", change.jwks]);
    expect((await token(asserted(await assertion(key, client.client_id)))).status).toBe(200);
    expect((await bySecret(client.client_secret)).json.error).toBe("invalid_client");
    const rows = await runInDurableObject(platform.directory, (_, { storage }) =>
      storage.sql.exec("SELECT * FROM client_secrets WHERE client_id = ?", client.client_id).toArray(),
    );
    expect(rows).toEqual([]);
    expect((await ask("POST", "/secret", {})).status).toBe(400);
  });

  it("replaces keys, both good while the set has both", async () => {
    const [first, second] = [await keyPair("ES256", "k1"), await keyPair("EdDSA", "k2")];
    await patch({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [first.jwk] } });
    const works = async () => [
      (await token(asserted(await assertion(first, client.client_id)))).status,
      (await token(asserted(await assertion(second, client.client_id)))).status,
    ];
    expect(await works()).toEqual([200, 401]);
    await patch({ jwks: { keys: [first.jwk, second.jwk] } });
    expect(await works()).toEqual([200, 200]);
    await patch({ jwks: { keys: [second.jwk] } });
    expect(await works()).toEqual([401, 200]);
  });

  it("takes a client over to its certificate, with tokens bound to it, and to another name of it", async () => {
    await patch({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=robot,O=Example" });
    const form = { ...GRANT, client_id: client.client_id };
    const granted = await token(form, { cf: certificate() });
    expect(claimsOf(granted.json.access_token).cnf).toHaveProperty("x5t#S256");
    const { json } = await patch({ "x5t#S256": ["A".repeat(43)] });
    expect([json.tls_client_auth_subject_dn, json["x5t#S256"]]).toEqual([null, ["A".repeat(43)]]);
    expect((await token(form, { cf: certificate() })).status).toBe(401);
  });

  it("gives a client that goes over to a secret one that is shown once, and one that has a secret none", async () => {
    const key = await keyPair("ES256", "k1");
    await patch({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key.jwk] } });
    const { json } = await patch({ token_endpoint_auth_method: "client_secret_basic" });
    expect([json.jwks, (await bySecret(json.client_secret)).status]).toEqual([null, 200]);
    expect((await bySecret(client.client_secret)).status).toBe(401);
    const posting = await patch({ token_endpoint_auth_method: "client_secret_post" });
    expect(posting.json).not.toHaveProperty("client_secret");
    const inForm = { ...GRANT, client_id: client.client_id, client_secret: json.client_secret };
    expect((await token(inForm)).status).toBe(200);
    expect((await ask("GET", "")).text).not.toContain(json.client_secret);
  });

  it("binds tokens from the next one on", async () => {
    await patch({ dpop_bound_access_tokens: true });
    expect((await bySecret(client.client_secret)).json.error).toBe("invalid_dpop_proof");
  });

  it("that contradicts itself, widens, or names what cannot change does nothing at all", async () => {
    const before = (await ask("GET", "")).json;
    const { jwk } = await keyPair();
    for (const [json, param] of [
      [{ name: "x", scopes: ["infer:*"] }, "scopes"],
      [{ name: "x", token_endpoint_auth_method: "private_key_jwt" }, "jwks"],
      [{ name: "x", jwks: { keys: [jwk] } }, "jwks"],
      [{ name: "x", jwks: { keys: [{ ...jwk, d: randomText(32) }] } }, "jwks"],
      [{ name: "x", token_endpoint_auth_method: "tls_client_auth" }, "tls_client_auth_subject_dn"],
      [{ name: "x", tls_client_auth_subject_dn: "CN=x" }, "tls_client_auth_subject_dn"],
      [
        { name: "x", dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
        "dpop_bound_access_tokens",
      ],
      [{ name: "x", token_endpoint_auth_method: "none" }, "token_endpoint_auth_method"],
      [{ name: "x", client_secret: "mine" }, "client_secret"],
      [{ name: "x", tenant: "system" }, "tenant"],
      [{ name: "x", auto_rotate: true }, "auto_rotate"],
    ] as const) {
      const answer = await patch(json);
      expect([param, answer.status, answer.json.error.param]).toEqual([param, 400, param]);
    }
    expect((await ask("GET", "")).json).toEqual(before);
    expect((await bySecret(client.client_secret)).status).toBe(200);
  });

  it("of a client that is revoked or not there fails", async () => {
    await ask("DELETE", "");
    expect((await patch({ name: "x" })).status).toBe(400);
    client = { ...client, client_id: "client_none" };
    expect((await patch({ name: "x" })).status).toBe(404);
    expect((await ask("POST", "/secret", {})).status).toBe(404);
  });

  it("whose ledger cannot be told says so; how the client proves who it is holds already", async () => {
    failing.add("gateway.change");
    expect((await patch({ token_endpoint_auth_method: "client_secret_post" })).status).toBe(503);
    expect((await bySecret(client.client_secret)).status).toBe(401);
  });
});

describe("POST /admin/v1/clients/{id}/secret", () => {
  const rotate = async (json: unknown): Promise<Wire> => {
    const { status, json: answer, text } = await ask("POST", "/secret", json);
    if (status !== 201) throw new Error(text);
    return answer;
  };

  it("gives a new secret, and both are good until the overlap ends", async () => {
    const { client_secret, old_secret_expires_at } = await rotate({ overlap_s: 60 });
    expect(Date.parse(String(old_secret_expires_at)) - Date.now()).toBeLessThanOrEqual(60_000);
    for (const secret of [client_secret, client.client_secret]) expect((await bySecret(secret)).status).toBe(200);
    await runInDurableObject(
      platform.directory,
      (_, { storage }) => void storage.sql.exec("UPDATE client_old_secrets SET until_ms = ?", Date.now() - 1),
    );
    expect((await bySecret(client.client_secret)).status).toBe(401);
    expect((await bySecret(client_secret)).status).toBe(200);
    expect((await ask("GET", "")).json.old_secret_expires_at).toBeNull();
  });

  it("without an overlap ends the old one with its answer", async () => {
    const { client_secret } = await rotate({ overlap_s: 0 });
    expect([(await bySecret(client.client_secret)).status, (await bySecret(client_secret)).status]).toEqual([401, 200]);
  });

  it("twice leaves the newest and the one before it, no third", async () => {
    const second = (await rotate({})).client_secret;
    const third = (await rotate({})).client_secret;
    const works = [];
    for (const secret of [client.client_secret, second, third]) works.push((await bySecret(secret)).status);
    expect(works).toEqual([401, 200, 200]);
  });

  it("stands in the log and the events, and the secret nowhere", async () => {
    const { client_secret } = await rotate({});
    await runDurableObjectAlarm(platform.directory);
    const acts = logs.get("default")?.map(({ open }) => (open.kind === "admin" ? open.action : ""));
    expect(acts).toContain("client.rotate_secret");
    const { events } = (await send(platform, "GET", "/admin/v1/events?tenant=demo", { key: admin })).json;
    expect(events[0]).toMatchObject({ kind: "client.secret_rotated", target: client.client_id });
    const stored = await runInDurableObject(platform.directory, (_, { storage }) =>
      JSON.stringify(
        ["client_secrets", "client_old_secrets", "outbox"].map((table) =>
          storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
        ),
      ),
    );
    expect(stored + JSON.stringify(calls)).not.toContain(client_secret);
  });

  it("takes nothing but an overlap of at most thirty days", async () => {
    for (const json of [{ overlap_s: -1 }, { overlap_s: 31 * 86_400 }, { client_secret: "mine" }])
      expect((await ask("POST", "/secret", json)).status).toBe(400);
  });
});

// A key that its holder exchanges for its successor: when, for what, how often, and what a thief gains by it.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import { failing, lastUses, logs } from "../key-directory/fakes.ts";
import { basic, dpop, GRANT, keyPair, newClient, post } from "./oauth-support.ts";
import { type Answer, claimsOf, close, inhabited, type Platform, send } from "./platform.ts";
import type { Wire } from "./wire.ts";

const HOUR_S = 3600;
const PATH = "/admin/v1/keys/self/rotate";

let platform: Platform;
let admin: string;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
});
afterEach(async () => await close(platform));

const ask = async (method: string, path: string, json?: unknown, key = admin): Promise<Answer> =>
  await send(platform, method, `/admin/v1${path}`, { key, json });
const exchange = async (key: string, json: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  await send(platform, "POST", PATH, { key, json, headers });

/** A key of eleven hours' life, of which one is left. */
async function mint(over: Record<string, unknown> = {}): Promise<Wire> {
  const wanted = { tenant: "demo", name: "ci", scopes: ["infer:*"], auto_rotate: true, expires_in_s: HOUR_S, ...over };
  const { status, json, text } = await ask("POST", "/keys", wanted);
  if (status !== 201) throw new Error(text);
  await amend(json.id, "created_at_ms", Date.parse(String(json.created_at)) - 10 * HOUR_S * 1000);
  return json;
}

async function amend(id: string, field: string, value: number): Promise<void> {
  await runInDurableObject(platform.directory, (_, state) => {
    const statement = `UPDATE credentials SET record = json_set(record, '$.${field}', ?) WHERE id = ?`;
    state.storage.sql.exec(statement, value, id);
  });
}

const kinds = async (): Promise<unknown[]> =>
  (await ask("GET", "/events?tenant=demo")).json.events.map(({ kind }) => kind);
const acts = async (): Promise<unknown[]> => {
  await runDurableObjectAlarm(platform.directory);
  return (logs.get("default") ?? []).flatMap(({ open }) =>
    open.kind === "admin" ? [[open.action, open.target, open.credential_id]] : [],
  );
};

describe("a key with auto_rotate", () => {
  it("gets its holder another of the same account, scopes, limits and life, and ends after the overlap", async () => {
    const limits = { requests_per_day: 9 };
    const old = await mint({ scopes: ["infer:*", "embed:*"], limits, allow_cidrs: ["192.0.2.0/24"] });
    // what the row says now, not what the old key's text says
    await ask("PATCH", `/keys/${old.id}`, { scopes: ["infer:small"] });
    const { status, json } = await exchange(old.key, { overlap_s: 60 }, { "cf-connecting-ip": "192.0.2.1" });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...{ account: old.account, replaces: old.id, name: "ci", scopes: ["infer:small"], auto_rotate: true },
      allow_cidrs: ["192.0.2.0/24"],
    });
    expect(claimsOf(json.key)).toMatchObject({ jti: json.id, account: old.account, scope: "infer:small" });
    expect(Math.round((Date.parse(json.expires_at) - Date.now()) / 1000 / HOUR_S)).toBe(11);
    const after = (await ask("GET", `/keys/${old.id}`)).json;
    expect([after.replaced_by, after.revoked_at]).toEqual([json.id, null]);
    expect(Date.parse(after.retires_at) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await kinds()).toEqual(["key.rotated"]);
    expect(await acts()).toContainEqual(["key.rotate", json.id, old.id]);
  });

  it("is not exchanged before its time, which its record tells", async () => {
    const { json } = await ask("POST", "/keys", {
      ...{ tenant: "demo", name: "ci", scopes: ["infer:*"], auto_rotate: true, rotate_before_s: 3 * 86_400 },
    });
    expect(Date.parse(json.expires_at) - Date.parse(String(json.rotate_from))).toBe(3 * 86_400_000);
    const answer = await exchange(json.key);
    expect([answer.status, answer.json.error.code]).toEqual([409, "not_due"]);
    expect(Number(answer.headers.get("retry-after")) / 86_400).toBeCloseTo(87, 0);
    expect((await ask("GET", `/keys/${json.id}`)).json.replaced_by).toBeNull();
  });

  it("has a week before its end where nothing was asked for, and never more than half its life", async () => {
    const wanted = { tenant: "demo", name: "ci", scopes: ["infer:*"], auto_rotate: true };
    const window = async (over: Record<string, unknown>) => {
      const { json } = await ask("POST", "/keys", { ...wanted, ...over });
      return Math.round((Date.parse(json.expires_at) - Date.parse(String(json.rotate_from))) / 1000);
    };
    expect(await window({})).toBe(7 * 86_400);
    expect(await window({ expires_in_s: 3000 })).toBeCloseTo(1000, -1);
    expect(await window({ expires_in_s: 3000, rotate_before_s: 3000 })).toBeCloseTo(1500, -1);
  });

  it("is announced by an event when its time has come", async () => {
    const { id } = await mint();
    await runInDurableObject(
      platform.directory,
      (_, state) => void state.storage.sql.exec("UPDATE dues SET due_at_ms = 1"),
    );
    await runDurableObjectAlarm(platform.directory);
    expect((await ask("GET", "/events?tenant=demo")).json.events).toMatchObject([
      { kind: "key.rotation_due", target: id },
    ]);
  });

  it("is kept where the ledger cannot be asked, and can be exchanged afterwards", async () => {
    const { key } = await mint();
    failing.add("gateway.usage");
    expect((await exchange(key)).status).toBe(503);
    failing.clear();
    failing.add("gateway.provision");
    expect((await exchange(key)).status).toBe(503);
    failing.clear();
    expect((await exchange(key)).status).toBe(201);
  });
});

describe("an exchange that is asked for again", () => {
  it("gives the same successor while nobody has used it, for an answer that was lost", async () => {
    const old = await mint();
    const first = await exchange(old.key);
    lastUses.set(first.json.id, 0);
    const again = await exchange(old.key);
    expect([again.status, again.json.id]).toEqual([201, first.json.id]);
    const { iat: _, ...claims } = claimsOf(again.json.key);
    expect(claimsOf(first.json.key)).toMatchObject(claims);
    expect(await kinds()).toEqual(["key.rotated"]);
    expect(await acts()).toContainEqual(["key.exchange_repeated", first.json.id, old.id]);
  });

  it("is refused once the successor is in use, and tells that two hold this key, once", async () => {
    const old = await mint();
    const first = await exchange(old.key);
    lastUses.set(first.json.id, Date.now());
    for (let i = 0; i < 3; i++) {
      const { status, json } = await exchange(old.key);
      expect([status, json.error.code, json.key]).toEqual([409, "conflict", undefined]);
    }
    expect((await kinds()).filter((kind) => kind === "key.exchange_conflict")).toHaveLength(1);
    expect(await acts()).toContainEqual(["key.exchange_conflict", old.id, old.id]);
  });

  it("is refused where the successor was revoked: nothing gives it back", async () => {
    const old = await mint();
    const { id } = (await exchange(old.key)).json;
    lastUses.set(id, 0);
    await ask("DELETE", `/keys/${id}`);
    expect((await exchange(old.key)).status).toBe(409);
  });

  it("gives nobody what an administrator made of the key, be it wider or meant to shut its holder out", async () => {
    const old = await mint();
    const { id } = (await ask("POST", `/keys/${old.id}/rotate`, { scopes: ["admin"] })).json;
    lastUses.set(id, 0);
    const { status, json } = await exchange(old.key);
    expect([status, json.error.code, json.key]).toEqual([409, "conflict", undefined]);
    // and it is no sign of theft
    expect(await kinds()).toEqual(["key.rotated"]);
  });

  it("at the same time makes one successor", async () => {
    const old = await mint();
    const answers = await Promise.all([exchange(old.key), exchange(old.key), exchange(old.key)]);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const { keys } = (await ask("GET", "/keys?tenant=demo")).json;
    expect(keys.filter(({ replaces }) => replaces === old.id)).toHaveLength(1);
  });
});

describe("nobody else's exchange", () => {
  it("works: not a key that was not made for it, or no longer is, and no access token", async () => {
    const plain = await mint({ auto_rotate: false });
    const stopped = await mint();
    await ask("PATCH", `/keys/${stopped.id}`, { auto_rotate: false });
    const client = await newClient(platform, admin);
    const headers = { authorization: basic(client.client_id, client.client_secret) };
    const token = (await post(platform, "/oauth/token", GRANT, { headers })).json.access_token;
    for (const key of [plain.key, stopped.key, token, admin]) {
      const { status, json } = await exchange(key);
      expect([status, json.error.code]).toEqual([403, "permission_denied"]);
    }
    expect((await send(platform, "POST", PATH, { json: {} })).status).toBe(401);
  });

  it("works with a key that is revoked, expired, rotated away or elsewhere", async () => {
    const revoked = await mint();
    await ask("DELETE", `/keys/${revoked.id}`);
    const gone = await mint();
    await ask("POST", `/keys/${gone.id}/rotate`, { overlap_s: 0 });
    for (const { key } of [revoked, gone]) expect((await exchange(key)).status).toBe(401);
    const bound = await mint({ allow_cidrs: ["192.0.2.0/24"] });
    expect((await exchange(bound.key, {}, { "cf-connecting-ip": "198.51.100.1" })).status).toBe(403);
    const rotated = await mint();
    const { id } = (await ask("POST", `/keys/${rotated.id}/rotate`, {})).json;
    lastUses.set(id, Date.now());
    expect((await exchange(rotated.key)).status).toBe(409);
  });

  it("takes nothing but an overlap: no scope, no life, no account", async () => {
    const { key } = await mint();
    for (const json of [
      { scopes: ["admin"] },
      { expires_in_s: 1 },
      { account: "x" },
      { overlap_s: -1 },
      { overlap_s: 31 * 86_400 },
    ])
      expect((await exchange(key, json)).status).toBe(400);
  });

  it("works for a bound key without its proof, and its successor is bound to the same", async () => {
    const pair = await keyPair();
    const jkt = await thumbprint(pair.jwk);
    const old = await mint({ cnf: { jkt } });
    expect((await exchange(old.key)).status).toBe(401);
    const ath = toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(old.key))));
    const shown = async (over: Record<string, unknown>) =>
      await send(platform, "POST", PATH, {
        json: {},
        headers: { authorization: `DPoP ${old.key}`, dpop: await dpop(pair, "POST", PATH, { ath, ...over }) },
      });
    const nonce = (await shown({})).headers.get("dpop-nonce");
    const { status, json } = await shown({ nonce });
    expect([status, claimsOf(json.key).cnf]).toEqual([201, { jkt }]);
  });
});

/** RFC 7638, of an EC key. */
async function thumbprint({ crv, kty, x, y }: { crv?: string; kty?: string; x?: string; y?: string }): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify({ crv, kty, x, y })))));
}

// Signing keys and rotation through the front door.
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calls, failing, lastUses } from "../key-directory/fakes.ts";
import { type Answer, claimsOf, close, inhabited, type Platform, type Sent, send } from "./platform.ts";

let platform: Platform;
let admin: string;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  calls.length = 0;
});
afterEach(async () => await close(platform));

const ask = async (method: string, path: string, sent: Sent = {}): Promise<Answer> =>
  await send(platform, method, `/admin/v1${path}`, { key: admin, ...sent });
const mint = async (over: Record<string, unknown> = {}): Promise<Answer["json"]> =>
  (await ask("POST", "/keys", { json: { tenant: "demo", name: "ci", scopes: ["infer:small"], ...over } })).json;
/** Both were told the set as this platform's directory has it (other tests' directories tell the same fakes). */
async function bothHold(is: (set: string) => boolean): Promise<void> {
  const set = await platform.directory.publishedKeys(null);
  expect(is(set?.key_set ?? "")).toBe(true);
  for (const who of ["gateway", "audit"]) expect(calls).toContainEqual({ to: `${who}.publishKeys`, with: set });
}
const kidOf = (token: string): string => JSON.parse(atob(token.split(".")[0] ?? "")).kid;

describe("GET /admin/v1/signing-keys", () => {
  it("shows states and public halves, and no private one", async () => {
    const { json, text } = await ask("GET", "/signing-keys");
    expect(json.keys.map(({ kid, purpose, state }: Answer["json"]) => [kid, purpose, state])).toEqual([
      ["api-1", "api_key", "current"],
      ["at-1", "access_token", "current"],
    ]);
    expect(text).not.toContain('"d"');
    expect(text).not.toContain("sealed");
  });
});

describe("POST /admin/v1/signing-keys/rotate", () => {
  it("answers with the key that signs from now on; the old one's tokens stay good, the published set has both", async () => {
    const { status, json } = await ask("POST", "/signing-keys/rotate", {
      json: { purpose: "api_key", algorithm: "ES256" },
    });
    expect([status, json.state, json.algorithm]).toEqual([200, "current", "ES256"]);
    expect(kidOf((await mint()).key)).toBe(json.kid);
    // the administrator's own key was signed by the old one
    expect((await ask("GET", "/tenants")).status).toBe(200);
    await bothHold((set) => set.includes(json.kid));
    await expect
      .poll(async () => (await send(platform, "GET", "/.well-known/jwks.json")).text, { timeout: 5000 })
      .toContain(json.kid);
  }, 15_000);

  it("says which Worker could not be told, and changes nothing", async () => {
    failing.add("audit.publishKeys");
    const { status, json } = await ask("POST", "/signing-keys/rotate", { json: { purpose: "access_token" } });
    expect([status, json.error.code]).toEqual([503, "log_unavailable"]);
    expect((await ask("GET", "/signing-keys")).json.keys[1]).toMatchObject({ kid: "at-1", state: "current" });
  });

  it("takes no other purpose, algorithm or field", async () => {
    for (const json of [{}, { purpose: "x" }, { purpose: "api_key", algorithm: "RS256" }, { purpose: "api_key", d: 1 }])
      expect((await ask("POST", "/signing-keys/rotate", { json })).status).toBe(400);
  });
});

describe("POST /admin/v1/signing-keys/{kid}/withdraw", () => {
  it("first says what dies and that the caller's own key is among it, and changes nothing", async () => {
    const key = await mint();
    const { status, json } = await ask("POST", "/signing-keys/api-1/withdraw", { json: {} });
    expect([status, json.confirm_required, json.includes_yours]).toEqual([200, true, true]);
    expect(json.keys_total).toBe(2);
    expect(json.keys.map(({ id }: { id: string }) => id)).toContain(key.id);
    expect((await ask("GET", "/tenants")).status).toBe(200);
  });

  it("confirmed, kills what the key signed, here as well, and revokes it everywhere", async () => {
    const key = await mint();
    // so that an administrator is left: one whose key another key signs
    await ask("POST", "/signing-keys/rotate", { json: { purpose: "api_key" } });
    const { key: second } = await mint({ tenant: "system", scopes: ["admin"] });
    calls.length = 0;
    const { json } = await ask("POST", "/signing-keys/api-1/withdraw", { json: { confirm: true } });
    expect(json).toEqual({ kid: "api-1", state: "gone", keys_revoked: 2 });
    expect((await ask("GET", "/tenants")).status).toBe(401);
    expect((await ask("GET", `/keys/${key.id}`, { key: second })).json.revoked_at).not.toBeNull();
    await bothHold((set) => !set.includes("api-1"));
    await runDurableObjectAlarm(platform.directory);
    expect(calls.filter(({ to }) => to === "gateway.revoke")).toHaveLength(2);
  }, 15_000);

  it("of a key that is not there is 404, confirmed or not", async () => {
    for (const json of [{}, { confirm: true }])
      expect((await ask("POST", "/signing-keys/nope/withdraw", { json })).status).toBe(404);
  });
});

describe("/.well-known/jwks.json", () => {
  it("may be cached, and is not sent again while it is the same", async () => {
    const { headers } = await send(platform, "GET", "/.well-known/jwks.json");
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    const again = await send(platform, "GET", "/.well-known/jwks.json", {
      headers: { "if-none-match": headers.get("etag") ?? "" },
    });
    expect([again.status, again.text]).toEqual([304, ""]);
  });
});

describe("POST /admin/v1/keys/{id}/rotate", () => {
  it("gives another key of the same account, with the limits that hold now and the scopes asked for", async () => {
    const key = await mint({ limits: { requests_per_minute: 5 } });
    const { status, json } = await ask("POST", `/keys/${key.id}/rotate`, {
      json: { overlap_s: 60, scopes: ["infer:*"] },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ account: key.account, replaces: key.id, scopes: ["infer:*"] });
    // what the ledger said, not what the old record says
    expect(json.limits.requests_per_minute).toBe(60);
    expect(claimsOf(json.key)).toMatchObject({ jti: json.id, account: key.account, scope: "infer:*" });
    expect(json.key).not.toBe(key.key);
    const old = (await ask("GET", `/keys/${key.id}`)).json;
    expect([old.replaced_by, old.revoked_at]).toEqual([json.id, null]);
    expect(Date.parse(old.retires_at) - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it("of an administrator's own key without overlap ends that key", async () => {
    const { id } = (await ask("GET", "/keys?tenant=system")).json.keys[0];
    const { json } = await ask("POST", `/keys/${id}/rotate`, { json: { overlap_s: 0 } });
    expect((await ask("GET", "/tenants")).status).toBe(401);
    expect((await ask("GET", "/tenants", { key: json.key })).status).toBe(200);
  });

  it("twice is a conflict, of nothing 404, with an unknown field 400, without a ledger 503", async () => {
    const { id } = await mint();
    failing.add("gateway.usage");
    expect((await ask("POST", `/keys/${id}/rotate`, { json: {} })).status).toBe(503);
    failing.clear();
    expect((await ask("POST", `/keys/${id}/rotate`, { json: {} })).status).toBe(201);
    const again = await ask("POST", `/keys/${id}/rotate`, { json: {} });
    expect([again.status, again.json.error.code]).toEqual([409, "conflict"]);
    expect((await ask("POST", "/keys/key_none/rotate", { json: {} })).status).toBe(404);
    for (const json of [{ overlap_s: -1 }, { overlap_s: 31 * 86_400 }, { account: "x" }, { rotate_before_s: 0 }])
      expect((await ask("POST", `/keys/${id}/rotate`, { json })).status).toBe(400);
  });
});

describe("GET /admin/v1/keys?unused_for_days=N", () => {
  it("reports living keys by the ledger's last use, and counts those that it cannot tell", async () => {
    const [used, idle, unknown] = [await mint(), await mint(), await mint()];
    lastUses.set(used.id, Date.now()).set(idle.id, Date.now() - 40 * 86_400_000);
    const { json } = await ask("GET", "/keys?unused_for_days=30&tenant=demo");
    expect(json.keys.map(({ id }: { id: string }) => id)).toEqual([idle.id]);
    expect(json.keys[0].last_used_at).toMatch(/^\d{4}-/);
    expect(json.last_use_unknown).toBe(1);
    expect(unknown.id).toBeDefined();
  });

  it("counts a key that was never used from its making", async () => {
    const { id } = await mint();
    lastUses.set(id, 0);
    expect((await ask("GET", "/keys?unused_for_days=0&tenant=demo")).json.keys[0]).toMatchObject({
      id,
      last_used_at: null,
    });
    expect((await ask("GET", "/keys?unused_for_days=1&tenant=demo")).json.keys).toEqual([]);
  });
});

describe("GET /admin/v1/events", () => {
  it("tells of rotations, by tenant and page", async () => {
    const key = await mint();
    await ask("POST", `/keys/${key.id}/rotate`, { json: {} });
    const { json } = await ask("GET", "/events?tenant=demo");
    expect(json.events).toEqual([
      {
        id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
        time: expect.any(String),
        kind: "key.rotated",
        tenant: "demo",
        target: key.id,
      },
    ]);
    expect((await ask("GET", "/events?cursor=x")).status).toBe(400);
  });
});

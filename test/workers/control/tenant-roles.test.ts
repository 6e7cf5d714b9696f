// What a tenant's own people may give, change and see, and how they fail to reach further.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, GRANT, post } from "./oauth-support.ts";
import { type Answer, claimsOf, close, inhabited, type Platform, send } from "./platform.ts";
import type { Wire } from "./wire.ts";

const POLICY = JSON.stringify({
  version: 1,
  models: {},
  tenants: {
    acme: { default_limits: { requests_per_minute: 60, concurrency: 4 } },
    fenced: { allow_cidrs: ["192.0.2.0/24"] },
  },
  routes: { "keys.create": { deny_cidrs: ["198.51.100.0/24"] }, "metadata.jwks": { allow_cidrs: ["192.0.2.0/24"] } },
});

/** where nothing of the policy denies anything */
const HOME = "203.0.113.1";

let platform: Platform;
let root: string;
let acme: string;

beforeEach(async () => {
  ({ platform, admin: root } = await inhabited({ POLICY }));
  for (const name of ["acme", "other", "fenced"]) await ask("POST", "/tenants", { name });
  acme = (await mint({ scopes: ["admin:acme"] })).json.key;
});
afterEach(async () => await close(platform));

const ask = async (method: string, path: string, json?: unknown, key = root, address = HOME): Promise<Answer> =>
  await send(platform, method, `/admin/v1${path}`, { key, json, headers: { "cf-connecting-ip": address } });
const mint = async (over: Record<string, unknown> = {}, key = root): Promise<Answer> =>
  await ask("POST", "/keys", { tenant: "acme", name: "k", scopes: ["infer:*"], ...over }, key);
const client = async (over: Record<string, unknown> = {}, key = root): Promise<Answer> =>
  await ask("POST", "/clients", { tenant: "acme", name: "c", scopes: ["infer:*"], ...over }, key);
const codeOf = ({ status, json }: Answer): [number, string] => [status, json.error?.code];

describe("a tenant's administrator", () => {
  it("gives access to models, and roles over his tenant", async () => {
    for (const scopes of [["infer:*", "embed:m@1", "logprobs"], ["admin:acme"], ["operator:acme", "auditor:acme"]]) {
      expect((await mint({ scopes }, acme)).status).toBe(201);
      expect((await client({ scopes }, acme)).status).toBe(201);
    }
  });

  it("gives no role over all tenants, or over another, and nothing to another tenant, whether it is there or not", async () => {
    const bodies = new Set<string>();
    for (const over of [
      ...["admin", "operator", "auditor", "admin:other", "auditor:system"].map((role) => ({ scopes: [role] })),
      { scopes: ["infer:*", "admin"] },
      { tenant: "other" },
      { tenant: "other", scopes: ["admin:other"] },
      { tenant: "nobody" },
      { tenant: "system" },
    ])
      for (const make of [mint, client]) {
        const answer = await make(over, acme);
        expect([over, ...codeOf(answer)]).toEqual([over, 403, "permission_denied"]);
        bodies.add(answer.text);
      }
    expect(bodies.size).toBe(1);
  });

  it("lifts no limit above what policy gives a key of the tenant, at minting, by PATCH or by a rotation", async () => {
    expect(
      (await mint({ limits: { requests_per_minute: 60, concurrency: 1, tokens_per_day: null } }, acme)).status,
    ).toBe(201);
    for (const limits of [{ requests_per_minute: 61 }, { requests_per_minute: null }, { concurrency: 5 }]) {
      const minted = await mint({ limits }, acme);
      expect([minted.status, minted.json.error.param]).toEqual([400, `limits.${Object.keys(limits)[0]}`]);
      const { id } = (await mint({}, acme)).json;
      expect((await ask("PATCH", `/keys/${id}`, { limits }, acme)).status).toBe(400);
      // what the ledger says the account has: a limit of 60 requests, no other
      const rotated = await ask("POST", `/keys/${id}/rotate`, { limits }, acme);
      expect(rotated.status).toBe("concurrency" in limits ? 201 : 400);
      const { client_id } = (await client({}, acme)).json;
      expect((await ask("PATCH", `/clients/${client_id}`, { limits }, acme)).status).toBe(400);
      // the platform's own may
      expect((await ask("PATCH", `/keys/${id}`, { limits })).status).toBe(200);
    }
  });

  it("may leave, and lower, what the platform's administrator gave above it", async () => {
    const { id } = (await mint({ limits: { requests_per_minute: 600 } })).json;
    const patch = async (limits: unknown) => (await ask("PATCH", `/keys/${id}`, { limits }, acme)).status;
    expect([await patch({ requests_per_minute: 700 }), await patch({ requests_per_minute: 500 })]).toEqual([400, 200]);
    expect(await patch({ requests_per_minute: 600 })).toBe(400);
  });

  it("gets no administrator's key by rotating one that lies in his tenant, nor changes it, nor becomes that client", async () => {
    const { id } = (await mint({ scopes: ["admin"] })).json;
    const { client_id } = (await client({ scopes: ["admin"] })).json;
    for (const [method, path, json] of [
      ["POST", `/keys/${id}/rotate`, {}],
      ["PATCH", `/keys/${id}`, { allow_cidrs: [] }],
      ["PATCH", `/keys/${id}`, { auto_rotate: true }],
      ["PATCH", `/clients/${client_id}`, { token_endpoint_auth_method: "client_secret_post" }],
      ["POST", `/clients/${client_id}/secret`, {}],
    ] as const) {
      const answer = await ask(method, path, json, acme);
      expect([path, ...codeOf(answer)]).toEqual([path, 403, "permission_denied"]);
      expect(answer.text).not.toContain("eyJ");
    }
    // by a rotation that asks for less, he gets no more than he could mint
    const narrowed = await ask("POST", `/keys/${id}/rotate`, { scopes: ["infer:*"] }, acme);
    expect([narrowed.status, claimsOf(narrowed.json.key).scope]).toEqual([201, "infer:*"]);
  });

  it("widens a key of his by a rotation as far as he may give, and no further", async () => {
    const { id } = (await mint({ scopes: ["infer:small"] }, acme)).json;
    expect((await ask("POST", `/keys/${id}/rotate`, { scopes: ["admin"] }, acme)).status).toBe(403);
    expect((await ask("POST", `/keys/${id}/rotate`, { scopes: ["infer:*"] }, acme)).status).toBe(201);
  });

  it("of the platform's tenant is no administrator of the platform", async () => {
    const { key } = (await mint({ tenant: "system", scopes: ["admin:system"] })).json;
    expect((await mint({ tenant: "system", scopes: ["admin"] }, key)).status).toBe(403);
    const { id } = (await ask("GET", "/keys?tenant=system")).json.keys[0];
    expect((await ask("POST", `/keys/${id}/rotate`, {}, key)).status).toBe(403);
  });

  it("who was narrowed to a tenant has it alone from the next call on, and no tenant he has not", async () => {
    const { id, key } = (await mint({ scopes: ["admin"] })).json;
    expect((await ask("GET", "/tenants", undefined, key)).status).toBe(200);
    await ask("PATCH", `/keys/${id}`, { scopes: ["admin:acme"] });
    expect((await ask("GET", "/tenants", undefined, key)).status).toBe(403);
    expect((await mint({}, key)).status).toBe(201);
    expect((await mint({ tenant: "other" }, key)).status).toBe(403);
    const { keys } = (await ask("GET", "/keys", undefined, key)).json;
    expect(new Set(keys.map(({ tenant }) => tenant))).toEqual(new Set(["acme"]));
  });
});

describe("a listing", () => {
  beforeEach(async () => {
    for (const tenant of ["acme", "other", "fenced"])
      for (let i = 0; i < 3; i++) {
        const { id } = (await mint({ tenant })).json;
        await ask("POST", `/keys/${id}/rotate`, {});
        await client({ tenant });
      }
  });

  const everything = async (path: string, name: "keys" | "clients" | "events", key: string): Promise<Wire[]> => {
    const found: Wire[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { json }: Answer = await ask(
        "GET",
        `${path}${path.includes("?") ? "&" : "?"}limit=2${query}`,
        undefined,
        key,
      );
      found.push(...json[name]);
      cursor = json.next_cursor;
    } while (cursor !== null);
    return found;
  };

  it("shows a tenant's operator his tenant, page by page, and of several roles each", async () => {
    const one = (await mint({ tenant: "system", scopes: ["operator:acme"] })).json.key;
    const two = (await mint({ tenant: "system", scopes: ["operator:acme", "operator:other"] })).json.key;
    for (const [path, name] of [
      ["/keys", "keys"],
      ["/keys?unused_for_days=0", "keys"],
      ["/clients", "clients"],
      ["/events", "events"],
    ] as const) {
      const tenantsOf = async (key: string) => new Set((await everything(path, name, key)).map(({ tenant }) => tenant));
      const all = await everything(path, name, root);
      const acmes = await everything(path, name, one);
      expect(acmes).toEqual(all.filter(({ tenant }) => tenant === "acme"));
      if (!path.includes("unused")) expect(acmes.length).toBeGreaterThan(2);
      if (!path.includes("unused")) expect(await tenantsOf(two)).toEqual(new Set(["acme", "other"]));
      const asked = `${path}${path.includes("?") ? "&" : "?"}tenant=`;
      expect((await ask("GET", `${asked}acme`, undefined, one)).status).toBe(200);
      for (const tenant of ["other", "nobody"])
        expect(codeOf(await ask("GET", asked + tenant, undefined, one))).toEqual([403, "permission_denied"]);
    }
  });

  it("of events tells by no cursor or id how many there are of others", async () => {
    const operator = (await mint({ tenant: "system", scopes: ["operator:acme"] })).json.key;
    const { events, next_cursor } = (await ask("GET", "/events?limit=1", undefined, operator)).json;
    expect(events[0].id).toMatch(/^evt_[0-9a-f]{32}$/);
    expect(next_cursor).toBe(events[0].id);
    // another tenant's event is no place to go on from
    const foreign = (await ask("GET", "/events?tenant=other")).json.events[0].id;
    expect((await ask("GET", `/events?cursor=${foreign}`, undefined, operator)).json.events).toEqual([]);
  });

  it("of events begins where it is asked to", async () => {
    const since = async (text: string) => await ask("GET", `/events?since=${encodeURIComponent(text)}`);
    expect((await since(new Date(Date.now() + 60_000).toISOString())).json.events).toEqual([]);
    expect((await since("2020-01-01T00:00:00+02:00")).json.events.length).toBeGreaterThan(3);
    for (const text of ["yesterday", "2020-01-01", "1"]) expect((await since(text)).status).toBe(400);
  });
});

describe("introspection", () => {
  it("tells a tenant's operator of his tenant's tokens alone", async () => {
    const operator = (await mint({ scopes: ["operator:acme"] })).json.key;
    const [mine, others] = [(await mint()).json.key, (await mint({ tenant: "other" })).json.key];
    const active = async (token: string, by: string) => {
      const headers = { authorization: `Bearer ${by}` };
      return (await post(platform, "/oauth/introspect", { token }, { headers })).json.active;
    };
    expect(await active(mine, operator)).toBe(true);
    expect(await active(others, operator)).toBe(false);
    expect(await active(others, root)).toBe(true);
    const auditor = (await mint({ scopes: ["auditor:acme"] })).json.key;
    const headers = { authorization: `Bearer ${auditor}` };
    expect((await post(platform, "/oauth/introspect", { token: mine }, { headers })).status).toBe(403);
  });
});

describe("policy's rules", () => {
  it("of a route hold for whoever asks for it, from there, and for no other route", async () => {
    const wanted = { tenant: "acme", name: "k", scopes: ["infer:*"] };
    expect((await ask("POST", "/keys", wanted, root, HOME)).status).toBe(201);
    expect(codeOf(await ask("POST", "/keys", wanted, root, "198.51.100.1"))).toEqual([403, "permission_denied"]);
    // an address that nobody states is none that is allowed
    const { status } = await send(platform, "POST", "/admin/v1/keys", { key: root, json: wanted });
    expect(status).toBe(403);
    expect((await ask("GET", "/keys", undefined, root, "198.51.100.1")).status).toBe(200);
  });

  it("hold for routes that need no role as well", async () => {
    const from = async (address: string) =>
      (await send(platform, "GET", "/.well-known/jwks.json", { headers: { "cf-connecting-ip": address } })).status;
    expect([await from("192.0.2.1"), await from("198.51.100.1")]).toEqual([200, 403]);
  });

  it("of a tenant hold for its administrators and its clients", async () => {
    const { key } = (await ask("POST", "/keys", { tenant: "fenced", name: "k", scopes: ["admin:fenced"] }, root, HOME))
      .json;
    const at = async (address: string) => (await ask("GET", "/keys", undefined, key, address)).status;
    expect([await at("192.0.2.1"), await at("203.0.113.1")]).toEqual([200, 403]);
    const { client_id, client_secret } = (await client({ tenant: "fenced" })).json;
    const token = async (address: string) =>
      (
        await post(platform, "/oauth/token", GRANT, {
          headers: { authorization: basic(client_id, client_secret), "cf-connecting-ip": address },
        })
      ).status;
    expect([await token("192.0.2.1"), await token("203.0.113.1")]).toEqual([200, 401]);
  });

  it("that want a bound token of an administrator refuse one that anyone could show", async () => {
    const policy = {
      ...JSON.parse(POLICY),
      tenants: { strict: { require: [{ proof: ["dpop"], scopes: ["admin"] }] } },
      routes: {},
    };
    const own = await inhabited({ POLICY: JSON.stringify(policy) });
    const call = async (method: string, path: string, key: string, json?: unknown) =>
      await send(own.platform, method, `/admin/v1${path}`, { key, json });
    await call("POST", "/tenants", own.admin, { name: "strict" });
    const wanted = { tenant: "strict", name: "k" };
    const keyOf = async (scopes: string[]) => (await call("POST", "/keys", own.admin, { ...wanted, scopes })).json.key;
    expect(codeOf(await call("GET", "/keys", await keyOf(["admin:strict"])))).toEqual([403, "permission_denied"]);
    expect((await call("GET", "/keys", await keyOf(["operator:strict"]))).status).toBe(200);
    await close(own.platform);
  });
});

// The permission matrix, cell by cell, asked of control over HTTP. The cells are the matrix's own data: an action without
// an example here does not compile, and a route that the matrix does not have fails.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../../identity/scopes.ts";
import { ACTIONS, type ActionOf } from "../../../policy/actions.ts";
import { actionOf, MATRIX_COLUMNS, type MatrixColumn, printMatrix } from "../../../policy/matrix.ts";
import { app } from "../../../workers/control/app.ts";
import { close, inhabited, type Platform, send } from "./platform.ts";
import type { Wire } from "./wire.ts";

const LIVE = { tenant: "acme", name: "target", scopes: ["infer:small"] };

const IDP = { issuer: "https://idp.test", tenants: ["acme"], audiences: ["a"], grants: [{ scopes: ["infer:*"] }] };
const POLICY = JSON.stringify({ version: 1, models: {}, issuers: [IDP] });
const SUBJECT = { tenant: "acme", issuer: IDP.issuer, claims: { sub: "alice" } };

let platform: Platform;
let admin: string;

beforeAll(async () => {
  ({ platform, admin } = await inhabited({ POLICY }));
  for (const name of ["acme", "other"]) await made("/admin/v1/tenants", { name });
});
afterAll(async () => await close(platform));

async function made(path: string, json: unknown): Promise<Wire> {
  const answer = await send(platform, "POST", path, { key: admin, json });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json;
}

interface Asked {
  /** what stands in the path's braces */
  readonly at?: string;
  readonly query?: string;
  readonly json?: unknown;
}

const aKey = async (): Promise<string> => (await made("/admin/v1/keys", LIVE)).id;
const aClient = async (): Promise<string> => (await made("/admin/v1/clients", LIVE)).client_id;
let tenants = 0;

/** A request that is right in everything but, perhaps, who asks. Each is about a credential of its own in tenant acme. */
const EXAMPLES: Readonly<Record<ActionOf<"admin">, () => Promise<Asked>>> = {
  "tenants.create": async () => ({ json: { name: `t${tenants++}` } }),
  "tenants.list": async () => ({}),
  "keys.create": async () => ({ json: LIVE }),
  "keys.list": async () => ({}),
  "keys.show": async () => ({ at: await aKey() }),
  "keys.usage": async () => ({ at: await aKey() }),
  "keys.change": async () => ({ at: await aKey(), json: { name: "renamed" } }),
  "keys.rotate": async () => ({ at: await aKey(), json: {} }),
  "keys.revoke": async () => ({ at: await aKey() }),
  "clients.create": async () => ({ json: LIVE }),
  "clients.list": async () => ({}),
  "clients.show": async () => ({ at: await aClient() }),
  "clients.usage": async () => ({ at: await aClient() }),
  "clients.change": async () => ({ at: await aClient(), json: { name: "renamed" } }),
  "clients.rotate_secret": async () => ({ at: await aClient(), json: {} }),
  "clients.revoke": async () => ({ at: await aClient() }),
  "subjects.find": async () => ({ json: SUBJECT }),
  "subjects.revoke": async () => ({ json: SUBJECT }),
  "subjects.restore": async () => ({ json: SUBJECT }),
  "usage.show": async () => ({ query: `?key=${await aKey()}` }),
  "events.list": async () => ({}),
  "models.list": async () => ({}),
  "signing_keys.list": async () => ({}),
  "signing_keys.impact": async () => ({ at: "at-1" }),
  "signing_keys.rotate": async () => ({ json: { purpose: "access_token" } }),
  "signing_keys.withdraw": async () => ({ at: "at-1", json: {} }),
};
const ROUTES = ACTIONS.filter((row) => row.api === "admin");

const holders = new Map<string, string>();

/** A key with this one scope. */
async function holderOf(scope: string): Promise<string> {
  const known = holders.get(scope);
  if (known !== undefined) return known;
  const { key } = await made("/admin/v1/keys", { tenant: "acme", name: scope, scopes: [scope] });
  holders.set(scope, key);
  return key;
}

const scopeOf = (column: MatrixColumn, tenant: string): string =>
  column.replace("TENANT", tenant).replace(/MODEL|ORIGIN\/PATH/, "*");

async function ask(row: (typeof ROUTES)[number], scope: string) {
  const { at = "", query = "", json } = await EXAMPLES[row.action]();
  const path = row.path.replace(/\{[a-z]+\}/, at) + query;
  const answer = await send(platform, row.method, path, {
    key: await holderOf(scope),
    ...(json === undefined ? {} : { json }),
  });
  return { at, answer };
}

describe.each(ROUTES)("$action ($method $path)", (row) => {
  it.each(MATRIX_COLUMNS)("by %s is what the matrix says", async (column) => {
    const allowed = printMatrix().find(({ action }) => action === row.action)?.cells[column];
    const { answer } = await ask(row, scopeOf(column, "acme"));
    expect([answer.status < 300, answer.status === 403, answer.text]).toEqual([allowed, !allowed, expect.any(String)]);
    if (!allowed) expect(answer.json.error.code).toBe("permission_denied");
  });

  it("without a key is 401", async () => {
    const { at = "", query = "" } = await EXAMPLES[row.action]();
    const { status } = await send(platform, row.method, row.path.replace(/\{[a-z]+\}/, at) + query);
    expect(status).toBe(401);
  });
});

describe("a role over another tenant", () => {
  const own = ROUTES.filter(({ perTenant }) => perTenant).flatMap((row) =>
    ROLES.filter((role) => row.roles.includes(role)).map((role) => ({ row, role })),
  );
  it.each(own)(
    "$role:other, asking for $row.action, gets nothing of acme's and learns nothing",
    async ({ row, role }) => {
      const { at, answer } = await ask(row, `${role}:other`);
      if (answer.status === 200) {
        // a listing of what there is within reach: nothing yet
        expect(row.action).toMatch(/\.list$/);
        expect(Object.values(answer.json)).toContainEqual([]);
        expect(answer.text).not.toContain("acme");
      } else expect([403, 404]).toContain(answer.status);
      if (at === "") return;
      const kind = row.path.includes("/clients/") ? "clients" : "keys";
      const { json } = await send(platform, "GET", `/admin/v1/${kind}/${at}`, { key: admin });
      expect(json).toMatchObject({ name: "target", revoked_at: null, replaced_by: null });
      // as if it were not there
      const missing = await send(platform, row.method, row.path.replace(/\{[a-z]+\}/, `${at.slice(0, -4)}0000`), {
        key: await holderOf(`${role}:other`),
        json: row.method === "GET" || row.method === "DELETE" ? undefined : {},
      });
      expect([missing.status, missing.text]).toEqual([answer.status, answer.text]);
    },
  );
});

describe("control's routes", () => {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  const named = routes.map(({ method, path }) => actionOf(method, path.replaceAll(/:([a-z]+)/g, "{$1}")));

  it("are all in the matrix", () => {
    expect(routes.filter((_, at) => named[at] === null)).toEqual([]);
  });

  it("are all that the matrix has for administration, and what it has for everyone", () => {
    for (const { action, api } of ACTIONS)
      if (api === "admin" || /^(?:oauth|bootstrap|keys)\.|^metadata\.(?:issuer|jwks)$/.test(action))
        expect(named).toContain(action);
  });
});

// External subjects through the front door: found, revoked before or after they came, restored, and never another tenant's.
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subjectAccount } from "../../../identity/claims-mapping.ts";
import { issuerRuleSchema } from "../../../identity/issuer-rule.ts";
import { calls, failing, logs, subjects } from "../key-directory/fakes.ts";
import { type Answer, administrator, close, newPlatform, type Platform, type Sent, send } from "./platform.ts";

const RULE = {
  issuer: "https://idp.test",
  tenants: ["demo", "other"],
  tenant: `${"$"}{org}`,
  audiences: ["a"],
  grants: [{ scopes: ["infer:*"] }],
};
const ALICE = { tenant: "demo", issuer: RULE.issuer, claims: { sub: "alice" } };

let platform: Platform;
let admin: string;
let account: string;

beforeEach(async () => {
  platform = await newPlatform({
    POLICY: JSON.stringify({
      version: 1,
      models: {},
      tenants: { demo: { default_limits: { concurrency: 4 }, jurisdiction: "eu" } },
      issuers: [RULE],
    }),
  });
  admin = await administrator(platform);
  account = (await subjectAccount({ sub: "alice" }, "demo", issuerRuleSchema.parse(RULE))) ?? "";
  calls.length = 0;
});
afterEach(async () => await close(platform));

const ask = async (verb: string, json: unknown, sent: Sent = {}): Promise<Answer> =>
  await send(platform, "POST", `/admin/v1/subjects/${verb}`, { key: admin, json, ...sent });
const acts = (): unknown[] =>
  [...logs.values()].flat().flatMap(({ open }) => (open.kind === "admin" ? [[open.action, open.target]] : []));

describe("a subject", () => {
  it("is found by the claims that its issuer's rule makes an account of, whether it came or not", async () => {
    const { status, json } = await ask("find", ALICE);
    expect(status).toBe(200);
    expect(json).toMatchObject({ tenant: "demo", account, jurisdiction: "eu", revoked: false, last_used_at: null });
    expect(json.limits.concurrency).toBe(4);
    expect(calls.filter(({ to }) => to === "gateway.provision")).toEqual([]);
  });

  it("is revoked before it ever came, and stays so when that is said again", async () => {
    for (let i = 0; i < 2; i++) {
      const { status, json } = await ask("revoke", ALICE);
      expect([status, json.account, json.revoked]).toEqual([200, account, true]);
    }
    expect(subjects.get(`eu/${account}`)?.rows).toEqual(new Map([[account, true]]));
    expect(calls.find(({ to }) => to === "gateway.provision")?.with).toMatchObject({
      jurisdiction: "eu",
      tenant: "demo",
      log: "default",
      limits: { concurrency: 4 },
      credential: { id: account, kind: "subject" },
    });
  });

  it("is restored by a row of its own, and revoked again with all its rows", async () => {
    await ask("revoke", ALICE);
    const restored = await ask("restore", { tenant: "demo", account });
    expect([restored.status, restored.json.revoked]).toEqual([200, false]);
    expect(subjects.get(`eu/${account}`)?.rows.size).toBe(2);
    await ask("restore", ALICE);
    expect(subjects.get(`eu/${account}`)?.rows.size).toBe(2);
    expect((await ask("revoke", ALICE)).json.revoked).toBe(true);
    expect([...(subjects.get(`eu/${account}`)?.rows.values() ?? [])]).toEqual([true, true]);
  });

  it("that never came needs no restoring, and no ledger is made for it", async () => {
    expect((await ask("restore", ALICE)).json.revoked).toBe(false);
    expect(subjects.size).toBe(0);
  });

  it("leaves each act in the log, by its account, never by its name", async () => {
    await ask("revoke", ALICE);
    await ask("restore", ALICE);
    await runDurableObjectAlarm(platform.directory);
    await expect.poll(acts).toEqual(
      expect.arrayContaining([
        ["subject.revoke", account],
        ["subject.restore", account],
      ]),
    );
    expect(JSON.stringify([...logs.values()])).not.toContain("alice");
  });
});

describe("what is refused", () => {
  it.each([
    ["no subject", {}],
    ["no tenant", { account: "x" }],
    ["account and claims at once", { ...ALICE, account: `ext_${"0".repeat(32)}` }],
    ["an account of our own", { tenant: "demo", account: "acct_1" }],
    ["an issuer that policy does not name", { ...ALICE, issuer: "https://evil.test" }],
    ["a tenant that the issuer does not speak for", { ...ALICE, tenant: "system" }],
    ["claims that make no account", { ...ALICE, claims: { name: "alice" } }],
    ["claims of another type", { ...ALICE, claims: { sub: 1 } }],
    ["another field", { ...ALICE, force: true }],
  ])("%s is 400, and nothing is told to any ledger", async (_, json) => {
    for (const verb of ["find", "revoke", "restore"]) expect((await ask(verb, json)).status).toBe(400);
    expect(calls.filter(({ to }) => to.startsWith("gateway."))).toEqual([]);
  });

  it("an account that nobody has, or that is another tenant's, is 404: nobody is shut out by guessing", async () => {
    const strange = { tenant: "demo", account: `ext_${"1".repeat(32)}` };
    for (const verb of ["find", "revoke", "restore"]) expect((await ask(verb, strange)).status).toBe(404);
    await ask("revoke", { ...ALICE, tenant: "other" });
    const [name = ""] = subjects.keys();
    const theirs = name.replace("none/", "");
    subjects.set(`eu/${theirs}`, { tenant: "other", rows: new Map([[theirs, false]]) });
    for (const verb of ["find", "revoke", "restore"])
      expect((await ask(verb, { tenant: "demo", account: theirs })).status).toBe(404);
    expect(subjects.get(`eu/${theirs}`)?.rows.get(theirs)).toBe(false);
  });

  it("a ledger that cannot be reached is 503, and a repeat does the whole of it", async () => {
    failing.add("gateway.revoke");
    expect((await ask("revoke", ALICE)).status).toBe(503);
    failing.clear();
    expect((await ask("revoke", ALICE)).json.revoked).toBe(true);
  });

  it("whoever is no administrator", async () => {
    for (const verb of ["find", "revoke", "restore"]) {
      expect((await ask(verb, ALICE, { key: undefined })).status).toBe(401);
      expect((await ask(verb, ALICE, { key: "x.y.z" })).status).toBe(401);
    }
  });
});

describe("a tenant", () => {
  const create = async (json: Record<string, unknown>): Promise<Answer> =>
    await send(platform, "POST", "/admin/v1/tenants", { key: admin, json });

  it("is made where policy says that its subjects lie, and nowhere else", async () => {
    expect((await create({ name: "demo", jurisdiction: "us" })).json.error).toMatchObject({ param: "jurisdiction" });
    expect((await create({ name: "demo", log: "else" })).json.error).toMatchObject({ param: "log" });
    const made = await create({ name: "demo" });
    expect([made.status, made.json.jurisdiction, made.json.log]).toEqual([201, "eu", "default"]);
    expect((await create({ name: "other", jurisdiction: "eu" })).status).toBe(400);
    expect((await create({ name: "third", jurisdiction: "us", log: "third" })).status).toBe(201);
  });
});

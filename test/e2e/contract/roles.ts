// Tenants' own people, across the Workers: what each may reach of his tenant, and nothing of another's.
import { beforeAll, describe, expect, it } from "vitest";
import { admin, chat, envelope, type MintedKey, mintKey, type Target } from "./target.ts";

interface Page {
  readonly records: readonly Record<string, unknown>[];
  readonly next_cursor: string | null;
}

export function rolesContract(target: () => Target): void {
  describe("roles over a tenant", () => {
    let own: MintedKey;
    let admins: MintedKey;
    let auditor: MintedKey;

    beforeAll(async () => {
      await admin(target(), "POST", "/tenants", { name: "acme" });
      await admin(target(), "POST", "/tenants", { name: "solo", log: "solo" });
      own = await mintKey(target(), { tenant: "acme" });
      admins = await mintKey(target(), { tenant: "acme", scopes: ["admin:acme"] });
      auditor = await mintKey(target(), { tenant: "acme", scopes: ["auditor:acme", "auditor:solo"] });
    });

    const as = (key: string, method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(target().url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const records = async (path: string): Promise<Page> => (await (await as(auditor.key, "GET", path)).json()) as Page;

    it("a tenant's administrator mints a key that works, within his tenant, and none that reaches further", async () => {
      const wanted = { tenant: "acme", name: "mine", scopes: ["infer:*"] };
      const made = await as(admins.key, "POST", "/admin/v1/keys", wanted);
      expect(made.status).toBe(201);
      const { key } = (await made.json()) as MintedKey;
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${key}` })).status).toBe(200);
      for (const over of [{ tenant: "demo" }, { scopes: ["admin"] }, { scopes: ["auditor"] }])
        expect((await as(admins.key, "POST", "/admin/v1/keys", { ...wanted, ...over })).status).toBe(403);
    });

    it("sees and stops the keys of his tenant and no others", async () => {
      const theirs = await mintKey(target());
      const { keys } = (await (await as(admins.key, "GET", "/admin/v1/keys?limit=200")).json()) as {
        keys: { id: string; tenant: string }[];
      };
      expect(new Set(keys.map(({ tenant }) => tenant))).toEqual(new Set(["acme"]));
      expect(keys.map(({ id }) => id)).toContain(own.id);
      const missed = await as(admins.key, "DELETE", `/admin/v1/keys/${theirs.id}`);
      expect([missed.status, (await envelope(missed)).code]).toEqual([404, "not_found"]);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${theirs.key}` })).status).toBe(200);
      const mine = await mintKey(target(), { tenant: "acme" });
      expect((await as(admins.key, "DELETE", `/admin/v1/keys/${mine.id}`)).status).toBe(200);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${mine.key}` })).status).toBe(401);
    });

    it("a tenant's auditor reads his tenant's requests out of the shared log, and no one else's", async () => {
      await (await chat(target(), "ok")).text();
      const mine = await chat(target(), "ok", {}, { authorization: `Bearer ${own.key}` });
      await mine.text();
      const id = mine.headers.get("x-request-id");
      await expect
        .poll(async () => (await records("/audit/v1/records?limit=5")).records.map(({ request_id }) => request_id), {
          timeout: 5000,
        })
        .toContain(id);
      const seen: Record<string, unknown>[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page: Page = await records(`/audit/v1/records?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
        seen.push(...page.records);
        cursor = page.next_cursor;
      }
      expect(new Set(seen.map(({ tenant }) => tenant))).toEqual(new Set(["acme"]));
      expect(JSON.stringify(seen)).not.toContain('"index"');
      for (const path of ["/audit/v1/checkpoint", "/audit/v1/tile/0/000", "/audit/v1/sinks"])
        expect((await as(auditor.key, "GET", path)).status).toBe(403);
      expect((await as(admins.key, "GET", "/audit/v1/records")).status).toBe(403);
    });

    it("a tenant's auditor reads tiles and checkpoint of a log that is the tenant's own", async () => {
      await expect
        .poll(async () => (await as(auditor.key, "GET", "/audit/v1/logs/solo/checkpoint")).status, { timeout: 5000 })
        .toBe(200);
      expect((await as(auditor.key, "GET", "/audit/v1/logs/solo/tile/entries/000.p/1")).status).toBe(200);
      const stranger = await mintKey(target(), { tenant: "acme", scopes: ["auditor:acme"] });
      expect((await as(stranger.key, "GET", "/audit/v1/logs/solo/checkpoint")).status).toBe(404);
    });

    it("an auditor who is narrowed, or bound to addresses, is held to it at the log's next answer", async () => {
      const { id, key } = await mintKey(target(), { scopes: ["auditor", "infer:*"] });
      const read = async () => (await as(key, "GET", "/audit/v1/checkpoint")).status;
      expect(await read()).toBe(200);
      await admin(target(), "PATCH", `/keys/${id}`, { allow_cidrs: ["203.0.113.0/24"] });
      expect(await read()).toBe(403);
      await admin(target(), "PATCH", `/keys/${id}`, { allow_cidrs: [] });
      expect(await read()).toBe(200);
      await admin(target(), "PATCH", `/keys/${id}`, { scopes: ["infer:*"] });
      expect(await read()).toBe(403);
    });

    it("a key that may exchange itself does so when it is time, in its account, without an administrator", async () => {
      const young = await mintKey(target(), { auto_rotate: true });
      const early = await as(young.key, "POST", "/admin/v1/keys/self/rotate", {});
      expect([early.status, (await envelope(early)).code]).toEqual([409, "not_due"]);
      const plain = await as(own.key, "POST", "/admin/v1/keys/self/rotate", {});
      expect(plain.status).toBe(403);
      // of a life of four seconds the second half is its time
      const old = await mintKey(target(), { auto_rotate: true, expires_in_s: 4, limits: { requests_per_day: 5 } });
      const exchange = () => as(old.key, "POST", "/admin/v1/keys/self/rotate", { overlap_s: 0 });
      let answer = await exchange();
      while (answer.status === 409) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        answer = await exchange();
      }
      expect(answer.status).toBe(201);
      const next = (await answer.json()) as MintedKey & { replaces: string };
      expect(next.replaces).toBe(old.id);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${next.key}` })).status).toBe(200);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${old.key}` })).status).toBe(401);
    });
  });
}

// What an auditor of a tenant reads, and that nothing of it tells of anyone else.

import { createExecutionContext } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { handleAudit } from "../../../workers/audit/app.ts";
import { append, env, get, newName, record, token } from "./support.ts";

interface Page {
  readonly records: readonly (Record<string, unknown> & { readonly request_id: string })[];
  readonly next_cursor: string | null;
}

const as = async (scopes: string, path: string): Promise<Response> =>
  await get(path, { authorization: `Bearer ${await token(scopes)}` });
const statusOf = async (scopes: string, path: string): Promise<number> => {
  const response = await as(scopes, path);
  await response.arrayBuffer();
  return response.status;
};
const pageOf = async (scopes: string, path: string): Promise<Page> => {
  const response = await as(scopes, path);
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Page;
};
const recordsOf = (log: string): string => (log === "default" ? "/audit/v1/records" : `/audit/v1/logs/${log}/records`);

async function everything(scopes: string, log: string, limit: number): Promise<Page["records"]> {
  const found: Page["records"][number][] = [];
  let cursor = "";
  for (;;) {
    const page = await pageOf(scopes, `${recordsOf(log)}?limit=${limit}${cursor}`);
    expect(page.records.length).toBeLessThanOrEqual(limit);
    found.push(...page.records);
    if (page.next_cursor === null) return found;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/** Every third record is acme's, every third beta's, every third nobody's. */
async function sharedLog(log = newName()): Promise<string> {
  const records = Array.from({ length: 30 }, (_, at) =>
    record(at + 1, at % 3 === 2 ? "tally" : "admin", `req_${at}`, { tenant: ["acme", "beta", undefined][at % 3] }),
  );
  await append({ log, source: "control", records });
  return log;
}

describe("an auditor of a tenant", () => {
  it.each([1, 2, 3, 7, 10, 500])("reads his tenant's records alone, each once, %s at a time", async (limit) => {
    const log = await sharedLog();
    const found = await everything("auditor:acme", log, limit);
    expect(found.map(({ request_id }) => request_id)).toEqual(
      Array.from({ length: 10 }, (_, at) => `req_${(9 - at) * 3}`),
    );
    for (const { tenant } of found) expect(tenant).toBe("acme");
  });

  it("of two tenants reads both, newest first", async () => {
    const log = await sharedLog();
    const ids = (await everything("auditor:acme auditor:beta infer:*", log, 3)).map(({ request_id }) => request_id);
    expect(ids).toEqual(
      Array.from({ length: 30 }, (_, at) => 29 - at)
        .filter((at) => at % 3 < 2)
        .map((at) => `req_${at}`),
    );
  });

  it("reads the outcome of his request, and nothing with a place in the log or among others' acts", async () => {
    const log = newName();
    await append({
      log,
      source: "ledger",
      records: [
        record(1, "intent", "r1", { model: "m" }, { subject: "alice" }),
        record(2, "outcome", "r1", { status: 200 }),
      ],
    });
    await append({
      log,
      source: "control",
      records: [record(1, "admin", "r2", { tenant: "beta" }), record(2, "admin", "r3")],
    });
    const { records } = await pageOf("auditor:acme", recordsOf(log));
    expect(records).toMatchObject([
      { request_id: "r3", kind: "admin" },
      { request_id: "r1", seq: 1, openings: { subject: { value: "alice" } }, outcome: { status: 200, seq: 2 } },
    ]);
    expect(JSON.stringify(records)).not.toContain('"index"');
    expect(records[0]).not.toHaveProperty("seq");
  });

  it("gets the same pages and cursors whatever others do around his records", async () => {
    const answers = new Set<string>();
    for (const others of [0, 1, 40]) {
      const log = newName();
      const ids = [0, 1, 2, 3].flatMap((at) => [
        ...Array.from({ length: others }, (_, i) => `beta_${i}`),
        `acme_${at}`,
      ]);
      const records = ids.map((id, at) => record(at + 1, "admin", id, { tenant: id.slice(0, 4), time_ms: 1 }));
      await append({ log, source: "control", records });
      const pages = [await pageOf("auditor:acme", `${recordsOf(log)}?limit=2`)];
      pages.push(await pageOf("auditor:acme", `${recordsOf(log)}?limit=2&cursor=${pages[0]?.next_cursor}`));
      answers.add(
        JSON.stringify(pages)
          .replaceAll(log, "LOG")
          .replaceAll(/"commitments":\{[^}]*\}/g, ""),
      );
    }
    expect(answers.size).toBe(1);
  });

  it("goes on in the middle of a request with several records", async () => {
    const log = newName();
    const records = Array.from({ length: 9 }, (_, at) =>
      record(at + 1, "admin", "req_same", { tenant: at % 2 === 0 ? "acme" : "beta", target: `t${at}` }),
    );
    await append({ log, source: "control", records });
    for (const limit of [1, 2, 3])
      expect((await everything("auditor:acme", log, limit)).map(({ target }) => target)).toEqual([
        "t8",
        "t6",
        "t4",
        "t2",
        "t0",
      ]);
  });

  it("cannot go on from a place of his own choosing, nor from another tenant's record", async () => {
    const log = await sharedLog();
    const wide = (await pageOf("auditor", `${recordsOf(log)}?limit=1`)).next_cursor;
    const others = (await pageOf("auditor:beta", `${recordsOf(log)}?limit=1`)).next_cursor;
    for (const cursor of [wide, others, "c1_1", "c2_cmVxXzE_0", "c2_AA_0"])
      expect([cursor, await statusOf("auditor:acme", `${recordsOf(log)}?cursor=${cursor}`)]).toEqual([cursor, 400]);
    // nor does the other kind work for who sees all
    expect(await statusOf("auditor", `${recordsOf(log)}?cursor=${others}`)).toBe(400);
  });

  it("reads tiles and checkpoint of a log that is his tenant's own, until another's record stands in it", async () => {
    const log = newName();
    const paths = ["checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"].map(
      (path) => `/audit/v1/logs/${log}/${path}`,
    );
    const statuses = async (scopes: string) => await Promise.all(paths.map((path) => statusOf(scopes, path)));
    await append({ log, source: "s", records: [record(1, "intent", "r1"), record(2, "outcome", "r1")] });
    expect(await statuses("auditor:acme")).toEqual([200, 200, 200]);
    // to anyone else's auditor it is as if it were not there
    expect(await statuses("auditor:beta")).toEqual([404, 404, 404]);
    await append({ log, source: "t", records: [record(1, "admin", "r2", { tenant: "beta" })] });
    expect(await statuses("auditor:acme")).toEqual([403, 403, 403]);
    expect(await statuses("auditor:beta")).toEqual([403, 403, 403]);
    expect(await statuses("auditor:acme auditor:beta")).toEqual([200, 200, 200]);
    expect(await statuses("auditor")).toEqual([200, 200, 200]);
    await append({ log, source: "u", records: [record(1, "tally", "r3", { tenant: undefined })] });
    expect(await statuses("auditor:acme auditor:beta")).toEqual([403, 403, 403]);
  });

  it("finds no log in which nothing is his, by any path", async () => {
    const [log, none] = [newName(), newName()];
    await append({ log, source: "s", records: [record(1, "admin", "r1", { tenant: "beta" })] });
    for (const path of ["records", "checkpoint", "tile/0/000.p/1"]) {
      const [there, missing] = [
        await as("auditor:acme", `/audit/v1/logs/${log}/${path}`),
        await as("auditor:acme", `/audit/v1/logs/${none}/${path}`),
      ];
      expect([there.status, await there.text()]).toEqual([404, await missing.text()]);
    }
  });

  it("has the default log's records, if there are any, and never its tiles", async () => {
    expect((await pageOf("auditor:zeta", "/audit/v1/records")).records).toEqual([]);
    await append({ log: "default", source: newName(), records: [record(1, "admin", "r1", { tenant: "zeta" })] });
    expect((await pageOf("auditor:zeta", "/audit/v1/records")).records).toHaveLength(1);
    for (const path of ["/audit/v1/checkpoint", "/audit/v1/tile/0/000.p/1", "/audit/v1/tile/entries/000.p/1"])
      expect(await statusOf("auditor:zeta", path)).toBe(403);
    expect(await statusOf("auditor:zeta", "/audit/v1/sinks")).toBe(403);
  });

  it("is nobody to whom a name that begins like his tenant's means anything", async () => {
    const log = newName();
    await append({ log, source: "s", records: [record(1, "admin", "r1")] });
    for (const scopes of ["auditor:acm", "auditor:acme2", "auditor:a", "auditor:z"])
      expect(await statusOf(scopes, recordsOf(log))).toBe(404);
    for (const scopes of ["auditor:", "auditor:*", "auditor:Acme", "admin:acme", "operator:acme"])
      expect(await statusOf(scopes, recordsOf(log))).toBe(403);
  });
});

describe("policy's network rules", () => {
  const ask = async (policy: unknown, address: string | null, path = "/audit/v1/records"): Promise<number> => {
    const headers = new Headers({ authorization: `Bearer ${await token("auditor")}` });
    if (address !== null) headers.set("cf-connecting-ip", address);
    const request = new Request(`https://audit.example${path}`, { headers });
    const own = { ...env, POLICY: JSON.stringify({ version: 1, models: {}, ...(policy as object) }) };
    return (await handleAudit(request, own, createExecutionContext())).status;
  };

  it("of the reader's tenant and of the route hold at the log's door", async () => {
    const tenants = { acme: { allow_cidrs: ["192.0.2.0/24"] } };
    expect([
      await ask({ tenants }, "192.0.2.1"),
      await ask({ tenants }, "198.51.100.1"),
      await ask({ tenants }, null),
    ]).toEqual([200, 403, 403]);
    const routes = { "log.records": { deny_cidrs: ["198.51.100.0/24"] } };
    expect([await ask({ routes }, "192.0.2.1"), await ask({ routes }, "198.51.100.1")]).toEqual([200, 403]);
    expect(await ask({ routes }, "198.51.100.1", "/audit/v1/checkpoint")).toBe(200);
    expect(
      await ask({ routes: { "audit.*": { allow_cidrs: ["192.0.2.0/24"] } } }, "198.51.100.1", "/audit/v1/sinks"),
    ).toBe(403);
    expect(await ask({ tenants: { other: tenants.acme } }, null)).toBe(200);
  });

  it("that cannot be read let nobody in", async () => {
    expect(await ask({ version: 2 }, "192.0.2.1")).toBe(503);
  });
});

import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { type Openings, opensCommitment, webSha256 } from "../../../transparency/index.ts";
import { batch, env, newLog, record, verify } from "./support.ts";

describe("a log that nobody has written to", () => {
  it("is no log, and a look does not make it one", async () => {
    const log = newLog();
    expect(await log.stub.checkpoint(log.name)).toBeNull();
    expect(await log.stub.resource(log.name, { level: 0, index: 0, width: 1 })).toBeNull();
    expect(await log.stub.records(log.name, null, 10)).toBeNull();
    expect(await log.stub.entries(log.name, 0)).toBeNull();
    await runInDurableObject(log.stub, (_, state) => {
      expect(state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'entries'").toArray()).toEqual([]);
    });
  });

  it("but the default one has a signed checkpoint of size 0", async () => {
    const fixture = { ...newLog(), name: "default", stub: env.AUDIT_LOG.getByName("default") };
    const report = await verify(fixture);
    expect(report.problems).toEqual([]);
    expect(report.checkpoint?.size).toBe(0);
  });
});

describe("records", () => {
  it("are joined by request id, newest first, page by page, while the log grows", async () => {
    const log = newLog();
    const records = [
      record(1, "intent", "r1"),
      record(2, "intent", "r2"),
      record(3, "outcome", "r1"),
      record(4, "refusal", "r3"),
      record(5, "admin", "r4"),
    ];
    await log.stub.append({ log: log.name, source: "a", records });
    const seen: string[] = [];
    let before: number | null = null;
    do {
      const page = await log.stub.records(log.name, before, 2);
      for (const { first, outcome } of page?.records ?? []) {
        const { request_id, kind } = JSON.parse(first.leaf) as { request_id: string; kind: string };
        seen.push(`${request_id} ${kind} ${outcome === null ? "-" : outcome.index}`);
      }
      await log.stub.append(batch(log.name, `late${seen.length}`, 1, 1));
      before = page?.next ?? null;
    } while (before !== null);
    expect(seen).toEqual(["r4 admin -", "r3 refusal -", "r2 intent -", "r1 intent 2"]);
  });

  it("come with openings that fit their commitments, until they are erased; the proofs hold on", async () => {
    const log = newLog();
    const personal = { client_address: "192.0.2.9", subject: "alice@example.com" };
    await log.stub.append({
      log: log.name,
      source: "a",
      records: [
        record(1, "intent", "r1", personal),
        record(2, "outcome", "r1", { result_sha256: "x" }),
        record(3, "admin", "r2", personal),
      ],
    });
    const page = await log.stub.records(log.name, null, 10);
    const joined = page?.records.find(({ first }) => first.leaf.includes('"r1"'));
    if (!joined?.first.openings) throw new Error("no openings");
    const { commitments } = JSON.parse(joined.first.leaf) as { commitments: Record<string, string> };
    const openings = JSON.parse(joined.first.openings) as Openings;
    expect(openings.subject?.value).toBe("alice@example.com");
    if (openings.subject === undefined) throw new Error("no opening");
    expect(await opensCommitment(commitments.subject ?? "", openings.subject, webSha256)).toBe(true);

    const before = await verify(log);
    const erased = await log.stub.erase(log.name, "r1");
    expect(erased.openings).toBe(2);
    expect(erased.final_at_ms - erased.erased_at_ms).toBe(30 * 24 * 3600 * 1000);
    const after = await log.stub.records(log.name, null, 10);
    expect(after?.records.map(({ first, outcome }) => [first.openings === null, outcome?.openings ?? null])).toEqual([
      [false, null],
      [true, null],
    ]);
    expect(await verify(log)).toEqual(before);
    await runInDurableObject(log.stub, (_, state) => {
      const rest = JSON.stringify(state.storage.sql.exec("SELECT body FROM openings").toArray());
      expect(rest.match(/alice/g)).toHaveLength(1);
    });
  });

  it("of a page that is asked for past its bound end at the bound, and the next page goes on from there", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 600));
    const page = await log.stub.records(log.name, null, 10_000);
    expect([page?.records.length, page?.next]).toEqual([500, 100]);
    expect((await log.stub.records(log.name, 100, 10_000))?.records).toHaveLength(100);
  });

  it("no personal value stands in a leaf, a bundle or what a sink is given", async () => {
    const log = newLog();
    const personal = {
      client_address: "203.0.113.77",
      subject: "alice@example.com",
      prompt_sha256: "PROMPTDIGEST",
      result_sha256: "RESULTDIGEST",
    };
    await log.stub.append({ log: log.name, source: "a", records: [record(1, "intent", "r1", personal)] });
    const bundle = await log.stub.resource(log.name, { level: "entries", index: 0, width: 1 });
    const range = await log.stub.entries(log.name, 0);
    const shown = new TextDecoder().decode(bundle ?? new Uint8Array()) + JSON.stringify(range);
    expect(shown).toContain('"commitments"');
    for (const value of Object.values(personal)) expect(shown).not.toContain(value);
  });
});

describe("tiles and ranges", () => {
  it("exist at every width that the tree has reached and at no other", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 300));
    const length = async (level: number | "entries", index: number, width: number): Promise<number | null> =>
      (await log.stub.resource(log.name, { level, index, width }))?.length ?? null;
    expect(await length(0, 0, 256)).toBe(8192);
    expect(await length(0, 0, 255)).toBe(255 * 32);
    expect(await length(0, 1, 44)).toBe(44 * 32);
    expect(await length(0, 1, 1)).toBe(32);
    expect(await length(0, 1, 45)).toBeNull();
    expect(await length(0, 1, 256)).toBeNull();
    expect(await length(0, 2, 1)).toBeNull();
    expect(await length(1, 0, 1)).toBe(32);
    expect(await length(1, 0, 2)).toBeNull();
    expect(await length(2, 0, 1)).toBeNull();
    expect(await length("entries", 1, 45)).toBeNull();
  });

  it("a range ends where the log does, and holds at most 512 leaves", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 600));
    const range = await log.stub.entries(log.name, 0);
    expect([range?.leaves.length, range?.size]).toEqual([512, 600]);
    expect((await log.stub.entries(log.name, 512))?.leaves).toHaveLength(88);
    expect((await log.stub.entries(log.name, 600))?.leaves).toEqual([]);
  });
});

describe("revocations", () => {
  it("hold until the token has expired, of two dates until the later, and are then dropped", async () => {
    const { stub } = newLog();
    const now = Date.now();
    expect(await stub.isRevoked("key_1")).toBe(false);
    await stub.revoke([
      { credential_id: "key_1", expires_at_ms: now + 3_600_000 },
      { credential_id: "key_old", expires_at_ms: now - 3_600_000 },
    ]);
    await stub.revoke([{ credential_id: "key_1", expires_at_ms: now - 3_600_000 }]);
    expect(await stub.isRevoked("key_1")).toBe(true);
    expect(await stub.isRevoked("key_2")).toBe(false);
    expect(await stub.isRevoked("key_old")).toBe(false);
  });
});

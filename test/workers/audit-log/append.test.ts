import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { expectedSeq } from "../../../durable-objects/audit-log/errors.ts";
import { batch, env, errorOf, newLog, record, verify } from "./support.ts";

describe("append", () => {
  it("answers with the last sequence number once the records stand under a signed checkpoint", async () => {
    const log = newLog();
    expect(await log.stub.append(batch(log.name, "a", 1, 3))).toEqual({ acked_seq: 3 });
    const report = await verify(log);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(3);
  });

  it("takes each record once, however often and however overlapped its batch comes", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 3));
    expect(await log.stub.append(batch(log.name, "a", 1, 3))).toEqual({ acked_seq: 3 });
    expect(await log.stub.append(batch(log.name, "a", 2, 5))).toEqual({ acked_seq: 5 });
    expect(await log.stub.append(batch(log.name, "a", 1, 1))).toEqual({ acked_seq: 5 });
    const report = await verify(log);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(5);
  });

  it("refuses a batch behind a gap, says what it wants, and takes others of the same turn", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 2));
    const [gap, other] = await Promise.allSettled([
      log.stub.append(batch(log.name, "a", 4, 5)),
      log.stub.append(batch(log.name, "b", 1, 1)),
    ]);
    expect(gap.status === "rejected" && expectedSeq(gap.reason)).toBe(3);
    expect(other).toEqual({ status: "fulfilled", value: { acked_seq: 1 } });
    expect(expectedSeq(await errorOf(log.stub.append(batch(log.name, "c", 2, 2))))).toBe(1);
    expect((await verify(log)).verified).toBe(3);
  });

  it("signs once for all appends that come together, a batch sent twice in it included", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "first", 1, 1));
    const before = log.controls.signed;
    const answers = await runInDurableObject(log.stub, (object) =>
      Promise.all([
        ...Array.from({ length: 20 }, (_, at) => object.append(batch(log.name, `s${at}`, 1, 5))),
        object.append(batch(log.name, "s0", 1, 5)),
        object.append(batch(log.name, "s0", 6, 6)),
      ]),
    );
    expect(answers.map(({ acked_seq }) => acked_seq)).toEqual([...Array(20).fill(5), 5, 6]);
    expect(log.controls.signed - before).toBe(1);
    const report = await verify(log);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(102);
  });

  it("does not sign for a batch that brings nothing new", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 2));
    const before = log.controls.signed;
    await log.stub.append(batch(log.name, "a", 1, 2));
    await log.stub.append({ log: log.name, source: "a", records: [] });
    expect(log.controls.signed).toBe(before);
  });

  it.each([
    ["a log that cannot be named so", (name: string) => ({ ...batch(name, "a", 1, 1), log: "../x" })],
    ["no source", (name: string) => batch(name, "", 1, 1)],
    ["a source with a space", (name: string) => batch(name, "a b", 1, 1)],
    ["a sequence that starts at 0", (name: string) => batch(name, "a", 0, 1)],
    [
      "a sequence with a hole",
      (name: string) => ({ log: name, source: "a", records: [record(1, "admin", "r"), record(3, "admin", "s")] }),
    ],
    ["1,001 records", (name: string) => batch(name, "a", 1, 1001)],
  ])("refuses %s", async (_, make) => {
    const log = newLog();
    expect((await errorOf(log.stub.append(make(log.name)))).message).toContain("audit batch invalid");
  });

  it("takes 1,000 records at once", async () => {
    const log = newLog();
    expect(await log.stub.append(batch(log.name, "a", 1, 1000))).toEqual({ acked_seq: 1000 });
    expect((await verify(log)).problems).toEqual([]);
  });

  it("does not write into an object that is another log's", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 1));
    expect((await errorOf(log.stub.append(batch("other", "a", 2, 2)))).message).toContain("another log");
    expect((await verify(log)).verified).toBe(1);
  });
});

describe("a log that was evicted", () => {
  it("goes on where its rows say, across tile borders", async () => {
    const log = newLog();
    let seq = 1;
    for (const count of [1, 254, 1, 1, 300, 211]) {
      await log.stub.append(batch(log.name, "a", seq, seq + count - 1));
      seq += count;
      await evictDurableObject(log.stub);
    }
    const report = await verify(log);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(768);
  });

  it("still knows what it took", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 3));
    await evictDurableObject(log.stub);
    expect(await log.stub.append(batch(log.name, "a", 1, 4))).toEqual({ acked_seq: 4 });
    expect((await verify(log)).verified).toBe(4);
  });

  it("signs nothing more once its rows and its checkpoint disagree", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 5));
    await runInDurableObject(log.stub, (_, state) => {
      state.storage.sql.exec("UPDATE entries SET hash = zeroblob(32) WHERE idx = 2");
    });
    await evictDurableObject(log.stub);
    expect((await errorOf(log.stub.append(batch(log.name, "a", 6, 6)))).message).toContain("audit log corrupt");
    expect((await errorOf(log.stub.checkpoint(log.name))).message).toContain("audit log corrupt");
  });

  it("is signed again, as the same tree, when its key was changed", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 5));
    const before = await verify(log);
    await evictDurableObject(log.stub);
    log.controls.key = "KEY_TWO";
    const after = await verify(log, "KEY_TWO");
    expect(after.problems).toEqual([]);
    expect(after.checkpoint?.root).toEqual(before.checkpoint?.root);
  });
});

describe("a commit that fails", () => {
  it("leaves nothing behind, and the same batch is taken when it comes again", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 2));
    await runInDurableObject(log.stub, (_, state) => {
      state.storage.sql.exec("INSERT INTO sources (source, acked_seq) VALUES ('x', 0)");
      // the last statement of the transaction fails: everything before it must go as well
      state.storage.sql.exec("CREATE TRIGGER broken BEFORE UPDATE ON state BEGIN SELECT RAISE(ABORT, 'disk'); END");
    });
    await errorOf(log.stub.append(batch(log.name, "a", 3, 4)));
    const fresh = env.AUDIT_LOG.getByName(log.name);
    await runInDurableObject(fresh, (_, state) => {
      expect(state.storage.sql.exec("SELECT count(*) AS n FROM entries").one().n).toBe(2);
      state.storage.sql.exec("DROP TRIGGER broken");
    });
    expect(await fresh.append(batch(log.name, "a", 3, 4))).toEqual({ acked_seq: 4 });
    const report = await verify({ ...log, stub: fresh });
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(4);
  });

  it("but was persisted is repeated by its caller, and each record still stands once", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 2));
    log.controls.dieOnTell = true;
    await errorOf(log.stub.append(batch(log.name, "a", 3, 4)));
    log.controls.dieOnTell = false;
    const fresh = env.AUDIT_LOG.getByName(log.name);
    expect(await fresh.append(batch(log.name, "a", 3, 4))).toEqual({ acked_seq: 4 });
    const report = await verify({ ...log, stub: fresh });
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(4);
  });
});

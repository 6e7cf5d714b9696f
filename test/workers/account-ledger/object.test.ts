// The object inside workerd, on real storage: what it promises of commits, crashes, alarms and the log.
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { toSnapshot } from "../../../durable-objects/account-ledger/snapshot.ts";
import { ledgerName } from "../../../protocol/ids.ts";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { logOf } from "./fake-log.ts";
import { admission, caller, keyRow, listing, newId, provisioning, refusal, settlement } from "./support.ts";
import { clock, TEST_LIMITS, type TestLedger } from "./test-ledger.ts";

const DAY = 86_400_000;
let made = 0;

/** A ledger of its own for each test, provisioned with `limits`. */
async function ledger(limits: QuotaLimits = {}, credential = keyRow()) {
  const account = `acme/${++made}`;
  const name = ledgerName("none", account);
  const namespace = (env as unknown as { LEDGER: DurableObjectNamespace<TestLedger> }).LEDGER;
  // a stub that has seen its object die stays broken: each use takes a fresh one, as the gateway's retry does
  const fresh = () => namespace.getByName(name);
  const stub = fresh();
  await stub.provision(provisioning(limits, credential, account));
  const who = caller({ account });
  return {
    stub,
    log: logOf(name),
    fresh,
    admit: (over: Parameters<typeof admission>[0] = {}) => admission({ caller: who, ...over }),
    refuse: (over: Parameters<typeof refusal>[0] = {}) => refusal({ caller: who, ...over }),
    list: () => listing({ caller: who }),
    rows: () =>
      runInDurableObject(fresh(), (_, { storage }) => storage.sql.exec("SELECT * FROM journal").toArray().length),
    /** the state, without how far the log is known to be: that is written with the next commit and may be said again */
    memory: () =>
      runInDurableObject(fresh(), ({ inside }) => {
        const {
          clockMs: _,
          shippedRecord: __,
          shippedRow: ___,
          ...state
        } = JSON.parse(toSnapshot(inside.commits.state));
        return state as unknown;
      }),
    shipped: () => runInDurableObject(fresh(), ({ inside }) => inside.commits.state.shippedRecord),
    /** everything in the object's tables, as text */
    dump: () =>
      runInDurableObject(fresh(), (_, { storage }) =>
        JSON.stringify(["journal", "snapshot"].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray())),
      ),
  };
}

/** Waits as long as a busy machine may take; what is asserted is that it comes, not when. */
function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 15_000, interval: 20 });
}

afterEach(() => {
  clock.aheadMs = 0;
});

async function countCommits(stub: DurableObjectStub<TestLedger>): Promise<() => Promise<number>> {
  let commits = 0;
  await runInDurableObject(stub, (_, { storage }) => {
    const { transactionSync } = storage;
    storage.transactionSync = (closure) => {
      commits++;
      return transactionSync.call(storage, closure) as ReturnType<typeof closure>;
    };
  });
  return async () => commits;
}

test("64 calls at once on a daily limit of 40: exactly 40 are admitted, in a handful of commits", async () => {
  const { stub, admit } = await ledger({ requests_per_day: 40 });
  const commits = await countCommits(stub);
  const replies = await Promise.all(Array.from({ length: 64 }, () => stub.admit(admit(), [])));
  expect(replies.filter(({ admitted }) => admitted)).toHaveLength(40);
  expect(await commits()).toBeLessThanOrEqual(8);
});

test("memory is a copy: corrupted, then evicted, storage wins", async () => {
  const { stub, admit, memory } = await ledger({ requests_per_day: 3 });
  expect((await stub.admit(admit(), [])).admitted).toBe(true);
  const before = await memory();
  await runInDurableObject(stub, ({ inside }) => {
    inside.commits.state.windows = { ...inside.commits.state.windows, requestsOfDay: 1000 };
    inside.commits.state.open.clear();
  });
  expect(await memory()).not.toEqual(before);
  await evictDurableObject(stub);
  expect(await memory()).toEqual(before);
  expect((await stub.admit(admit(), [])).admitted).toBe(true);
});

test("after many snapshots in many parts, an evicted ledger is what it was", async () => {
  const { stub, admit, refuse, memory, rows } = await ledger({ requests_per_minute: 600, tokens_per_day: 100_000 });
  for (let round = 0; round < 8; round++) {
    const commands = Array.from({ length: 8 }, () => admit());
    await Promise.all(commands.map((command) => stub.admit(command, [])));
    await Promise.all(commands.slice(2).map(({ requestId }) => stub.settle([settlement(requestId)])));
    await stub.refuse(refuse(), []);
  }
  await until(async () => (await rows()) < 40);
  const before = await memory();
  await evictDurableObject(stub);
  expect(await memory()).toEqual(before);
});

test("a write that fails rejects its calls and rebuilds memory from the journal", async () => {
  const { stub, fresh, admit } = await ledger({ requests_per_day: 5 });
  await stub.admit(admit(), []);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  });
  const failed = await Promise.allSettled([1, 2, 3].map(() => stub.admit(admit(), [])));
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  const again = fresh();
  await runInDurableObject(again, (_, { storage }) => {
    storage.sql.exec("DROP TRIGGER full");
  });
  expect((await again.usage())?.used.requests_per_day?.used).toBe(1);
  expect((await again.admit(admit(), [])).admitted).toBe(true);
});

test("a call whose answer was lost in a crash is repeated, and counted once", async () => {
  const { stub, fresh, admit } = await ledger({ requests_per_day: 5 });
  const command = admit();
  const first = await stub.admit(command, []);
  await abortAllDurableObjects();
  // its headers tell of its own moment
  expect({ ...(await fresh().admit(command, [])), headers: null }).toEqual({ ...first, headers: null });
  expect((await fresh().usage())?.used.requests_per_day?.used).toBe(1);
});

test("a proof survives crash and eviction, of an admitted request and of a refused one, and costs no row of its own", async () => {
  const { stub, fresh, admit, refuse, rows } = await ledger();
  const replay = (key: string) => ({ replay: { key, expiresAtMs: Date.now() + 60_000 } });
  const replayed = { admitted: false, refusal: { code: "invalid_api_key", presented: true } };
  const start = await rows();
  expect((await stub.admit(admit(replay("a")), [])).admitted).toBe(true);
  expect(await rows()).toBe(start + 1);
  const refused = refuse(replay("b"));
  expect(await stub.refuse(refused, [])).toEqual({ override: null });
  await abortAllDurableObjects();
  expect(await fresh().admit(admit(replay("a")), [])).toMatchObject(replayed);
  expect(await fresh().admit(admit(replay("b")), [])).toMatchObject(replayed);
  expect(await fresh().refuse(refused, [])).toEqual({ override: null });
  await evictDurableObject(fresh());
  expect(await fresh().admit(admit(replay("b")), [])).toMatchObject(replayed);
});

test("a flood of replays is answered without a commit each", async () => {
  const { stub, admit } = await ledger();
  const replay = { key: "a", expiresAtMs: Date.now() + 60_000 };
  await stub.admit(admit({ replay }), []);
  const commits = await countCommits(stub);
  for (let i = 0; i < 20; i++) expect((await stub.admit(admit({ replay }), [])).admitted).toBe(false);
  expect(await commits()).toBeLessThan(20);
});

test("one proof in many calls of the same turn lets one of them in", async () => {
  const { stub, admit } = await ledger();
  const replay = { key: "a", expiresAtMs: Date.now() + 60_000 };
  const replies = await Promise.all(Array.from({ length: 16 }, () => stub.admit(admit({ replay }), [])));
  expect(replies.filter(({ admitted }) => admitted)).toHaveLength(1);
});

test("settlements ride on the next call and are applied before it, whichever call it is", async () => {
  const { stub, admit, refuse, list } = await ledger({ concurrency: 1 });
  const [one, two, three] = [admit(), admit(), admit()];
  await stub.admit(one, []);
  expect(await stub.admit(admit(), [])).toMatchObject({ admitted: false, refusal: { limit: "concurrency" } });
  expect((await stub.admit(two, [settlement(one.requestId), settlement(one.requestId)])).admitted).toBe(true);
  await stub.refuse(refuse(), [settlement(two.requestId)]);
  expect((await stub.admit(three, [])).admitted).toBe(true);
  await stub.admit(list(), [settlement(three.requestId)]);
  expect((await stub.usage())?.open_reservations).toBe(0);
  await stub.settle([]);
});

test("revocation and changes hold at the next request", async () => {
  const { stub, admit } = await ledger({ requests_per_day: 10 });
  expect((await stub.admit(admit(), [])).admitted).toBe(true);
  expect(await stub.change({ credential_id: "key_1", limits: { requests_per_day: 1 } })).toBe(true);
  expect(await stub.admit(admit(), [])).toMatchObject({ refusal: { limit: "requests_per_day" } });
  const ends = Date.now() + 60_000;
  expect(await stub.change({ credential_id: "key_1", expires_at_ms: ends })).toBe(true);
  expect((await stub.usage())?.credentials).toMatchObject([{ id: "key_1", revoked: false }]);
  expect(await stub.revoke("key_1", ends)).toBe(true);
  expect(await stub.revoke("key_9")).toBe(false);
  expect(await stub.admit(admit(), [])).toMatchObject({ refusal: { code: "invalid_api_key" } });
  const hers = { ...provisioning({}, keyRow({ id: "key_2" })), tenant: "mallory" };
  await expect((async () => await stub.provision(hers))()).rejects.toThrow("another_account");
});

test("a new UTC day and a new month begin with full budgets", async () => {
  const { stub, admit } = await ledger({ requests_per_day: 1, tokens_per_month: 220 });
  const admitted = async () => (await stub.admit(admit(), [])).admitted;
  const lastOfMonth = Date.UTC(2027, 0, 31, 23, 59);
  clock.aheadMs = lastOfMonth - DAY - Date.now();
  expect([await admitted(), await admitted()]).toEqual([true, false]);
  clock.aheadMs += DAY;
  expect([await admitted(), await admitted()]).toEqual([true, false]);
  clock.aheadMs += 60_000;
  expect([await admitted(), await admitted()]).toEqual([true, false]);
});

test("a stranger's call to a ledger that no one provisioned leaves nothing on disk", async () => {
  const stub = (env as unknown as { LEDGER: DurableObjectNamespace<TestLedger> }).LEDGER.getByName("none/nobody");
  expect((await stub.admit(admission(), [])).admitted).toBe(false);
  expect(await stub.refuse(refusal(), [settlement(newId())])).toMatchObject({ override: { code: "invalid_api_key" } });
  expect(await stub.usage()).toBeNull();
  const tables = await runInDurableObject(stub, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('journal', 'snapshot')").toArray(),
  );
  expect(tables).toEqual([]);
});

test("a lease that ends is found by the alarm, and the log hears `unknown`", async () => {
  const { stub, admit, log } = await ledger({ concurrency: 1 });
  const command = admit();
  await stub.admit(command, []);
  await until(() => log.records.length === 1);
  await runDurableObjectAlarm(stub);
  expect((await stub.usage())?.open_reservations).toBe(1);
  clock.aheadMs = 300_000;
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(log.records.map(({ open }) => (open.kind === "outcome" ? open.outcome : open.kind))).toEqual([
    "intent",
    "unknown",
  ]);
  expect((await stub.usage())?.open_reservations).toBe(0);
  expect((await stub.usage())?.used.tokens_per_day?.used).toBe(110);
  await stub.settle([settlement(command.requestId)]);
  expect((await stub.admit(admit(), [])).admitted).toBe(true);
});

test("a lease that ended is noticed by the next call too, before the alarm", async () => {
  const { stub, admit } = await ledger({ concurrency: 1 });
  const command = admit();
  await stub.admit(command, []);
  expect(await stub.renew(command.requestId, 400_000)).toBe(true);
  clock.aheadMs = 300_001;
  expect(await stub.admit(admit(), [])).toMatchObject({ refusal: { limit: "concurrency" } });
  clock.aheadMs = 401_000;
  expect(await stub.renew(command.requestId, 400_000)).toBe(false);
  expect((await stub.admit(admit(), [])).admitted).toBe(true);
});

test("the log gets every record exactly once and in order, though it fails, or fails and has persisted, or takes half", async () => {
  const { stub, admit, list, refuse, log } = await ledger();
  log.faults.push("lost", "persisted", "short", "persisted", "lost");
  let expected = 0;
  for (let round = 0; round < 6; round++) {
    const commands = Array.from({ length: 5 }, () => admit());
    await Promise.all(commands.map((command) => stub.admit(command, [])));
    await Promise.all([stub.admit(list(), []), stub.refuse(refuse(), [])]);
    await stub.settle(commands.map(({ requestId }) => settlement(requestId)));
    expected += 5 + 2 + 1 + 5;
  }
  await until(() => log.records.length === expected);
  expect(log.records.map(({ seq }) => seq)).toEqual(log.records.map((_, index) => index + 1));
  expect(log.faults).toEqual([]);
  expect(log.mostInFlight).toBe(1);
  expect(Math.max(...log.batches)).toBeLessThanOrEqual(TEST_LIMITS.shipBatch);
});

test("a log that claims more than it was sent is believed only as far as it was sent", async () => {
  const { stub, admit, log, shipped } = await ledger();
  log.faults.push("ahead");
  await stub.admit(admit(), []);
  await until(async () => (await shipped()) === 1);
  await stub.admit(admit(), []);
  await until(async () => (await shipped()) === 2);
  expect(log.records.map(({ seq }) => seq)).toEqual([1, 2]);
});

test("whoever asks for it, one shipment is under way at a time", async () => {
  const { stub, admit, log } = await ledger();
  await Promise.all([1, 2, 3].map(() => stub.admit(admit(), [])));
  await runInDurableObject(stub, async ({ inside }) => {
    await Promise.all([inside.outbox.ship(), inside.outbox.ship(), inside.outbox.ship()]);
  });
  await until(() => log.records.length === 3);
  expect(log.mostInFlight).toBe(1);
});

test("a ledger that wakes with records to ship needs no alarm to do it, and arms one", async () => {
  const { stub, fresh, admit, log } = await ledger();
  log.faults.push("lost");
  await stub.admit(admit(), []);
  await until(() => log.faults.length === 0);
  await runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm());
  await abortAllDurableObjects();
  await fresh().usage();
  expect(await runInDurableObject(fresh(), (_, { storage }) => storage.getAlarm())).not.toBeNull();
  await until(() => log.records.length === 1);
});

test("an admission's commit arms the alarm that ships it should the object die, within the log's 2 s", async () => {
  const { stub, admit } = await ledger();
  await stub.admit(admit(), []);
  const armed = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
  expect(armed).not.toBeNull();
  expect((armed ?? 0) - Date.now()).toBeLessThan(2000);
});

test("records committed before a crash are shipped after it, and what was shipped is not shipped anew", async () => {
  const { stub, fresh, admit, log, shipped } = await ledger();
  log.faults.push("lost", "persisted");
  await Promise.all([1, 2, 3].map(() => stub.admit(admit(), [])));
  await abortAllDurableObjects();
  await until(async () => {
    await runDurableObjectAlarm(fresh());
    return log.records.length === 3 && (await shipped()) === 3;
  });
  expect(log.records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("the alarm never throws and is armed again while the log is down", async () => {
  const { stub, admit, log } = await ledger();
  log.faults.push(...Array.from({ length: 50 }, () => "lost" as const));
  await stub.admit(admit(), []);
  for (let i = 0; i < 4; i++) expect(await runDurableObjectAlarm(stub)).toBe(true);
  log.faults.length = 0;
  await until(() => log.records.length === 1);
});

test("the alarm is not set anew by each request", async () => {
  const { stub, admit } = await ledger();
  let set = 0;
  await runInDurableObject(stub, (_, { storage }) => {
    const { setAlarm } = storage;
    storage.setAlarm = (...given) => {
      set++;
      return setAlarm.apply(storage, given);
    };
  });
  for (let i = 0; i < 20; i++) await stub.admit(admit(), []);
  expect(set).toBeLessThanOrEqual(5);
});

test("refusals alone are answered at once and committed a little later, with whatever comes first", async () => {
  const { stub, admit, refuse, rows, log } = await ledger({ requests_per_day: 1 });
  const commits = await countCommits(stub);
  const start = await rows();
  for (let i = 0; i < 5; i++) expect(await stub.refuse(refuse(), [])).toEqual({ override: null });
  await stub.admit(admit(), []);
  expect(await rows()).toBe(start + 6);
  expect(await commits()).toBeLessThanOrEqual(3);
  for (let i = 0; i < 5; i++) expect((await stub.admit(admit(), [])).admitted).toBe(false);
  await until(() => log.records.length === 11);
});

test("personal data goes with its rows, soon after they were shipped", async () => {
  const { stub, admit, dump, log, rows } = await ledger();
  const command = admit();
  await stub.admit(command, []);
  await stub.settle([settlement(command.requestId)]);
  expect(await dump()).toContain("PERSONAL-subject");
  await until(() => log.records.length === 2);
  await runDurableObjectAlarm(stub);
  clock.aheadMs = TEST_LIMITS.tidyAfterMs + 1000;
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await rows()).toBe(0);
  expect(await dump()).not.toContain("PERSONAL");
  expect(log.records[0]?.personal.subject).toBe("PERSONAL-subject");
  await evictDurableObject(stub);
  expect((await stub.usage())?.used.requests_per_day?.used).toBe(1);
});

test("only the ledger's own verbs are open to a caller", async () => {
  const { stub } = await ledger();
  const open = stub as unknown as Record<string, () => Promise<unknown>>;
  for (const name of ["commits", "outbox", "options", "inside", "alarmClock"])
    await expect((async () => await open[name])()).rejects.toThrow();
});

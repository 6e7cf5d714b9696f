// External subjects' ledgers: made by the first request, kept at the tenant's terms, ended by an administrator.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Caller } from "../../../durable-objects/account-ledger/commands.ts";
import { subjectRow } from "../../../durable-objects/account-ledger/credentials.ts";
import { usageOf } from "../../../durable-objects/account-ledger/usage.ts";
import { ledgerName } from "../../../protocol/ids.ts";
import { type QuotaLimits, resolveLimits } from "../../../protocol/limits.ts";
import type { SubjectTerms } from "../../../protocol/rpc.ts";
import { logOf } from "./fake-log.ts";
import { admission, Bench, caller, keyRow, listing, NOON, provisioning, refusal, settlement } from "./support.ts";
import type { TestLedger } from "./test-ledger.ts";

const ACCOUNT = `ext_${"0".repeat(32)}`;
const subject = (over: Partial<Caller> = {}): Caller =>
  caller({ kind: "external", account: ACCOUNT, credentialId: "external_one", ...over });
const terms = (limits: QuotaLimits = {}, over: Partial<SubjectTerms> = {}): SubjectTerms => ({
  jurisdiction: "eu",
  log: "acme",
  limits: resolveLimits(limits, {}),
  ...over,
});

/** As the object does it: enrolled, then decided. */
function ask(bench: Bench, over: Partial<Caller> = {}, given = terms()): string {
  bench.do("enrol", { caller: subject(over), terms: given });
  return bench.admit({ caller: subject(over) });
}
const made = (bench: Bench) => bench.events.filter(({ kind }) => kind === "provisioned").length;

describe("enrolment", () => {
  test("makes the ledger once, at its tenant's terms, and vouches for every token of the subject", () => {
    const bench = new Bench();
    expect(ask(bench)).toBe("admitted");
    expect(ask(bench, { credentialId: "external_two" })).toBe("admitted");
    expect(made(bench)).toBe(1);
    expect(bench.state.identity).toEqual({
      name: `eu/${ACCOUNT}`,
      tenant: "acme",
      account: ACCOUNT,
      log: "acme",
    });
    expect([...bench.state.credentials.keys()]).toEqual([ACCOUNT]);
  });

  test("makes none for a caller of our own, whose ledger an administrator provisions", () => {
    for (const kind of ["api_key", "access_token"] as const) {
      const bench = new Bench();
      expect(ask(bench, { kind })).toBe("invalid_api_key");
      expect(bench.events).toEqual([]);
    }
  });

  test("changes limits that differ, and writes nothing where they do not", () => {
    const bench = new Bench();
    ask(bench, {}, terms({ requests_per_minute: 60 }));
    const before = bench.events.length;
    bench.do("enrol", { caller: subject(), terms: terms({ requests_per_minute: 60 }) });
    expect(bench.events).toHaveLength(before);
    bench.do("enrol", { caller: subject(), terms: terms({ requests_per_minute: 6, concurrency: 3 }) });
    expect(bench.state.limits).toEqual(resolveLimits({ requests_per_minute: 6, concurrency: 3 }, {}));
    bench.do("enrol", { caller: subject(), terms: terms() });
    expect(bench.state.limits).toEqual(resolveLimits({}, {}));
  });

  test("leaves an account alone that was provisioned otherwise, or is another tenant's", () => {
    const own = Bench.provisioned({ concurrency: 1 });
    const stranger = caller({ kind: "external" });
    own.do("enrol", { caller: stranger, terms: terms({ concurrency: 100 }) });
    expect(own.admit({ caller: stranger })).toBe("invalid_api_key");
    expect(own.state.limits.concurrency).toBe(1);
    const bench = new Bench();
    ask(bench);
    expect(ask(bench, { tenant: "beta" }, terms({ concurrency: 1 }))).toBe("invalid_api_key");
    expect(bench.state.limits.concurrency).toBeNull();
  });

  test("makes no second row after a revocation: the subject stays out, and its streams end", () => {
    const bench = new Bench();
    const command = admission({ caller: subject() });
    bench.do("enrol", { caller: subject(), terms: terms() });
    bench.do("admit", command);
    expect(bench.do("renew", { requestId: command.requestId, leaseMs: 600_000 })).toBe(true);
    expect(bench.do("revoke", { credentialId: ACCOUNT })).toBe("done");
    expect(bench.do("renew", { requestId: command.requestId, leaseMs: 900_000 })).toBe(false);
    bench.now += 400 * 86_400_000;
    expect(ask(bench, { credentialId: "external_new" })).toBe("invalid_api_key");
    expect(bench.do("refuse", refusal({ caller: subject() }))).toMatchObject({ override: { code: "invalid_api_key" } });
    expect(made(bench)).toBe(1);
  });

  test("with another row the subject is back, its history with it; revoked again, it is out again", () => {
    const bench = new Bench();
    const day = terms({ requests_per_day: 2 });
    expect(ask(bench, {}, day)).toBe("admitted");
    bench.do("revoke", { credentialId: ACCOUNT });
    const ref = { ...day, tenant: "acme", account: ACCOUNT };
    expect(bench.do("provision", { ...ref, credential: subjectRow(ACCOUNT, "again") })).toBe("done");
    expect(ask(bench, {}, day)).toBe("admitted");
    expect(ask(bench, {}, day)).toBe("rate_limit_exceeded requests_per_day");
    bench.do("revoke", { credentialId: "again" });
    expect(ask(bench, {}, day)).toBe("invalid_api_key");
    expect(usageOf(bench.state, bench.now)?.credentials?.map(({ revoked }) => revoked)).toEqual([true, true]);
  });

  test("a key or a client in the same account does not vouch for a subject, nor the other way round", () => {
    const bench = Bench.provisioned({}, keyRow({ id: "client_1", kind: "client" }));
    expect(bench.admit({ caller: caller({ kind: "external" }) })).toBe("invalid_api_key");
    expect(bench.admit({ caller: caller({ kind: "access_token" }) })).toBe("admitted");
    bench.do("provision", provisioning({}, subjectRow("acme/main")));
    bench.do("revoke", { credentialId: "client_1" });
    expect(bench.admit({ caller: caller({ kind: "access_token" }) })).toBe("invalid_api_key");
    expect(bench.admit({ caller: caller({ kind: "api_key", credentialId: "acme/main" }) })).toBe("invalid_api_key");
    expect(bench.admit({ caller: caller({ kind: "external" }) })).toBe("admitted");
  });

  test("an expired token is refused, and its subject's next one is not", () => {
    const bench = new Bench();
    expect(ask(bench, { expiresAtMs: NOON - 60_000 })).toBe("invalid_api_key");
    expect(ask(bench)).toBe("admitted");
  });
});

describe("the object", () => {
  const stubOf = (account: string) =>
    (env as unknown as { LEDGER: DurableObjectNamespace<TestLedger> }).LEDGER.getByName(ledgerName("eu", account));

  test("makes itself and admits in one call and one commit, and its records go to the tenant's log", async () => {
    const account = `ext_${crypto.randomUUID()}`;
    const who = subject({ account });
    const stub = stubOf(account);
    const command = admission({ caller: who, terms: terms({ concurrency: 2 }) });
    expect(await stub.admit(command, [])).toMatchObject({ admitted: true });
    const rows = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec<{ event: string }>("SELECT event FROM journal ORDER BY row").toArray(),
    );
    expect(rows.map(({ event }) => JSON.parse(event).kind).slice(0, 2)).toEqual(["provisioned", "admitted"]);
    await stub.settle([settlement(command.requestId)]);
    const log = logOf(ledgerName("eu", account));
    await expect.poll(() => log.records.length, { timeout: 15_000 }).toBe(2);
  });

  test("of a hundred first requests at once makes one ledger, and counts each", async () => {
    const account = `ext_${crypto.randomUUID()}`;
    const stub = stubOf(account);
    const given = terms({ requests_per_day: 40 });
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => stub.admit(admission({ caller: subject({ account }), terms: given }), [])),
    );
    expect(replies.filter(({ admitted }) => admitted)).toHaveLength(40);
    expect((await stub.usage())?.credentials).toHaveLength(1);
  });

  test("refuses without terms, as ever, and leaves nothing behind", async () => {
    const account = `ext_${crypto.randomUUID()}`;
    const stub = stubOf(account);
    const reply = await stub.admit(listing({ caller: subject({ account }) }), []);
    expect(reply).toMatchObject({ admitted: false, refusal: { code: "invalid_api_key" } });
    expect(await stub.usage()).toBeNull();
  });
});

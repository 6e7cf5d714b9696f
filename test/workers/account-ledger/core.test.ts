// The pure core: what each rule of the ledger says, one sentence a test. No storage, no clock, no mocks.
import { describe, expect, test } from "vitest";
import { windowsAt } from "../../../durable-objects/account-ledger/calendar.ts";
import { recordsOf } from "../../../durable-objects/account-ledger/records.ts";
import { usageOf } from "../../../durable-objects/account-ledger/usage.ts";
import {
  admission,
  Bench,
  caller,
  keyRow,
  listing,
  NOON,
  newId,
  provisioning,
  refusal,
  settlement,
} from "./support.ts";

const DAY = 86_400_000;

describe("who is let in", () => {
  test("a ledger that was never provisioned refuses everyone with 401 and writes nothing", () => {
    const bench = new Bench();
    expect(bench.do("admit", admission())).toEqual({
      admitted: false,
      refusal: { code: "invalid_api_key", presented: true },
    });
    expect(bench.do("refuse", refusal()).override?.code).toBe("invalid_api_key");
    expect(bench.events).toEqual([]);
  });
  test("another tenant's account of the same name is a stranger, and leaves nothing in this tenant's log", () => {
    const bench = Bench.provisioned();
    expect(bench.admit({ caller: caller({ tenant: "mallory" }) })).toBe("invalid_api_key");
    expect(bench.events).toHaveLength(1);
  });
  test.each([
    ["unknown", caller({ credentialId: "key_2" })],
    ["an access token's id that equals a key's row", caller({ kind: "access_token" })],
    ["past its own exp", caller({ expiresAtMs: NOON - 30_000 })],
  ])("a key that is %s is 401, and the refusal stands in the record", (_, who) => {
    const bench = Bench.provisioned();
    expect(bench.admit({ caller: who })).toBe("invalid_api_key");
    expect(bench.events.at(-1)).toMatchObject({ kind: "refused", status: 401, counted: false });
  });
  test("a row that has expired is 401, 30 s of skew allowed", () => {
    const bench = Bench.provisioned({}, keyRow({ expires_at_ms: NOON }));
    bench.now += 29_999;
    expect(bench.admit()).toBe("admitted");
    bench.now += 1;
    expect(bench.admit()).toBe("invalid_api_key");
  });
  test("a revoked key is 401 at the next request, GET and refusals included, and provisioning again revives nothing", () => {
    const bench = Bench.provisioned();
    expect(bench.admit()).toBe("admitted");
    expect(bench.do("revoke", { credentialId: "key_1" })).toBe("done");
    expect(bench.do("revoke", { credentialId: "key_1" })).toBe("done");
    expect(bench.do("provision", provisioning())).toBe("done");
    expect(bench.admit()).toBe("invalid_api_key");
    expect(bench.do("admit", listing()).admitted).toBe(false);
    expect(bench.do("refuse", refusal()).override?.code).toBe("invalid_api_key");
    expect(bench.do("change", { credential_id: "key_1", limits: { concurrency: null } })).toBe(false);
  });
  test("the rotated key goes on with the account's budget, whatever became of the one before it", () => {
    const bench = Bench.provisioned({ requests_per_day: 2 });
    bench.admit();
    bench.do("provision", provisioning({ requests_per_day: 2 }, keyRow({ id: "key_2" })));
    bench.do("revoke", { credentialId: "key_1" });
    const second = caller({ credentialId: "key_2" });
    expect(bench.admit({ caller: second })).toBe("admitted");
    expect(bench.admit({ caller: second })).toBe("rate_limit_exceeded requests_per_day");
  });
  test("access tokens stand on their client's row, and one of them can be revoked alone", () => {
    const bench = Bench.provisioned({}, keyRow({ id: "client_1", kind: "client" }));
    const one = caller({ kind: "access_token", credentialId: "jti_1" });
    const two = caller({ kind: "access_token", credentialId: "jti_2" });
    expect(bench.admit({ caller: one })).toBe("admitted");
    expect(bench.do("revoke", { credentialId: "jti_1" })).toBe("done");
    expect(bench.admit({ caller: one })).toBe("invalid_api_key");
    expect(bench.admit({ caller: two })).toBe("admitted");
    bench.do("revoke", { credentialId: "client_1" });
    expect(bench.admit({ caller: two })).toBe("invalid_api_key");
  });
  test("an id that no one knows is not revoked in an account of keys, and a full list of tokens says so", () => {
    expect(Bench.provisioned().do("revoke", { credentialId: "nobody" })).toBe("unknown");
    const bench = Bench.provisioned({}, keyRow({ kind: "client" }), { maxRevokedTokens: 1, revokedTokenMs: 1000 });
    expect(bench.do("revoke", { credentialId: "a" })).toBe("done");
    expect(bench.do("revoke", { credentialId: "b" })).toBe("too_many_tokens");
    bench.now += 1000;
    expect(bench.do("revoke", { credentialId: "b" })).toBe("done");
    expect([...bench.state.revokedTokens.keys()]).toEqual(["b"]);
  });
  test("provisioning is bounded, refuses another account, and forgets rows that have expired", () => {
    const bench = Bench.provisioned({}, keyRow({ expires_at_ms: NOON + 1000 }), { maxCredentials: 1 });
    const second = provisioning({}, keyRow({ id: "key_2" }));
    expect(bench.do("provision", second)).toBe("too_many_credentials");
    expect(bench.do("provision", { ...second, tenant: "other" })).toBe("another_account");
    expect(bench.do("provision", { ...second, jurisdiction: "eu" })).toBe("another_account");
    expect(bench.do("provision", { ...second, log: "other" })).toBe("another_account");
    bench.now += 60_000;
    expect(bench.do("provision", second)).toBe("done");
    expect([...bench.state.credentials.keys()]).toEqual(["key_2"]);
  });
});

describe("what a row narrows", () => {
  test("the network: an address outside, or none at all", () => {
    const bench = Bench.provisioned({}, keyRow({ allow_cidrs: ["203.0.113.0/24"] }));
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit({ caller: caller({ clientAddress: "198.51.100.1" }) })).toBe("permission_denied network");
    expect(bench.admit({ caller: caller({ clientAddress: null }) })).toBe("permission_denied network");
  });
  test("the scopes: any one need is enough, no need asks for nothing, and a role is no model", () => {
    const bench = Bench.provisioned({}, keyRow({ scopes: ["infer:small@1"] }));
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit({ anyScope: ["infer:large", "infer:large@1"] })).toBe("model_not_granted");
    expect(bench.do("admit", listing()).admitted).toBe(true);
    expect(bench.do("admit", listing({ anyScope: ["auditor"] }))).toMatchObject({
      refusal: { code: "permission_denied", need: "role" },
    });
  });
  test("a change holds from the next request, for limits, scopes and ranges, and what it leaves out stays", () => {
    const bench = Bench.provisioned({ requests_per_day: 5, concurrency: 3 });
    expect(bench.do("change", { credential_id: "key_1", limits: { requests_per_day: 1 } })).toBe(true);
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_day");
    expect(bench.state.limits.concurrency).toBe(3);
    bench.do("change", { credential_id: "key_1", limits: { requests_per_day: null }, scopes: ["embed:*"] });
    expect(bench.admit()).toBe("model_not_granted");
    bench.do("change", { credential_id: "key_1", scopes: ["infer:*"], allow_cidrs: ["10.0.0.0/8"] });
    expect(bench.admit()).toBe("permission_denied network");
    expect(bench.do("change", { credential_id: "key_9", scopes: [] })).toBe(false);
  });
  test("a list of ranges that cannot be read admits no one", () => {
    expect(Bench.provisioned({}, keyRow({ allow_cidrs: ["everywhere"] })).admit()).toBe("permission_denied network");
  });
});

describe("rates", () => {
  test("requests per minute: a sixth at once, then one each minute/N", () => {
    const bench = Bench.provisioned({ requests_per_minute: 60 });
    for (let i = 0; i < 10; i++) expect(bench.admit()).toBe("admitted");
    expect(bench.do("admit", admission())).toMatchObject({
      refusal: { limit: "requests_per_minute", retryAfterMs: 1000 },
    });
    bench.now += 999;
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
    bench.now += 1;
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
  });
  test("requests per second, of a limit below six: one at a time", () => {
    const bench = Bench.provisioned({ requests_per_second: 2 });
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_second");
    bench.now += 500;
    expect(bench.admit()).toBe("admitted");
  });
  test("they count refused requests and GETs, not those that they refuse, nor those that no credential stands behind", () => {
    const bench = Bench.provisioned({ requests_per_minute: 24 }, keyRow({ scopes: ["infer:small"] }));
    bench.do("refuse", refusal());
    bench.do("admit", listing());
    bench.admit({ anyScope: ["infer:large"] });
    bench.admit({ caller: caller({ credentialId: "gone" }) });
    expect(bench.admit()).toBe("admitted");
    for (let i = 0; i < 100; i++) expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
    bench.now += 2500;
    expect(bench.admit()).toBe("admitted");
  });
  test("a flood of bad requests locks no one out for longer than the burst", () => {
    const bench = Bench.provisioned({ requests_per_minute: 60 });
    for (let i = 0; i < 1000; i++) bench.do("refuse", refusal());
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
    bench.now += 1000;
    expect(bench.admit()).toBe("admitted");
  });
  test("tokens per minute: all at once, a larger request never, settlement gives the difference back", () => {
    const bench = Bench.provisioned({ input_tokens_per_minute: 100, output_tokens_per_minute: 600 });
    const small = { promptTokens: 60, outputTokens: 300, leaseMs: 300_000 };
    expect(bench.admit({ reserve: { ...small, promptTokens: 101 } })).toBe(
      "request_exceeds_limit input_tokens_per_minute",
    );
    expect(bench.admit({ reserve: { ...small, outputTokens: 601 } })).toBe(
      "request_exceeds_limit output_tokens_per_minute",
    );
    const first = newId();
    expect(bench.admit({ requestId: first, reserve: small })).toBe("admitted");
    expect(bench.admit({ reserve: small })).toBe("rate_limit_exceeded input_tokens_per_minute");
    bench.do("settle", settlement(first, { promptTokens: 40, completionTokens: 50 }));
    expect(bench.admit({ reserve: small })).toBe("admitted");
    expect(bench.admit({ reserve: { ...small, promptTokens: 0, outputTokens: 251 } })).toBe(
      "rate_limit_exceeded output_tokens_per_minute",
    );
    expect(bench.admit({ reserve: { ...small, promptTokens: 0, outputTokens: 250 } })).toBe("admitted");
  });
  test("a raised limit helps at once, a lowered one locks no one out for what the higher one allowed", () => {
    const bench = Bench.provisioned({ requests_per_minute: 1 });
    expect(bench.admit()).toBe("admitted");
    bench.do("change", { credential_id: "key_1", limits: { requests_per_minute: 600 } });
    for (let i = 0; i < 99; i++) expect(bench.admit()).toBe("admitted");
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
    bench.do("change", { credential_id: "key_1", limits: { requests_per_minute: 6 } });
    bench.now += 9999;
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
    bench.now += 1;
    expect(bench.admit()).toBe("admitted");
  });
});

describe("budgets and concurrency", () => {
  test("refused requests, GETs and requests that nothing was served for cost no day's slot", () => {
    const bench = Bench.provisioned({ requests_per_day: 5 }, keyRow({ scopes: ["infer:small"] }));
    for (let i = 0; i < 10; i++) bench.do("refuse", refusal());
    for (let i = 0; i < 10; i++) bench.admit({ anyScope: ["infer:large"] });
    for (let i = 0; i < 75; i++) expect(bench.do("admit", listing()).admitted).toBe(true);
    for (let i = 0; i < 10; i++) {
      const id = newId();
      expect(bench.admit({ requestId: id })).toBe("admitted");
      for (let again = 0; again < 3; again++)
        bench.do("settle", settlement(id, { outcome: "backend_failed", status: 502, free: true }));
    }
    for (let i = 0; i < 5; i++) expect(bench.admit()).toBe("admitted");
    expect(bench.admit()).toBe("rate_limit_exceeded requests_per_day");
    expect(bench.do("admit", listing()).admitted).toBe(true);
  });
  test("a day is a UTC day, to the millisecond", () => {
    const bench = Bench.provisioned({ requests_per_day: 1, tokens_per_day: 200 });
    bench.now = NOON + DAY / 2 - 1;
    expect(bench.admit()).toBe("admitted");
    expect(bench.do("admit", admission())).toMatchObject({ refusal: { limit: "requests_per_day", retryAfterMs: 1 } });
    bench.now += 1;
    expect(bench.admit()).toBe("admitted");
  });
  test("a month is a UTC month, over the turn of the year and a leap day", () => {
    const bench = Bench.provisioned({ tokens_per_month: 110 });
    for (const [lastMs, firstMs] of [
      [Date.UTC(2026, 11, 31, 23, 59, 59, 999), Date.UTC(2027, 0, 1)],
      [Date.UTC(2028, 1, 29, 23, 59, 59, 999), Date.UTC(2028, 2, 1)],
    ] as const) {
      bench.now = lastMs;
      expect(bench.admit()).toBe("admitted");
      expect(bench.do("admit", admission())).toMatchObject({
        refusal: {
          code: "insufficient_quota",
          limit: "tokens_per_month",
          needed: 110,
          remaining: 0,
          resetAtMs: firstMs,
        },
      });
      bench.now = firstMs;
      expect(bench.admit()).toBe("admitted");
    }
  });
  test("a budget that cannot cover says what is needed, what remains and when it resets, apart from a rate limit", () => {
    const bench = Bench.provisioned({ tokens_per_day: 150 });
    expect(bench.admit()).toBe("admitted");
    const midnight = NOON + DAY / 2;
    expect(bench.do("admit", admission())).toEqual({
      admitted: false,
      refusal: {
        code: "insufficient_quota",
        limit: "tokens_per_day",
        needed: 110,
        remaining: 40,
        resetAtMs: midnight,
        retryAfterMs: midnight - NOON,
        headers: {},
      },
    });
    expect(bench.admit({ reserve: { promptTokens: 10, outputTokens: 30, leaseMs: 1000 } })).toBe("admitted");
  });
  test("settlement charges what was used, more or less than reserved; an odd count is charged as reserved", () => {
    const bench = Bench.provisioned();
    const used = () => bench.state.windows.tokensOfDay;
    const settle = (over: Parameters<typeof settlement>[1]) => {
      const id = newId();
      const before = used();
      bench.admit({ requestId: id });
      bench.do("settle", settlement(id, over));
      return used() - before;
    };
    expect(settle({ promptTokens: 10, completionTokens: 40 })).toBe(50);
    expect(settle({ promptTokens: 500, completionTokens: 100 })).toBe(600);
    expect(settle({ promptTokens: Number.NaN })).toBe(110);
    expect(settle({ completionTokens: -5 })).toBe(110);
    expect(settle({ completionTokens: 0.5 })).toBe(110);
    expect(settle({ free: true })).toBe(0);
  });
  test("what is given back after midnight does not enlarge the new day, but the month gets it", () => {
    const bench = Bench.provisioned();
    bench.now = NOON + DAY / 2 - 1;
    const id = newId();
    bench.admit({ requestId: id });
    bench.now += 1;
    bench.admit();
    bench.do("settle", settlement(id, { free: true }));
    expect(windowsAt(bench.state.windows, bench.now)).toMatchObject({
      requestsOfDay: 1,
      tokensOfDay: 110,
      tokensOfMonth: 110,
    });
  });
  test("concurrency is freed by settlement and by the lease's end, and GETs hold nothing", () => {
    const bench = Bench.provisioned({ concurrency: 2 });
    const first = newId();
    bench.admit({ requestId: first });
    bench.admit();
    expect(bench.admit()).toBe("rate_limit_exceeded concurrency");
    expect(bench.do("admit", listing()).admitted).toBe(true);
    bench.do("settle", settlement(first));
    expect(bench.admit()).toBe("admitted");
    bench.now += 300_000;
    bench.do("expire", null);
    expect(bench.state.open.size).toBe(0);
  });
  test("no account holds more reservations than the ledger can remember", () => {
    const bench = Bench.provisioned({}, keyRow(), { maxOpenReservations: 2 });
    bench.admit();
    bench.admit();
    expect(bench.admit()).toBe("busy");
  });
  test("the order of refusal: 401, 403, 400, rates, day, concurrency, tokens, budgets", () => {
    const bench = Bench.provisioned({
      requests_per_minute: 6,
      requests_per_day: 1,
      concurrency: 1,
      input_tokens_per_minute: 10,
      output_tokens_per_minute: 100,
      tokens_per_day: 110,
      tokens_per_month: 110,
    });
    const lift = (name: string) => bench.do("change", { credential_id: "key_1", limits: { [name]: null } });
    expect(bench.admit()).toBe("admitted");
    const large = { promptTokens: 11, outputTokens: 100, leaseMs: 1000 };
    expect(bench.admit({ reserve: large, anyScope: ["admin"], caller: caller({ credentialId: "x" }) })).toBe(
      "invalid_api_key",
    );
    expect(bench.admit({ reserve: large, anyScope: ["admin"] })).toBe("model_not_granted");
    expect(bench.admit({ reserve: large })).toBe("request_exceeds_limit input_tokens_per_minute");
    for (const [name, code] of [
      ["requests_per_minute", "rate_limit_exceeded"],
      ["requests_per_day", "rate_limit_exceeded"],
      ["concurrency", "rate_limit_exceeded"],
      ["input_tokens_per_minute", "rate_limit_exceeded"],
      ["output_tokens_per_minute", "rate_limit_exceeded"],
      ["tokens_per_month", "insufficient_quota"],
      ["tokens_per_day", "insufficient_quota"],
    ] as const) {
      expect(bench.admit()).toBe(`${code} ${name}`);
      lift(name);
    }
    expect(bench.admit()).toBe("admitted");
  });
  test.each([
    { promptTokens: Number.NaN, outputTokens: 1, leaseMs: 1000 },
    { promptTokens: -1, outputTokens: 1, leaseMs: 1000 },
    { promptTokens: 1, outputTokens: Number.POSITIVE_INFINITY, leaseMs: 1000 },
    { promptTokens: 1, outputTokens: 1, leaseMs: 0 },
    { promptTokens: 1, outputTokens: 1, leaseMs: 3_600_001 },
  ])("a reservation that is no amount is never admitted (%j)", (reserve) =>
    expect(Bench.provisioned().admit({ reserve })).toBe("internal_error"),
  );
});

describe("idempotency, leases, records", () => {
  test("a repeat gets the first answer and charges nothing, admitted or refused, open or settled", () => {
    const bench = Bench.provisioned({ requests_per_day: 1 });
    const command = admission();
    const first = bench.do("admit", command);
    bench.now += 5000;
    expect(bench.do("admit", command)).toEqual(first);
    bench.do("settle", settlement(command.requestId));
    expect(bench.do("admit", command)).toEqual(first);
    const late = admission();
    const refused = bench.do("admit", late);
    bench.do("change", { credential_id: "key_1", limits: { requests_per_day: null } });
    expect(bench.do("admit", late)).toEqual(refused);
    const noted = refusal();
    bench.do("refuse", noted);
    const before = bench.events.length;
    expect(bench.do("refuse", noted)).toEqual({ override: null });
    expect(bench.events).toHaveLength(before);
  });
  test("an open reservation answers its repeat however many requests came since", () => {
    const bench = Bench.provisioned({}, keyRow(), { maxRememberedReplies: 2 });
    const command = admission();
    const first = bench.do("admit", command);
    for (let i = 0; i < 20; i++) bench.admit();
    expect(bench.state.replies.size).toBe(2);
    expect(bench.do("admit", command)).toEqual(first);
  });
  test("remembered replies go after their time, oldest first", () => {
    const bench = Bench.provisioned({}, keyRow(), { rememberMs: 1000 });
    bench.do("refuse", refusal());
    bench.now += 1000;
    bench.do("refuse", refusal());
    expect(bench.state.replies.size).toBe(1);
  });
  test("a lost settlement is charged as reserved and recorded as unknown; when it comes late nothing moves", () => {
    const bench = Bench.provisioned({ tokens_per_day: 1000 });
    const id = newId();
    bench.admit({ requestId: id });
    bench.now += 299_999;
    bench.do("expire", null);
    expect(bench.state.open.size).toBe(1);
    bench.now += 1;
    bench.do("expire", null);
    const before = bench.events.length;
    bench.do("settle", settlement(id, { free: true }));
    expect(bench.events).toHaveLength(before);
    expect(bench.state.windows).toMatchObject({ requestsOfDay: 1, tokensOfDay: 110 });
    expect(bench.events.at(-1)).toMatchObject({ kind: "expired", request_id: id });
  });
  test("renewing prolongs, never shortens, and ends with the lease or the credential", () => {
    const bench = Bench.provisioned();
    const id = newId();
    bench.admit({ requestId: id });
    const ends = () => bench.state.open.get(id)?.leaseExpiresAtMs;
    expect(bench.do("renew", { requestId: id, leaseMs: 1000 })).toBe(true);
    expect(ends()).toBe(NOON + 300_000);
    bench.now += 200_000;
    expect(bench.do("renew", { requestId: id, leaseMs: 300_000 })).toBe(true);
    expect(ends()).toBe(NOON + 500_000);
    expect(bench.do("renew", { requestId: newId(), leaseMs: 1000 })).toBe(false);
    bench.do("revoke", { credentialId: "key_1" });
    expect(bench.do("renew", { requestId: id, leaseMs: 600_000 })).toBe(false);
    bench.now = NOON + 500_000;
    expect(bench.do("renew", { requestId: id, leaseMs: 600_000 })).toBe(false);
  });
  test("a client's running stream ends with its client, and with its own token", () => {
    const bench = Bench.provisioned({}, keyRow({ id: "client_1", kind: "client" }));
    const [one, two] = [newId(), newId()];
    bench.admit({ requestId: one, caller: caller({ kind: "access_token", credentialId: "jti_1" }) });
    bench.admit({ requestId: two, caller: caller({ kind: "access_token", credentialId: "jti_2" }) });
    bench.do("revoke", { credentialId: "jti_1" });
    expect(bench.do("renew", { requestId: one, leaseMs: 300_000 })).toBe(false);
    expect(bench.do("renew", { requestId: two, leaseMs: 300_000 })).toBe(true);
    bench.do("revoke", { credentialId: "client_1" });
    expect(bench.do("renew", { requestId: two, leaseMs: 600_000 })).toBe(false);
  });
  test("records: intent, then outcome, under one id; a GET both at once; a refusal one", () => {
    const bench = Bench.provisioned();
    const [post, get, bad] = [newId(), newId(), newId()];
    bench.admit({ requestId: post });
    bench.do("admit", listing({ requestId: get }));
    bench.do("refuse", refusal({ requestId: bad }));
    bench.do("settle", settlement(post));
    const { identity } = bench.state;
    if (identity === null) throw new Error("not provisioned");
    const records = bench.events.flatMap((event) => recordsOf(event, identity));
    expect(records.map(({ seq, open }) => [seq, open.kind, open.request_id])).toEqual([
      [1, "intent", post],
      [2, "intent", get],
      [3, "outcome", get],
      [4, "refusal", bad],
      [5, "outcome", post],
    ]);
    expect(records[0]).toMatchObject({
      open: { tenant: "acme", account: "acme/main", model: "small", reserved_output_tokens: 100, time_ms: NOON },
      personal: { subject: "PERSONAL-subject" },
    });
    expect(records[4]).toMatchObject({
      open: { outcome: "completed", prompt_tokens: 10, completion_tokens: 40, route: "POST /v1/chat/completions" },
      personal: { result_sha256: "PERSONAL-result" },
    });
    // an open leaf holds nothing of the person
    for (const { open } of records) expect(JSON.stringify(open)).not.toContain("PERSONAL");
  });
  test("while the log takes nothing for too long, nothing is admitted, and no record is lost for it", () => {
    const bench = Bench.provisioned({}, keyRow(), { maxUnshippedRecords: 2 });
    bench.admit();
    bench.admit();
    const before = bench.events.length;
    expect(bench.admit()).toBe("log_unavailable");
    expect(bench.do("refuse", refusal())).toEqual({ override: null });
    expect(bench.events).toHaveLength(before);
    bench.do("shipped", { record: 2, row: 3 });
    expect(bench.admit()).toBe("admitted");
  });
  test("usage says what stands, also without limits; a ledger that no one made says nothing", () => {
    expect(usageOf(new Bench().state, NOON)).toBeNull();
    const bench = Bench.provisioned({ requests_per_minute: 60 });
    bench.admit();
    expect(usageOf(bench.state, NOON)).toMatchObject({
      open_reservations: 1,
      used: {
        requests_per_minute: { used: 1, reset_at_ms: NOON + 1000 },
        requests_per_day: { used: 1, reset_at_ms: NOON + DAY / 2 },
        tokens_per_month: { used: 110, reset_at_ms: Date.UTC(2026, 11, 1) },
        concurrency: { used: 1, reset_at_ms: null },
      },
    });
  });
});

// When credentials were last used, when they end, and how long the ledger remembers that they ended.
import { describe, expect, test } from "vitest";
import { usageOf } from "../../../durable-objects/account-ledger/usage.ts";
import { Bench, caller, keyRow, listing, NOON, newId, provisioning, refusal } from "./support.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe("last use", () => {
  const uses = (bench: Bench) =>
    Object.fromEntries(usageOf(bench.state, bench.now)?.credentials?.map((one) => [one.id, one.last_used_at_ms]) ?? []);

  test("is each key's own, of admitted and of refused requests, and null before the first", () => {
    const bench = Bench.provisioned({ requests_per_minute: 60 });
    bench.do("provision", provisioning({}, keyRow({ id: "key_2" })));
    expect(uses(bench)).toEqual({ key_1: null, key_2: null });
    bench.admit();
    expect(uses(bench)).toEqual({ key_1: NOON, key_2: null });
    bench.now += 1000;
    bench.do("refuse", refusal({ caller: caller({ credentialId: "key_2" }) }));
    expect(uses(bench)).toEqual({ key_1: NOON, key_2: NOON + 1000 });
    bench.now += 1000;
    bench.admit({ anyScope: ["admin"] });
    expect(uses(bench)).toEqual({ key_1: NOON + 2000, key_2: NOON + 1000 });
  });
  test("of access tokens is their client's, of each row that is live", () => {
    const bench = Bench.provisioned({}, keyRow({ id: "client_1", kind: "client" }));
    bench.do("provision", provisioning({}, keyRow({ id: "client_2", kind: "client" })));
    bench.do("revoke", { credentialId: "client_1" });
    // an id that an issuer chose to look like a row's is no use of that row
    bench.do("provision", provisioning({}, keyRow({ id: "key_1" })));
    bench.admit({ caller: caller({ kind: "access_token", credentialId: "key_1" }) });
    expect(uses(bench)).toEqual({ client_1: null, client_2: NOON, key_1: null });
  });
  test("is no attempt that was answered 401: revoked, expired, or with a proof used before", () => {
    const bench = Bench.provisioned();
    const replay = { key: "dpop:one", expiresAtMs: NOON + 60_000 };
    bench.admit({ replay });
    bench.now += 1000;
    expect(bench.admit({ replay })).toBe("invalid_api_key");
    bench.do("refuse", refusal({ code: "invalid_api_key", status: 401 }));
    bench.do("revoke", { credentialId: "key_1" });
    expect(bench.admit()).toBe("invalid_api_key");
    expect(usageOf(bench.state, bench.now)?.credentials).toEqual([
      { id: "key_1", last_used_at_ms: NOON, revoked: true },
    ]);
  });
  test("outlives a change of the row, and costs no row of the journal", () => {
    const bench = Bench.provisioned();
    bench.do("admit", listing());
    bench.do("change", { credential_id: "key_1", scopes: [] });
    expect(uses(bench)).toEqual({ key_1: NOON });
    expect(bench.events.map(({ kind }) => kind)).toEqual(["provisioned", "admitted", "changed"]);
  });
});

describe("an expiry that is brought forward", () => {
  test("ends the old key of a rotation early, its skew allowed, and not the new one", () => {
    const bench = Bench.provisioned();
    bench.do("provision", provisioning({}, keyRow({ id: "key_2" })));
    expect(bench.do("change", { credential_id: "key_1", expires_at_ms: NOON + HOUR })).toBe(true);
    bench.now = NOON + HOUR + 29_999;
    expect(bench.admit()).toBe("admitted");
    bench.now += 1;
    expect(bench.admit()).toBe("invalid_api_key");
    expect(bench.admit({ caller: caller({ credentialId: "key_2" }) })).toBe("admitted");
  });
  test("is never moved back, and what is no time changes nothing", () => {
    const bench = Bench.provisioned();
    const ends = () => bench.state.credentials.get("key_1")?.row.expires_at_ms;
    bench.do("change", { credential_id: "key_1", expires_at_ms: NOON + HOUR });
    expect(bench.do("change", { credential_id: "key_1", expires_at_ms: NOON + DAY })).toBe(true);
    expect(bench.do("change", { credential_id: "key_1", scopes: ["infer:*"] })).toBe(true);
    expect(ends()).toBe(NOON + HOUR);
    for (const expires_at_ms of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY])
      expect(bench.do("change", { credential_id: "key_1", expires_at_ms })).toBe(false);
    expect(ends()).toBe(NOON + HOUR);
  });
  test("does not let a late repeat of the first provision bring the key back, revoked or not", () => {
    const bench = Bench.provisioned();
    bench.do("change", { credential_id: "key_1", expires_at_ms: NOON + HOUR });
    bench.now += DAY;
    // rows that have expired go at a provision
    bench.do("provision", provisioning({}, keyRow({ id: "key_2" })));
    bench.do("provision", provisioning({}, keyRow({ id: "key_1" })));
    expect(bench.admit()).toBe("invalid_api_key");
  });
});

describe("a revoked access token", () => {
  const client = () => Bench.provisioned({}, keyRow({ id: "client_1", kind: "client" }));
  const of = (credentialId: string, expiresAtMs = NOON + 2 * HOUR) => ({
    caller: caller({ kind: "access_token", credentialId, expiresAtMs }),
  });

  test("is forgotten once it has expired by every clock, and not before", () => {
    const bench = client();
    bench.do("revoke", { credentialId: "jti_1", expiresAtMs: NOON + 2 * HOUR });
    bench.now = NOON + 2 * HOUR + 29_999;
    bench.do("revoke", { credentialId: "jti_2", expiresAtMs: bench.now });
    expect(bench.admit(of("jti_1"))).toBe("invalid_api_key");
    expect(bench.state.revokedTokens.has("jti_1")).toBe(true);
    bench.now += 1;
    bench.do("revoke", { credentialId: "jti_3", expiresAtMs: bench.now });
    expect([...bench.state.revokedTokens.keys()]).toEqual(["jti_2", "jti_3"]);
    expect(bench.admit(of("jti_1"))).toBe("invalid_api_key");
  });
  test("without an expiry, or with one that is no time, is kept as long as any token may live", () => {
    const bench = client();
    bench.do("revoke", { credentialId: "jti_1" });
    bench.do("revoke", { credentialId: "jti_2", expiresAtMs: Number.NaN });
    expect([...bench.state.revokedTokens.values()]).toEqual([NOON + 90 * DAY, NOON + 90 * DAY]);
  });
  test("is kept longer by a repeat with a later expiry, never shorter, and a full list does not stop that", () => {
    const bench = Bench.provisioned({}, keyRow({ kind: "client" }), { maxRevokedTokens: 1 });
    const until = () => bench.state.revokedTokens.get("jti_1");
    const revoke = (expiresAtMs?: number) => bench.do("revoke", { credentialId: "jti_1", expiresAtMs });
    revoke(NOON + 2 * HOUR);
    expect(revoke(NOON + 3 * HOUR)).toBe("done");
    expect(until()).toBe(NOON + 3 * HOUR + 30_000);
    revoke(NOON + HOUR);
    revoke();
    expect(until()).toBe(NOON + 3 * HOUR + 30_000);
    expect(bench.events.filter(({ kind }) => kind === "revoked")).toHaveLength(2);
  });
  test("that expires at once is known for as long as a stream of its may run", () => {
    const bench = client();
    const id = newId();
    bench.admit({
      requestId: id,
      ...of("jti_1", NOON + 1000),
      reserve: { promptTokens: 1, outputTokens: 1, leaseMs: HOUR },
    });
    bench.do("revoke", { credentialId: "jti_1", expiresAtMs: NOON + 1000 });
    bench.now = NOON + HOUR - 1;
    bench.do("revoke", { credentialId: "jti_2", expiresAtMs: bench.now });
    expect(bench.do("renew", { requestId: id, leaseMs: HOUR })).toBe(false);
  });
});

// Proofs are good once: each stolen or repeated proof that must fail, and each request that must not be taken for one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply } from "../../../durable-objects/account-ledger/apply.ts";
import { recordsOf } from "../../../durable-objects/account-ledger/records.ts";
import { fromSnapshot, toSnapshot } from "../../../durable-objects/account-ledger/snapshot.ts";
import { emptyState } from "../../../durable-objects/account-ledger/state.ts";
import type { RequestId } from "../../../protocol/ids.ts";
import { admission, Bench, caller, keyRow, listing, NOON, newId, refusal, settlement } from "./support.ts";

const SKEW = 30_000;
const LIFE = 90_000;
const proof = (key = "dpop:one", expiresAtMs = NOON + LIFE) => ({ replay: { key, expiresAtMs } });
const ANSWER = { code: "invalid_api_key", presented: true };

describe("a proof that was used", () => {
  test("is 401 for another request, admitted or refused, and the refusal stands in the record", () => {
    const bench = Bench.provisioned();
    expect(bench.admit(proof())).toBe("admitted");
    expect(bench.do("admit", admission(proof()))).toEqual({ admitted: false, refusal: ANSWER });
    expect(bench.do("admit", listing(proof()))).toEqual({ admitted: false, refusal: ANSWER });
    expect(bench.do("refuse", refusal(proof()))).toEqual({ override: ANSWER });
    const { identity } = bench.state;
    if (identity === null) throw new Error("not provisioned");
    const kinds = bench.events.flatMap((event) => recordsOf(event, identity)).map(({ open }) => open);
    expect(kinds.map(({ kind }) => kind)).toEqual(["intent", "refusal", "refusal", "refusal"]);
    expect(kinds.at(-1)).toMatchObject({ code: "invalid_api_key", status: 401 });
    expect(JSON.stringify(kinds)).not.toContain("dpop:one");
  });
  test.each(["refuse", "admit"] as const)(
    "on a request refused for another reason (%s) is not good for a second",
    (how) => {
      const bench = Bench.provisioned({}, keyRow({ scopes: ["infer:small"] }));
      if (how === "refuse") expect(bench.do("refuse", refusal(proof()))).toEqual({ override: null });
      else expect(bench.admit({ ...proof(), anyScope: ["infer:large"] })).toBe("model_not_granted");
      expect(bench.admit(proof())).toBe("invalid_api_key");
    },
  );
  test("on a request that the rates refused is not good for a second", () => {
    const bench = Bench.provisioned({ requests_per_minute: 6 });
    bench.admit();
    expect(bench.admit(proof())).toBe("rate_limit_exceeded requests_per_minute");
    bench.now += 10_000;
    expect(bench.admit(proof())).toBe("invalid_api_key");
  });
  test("wins over the network, the scope, the size and the rates, but not over revocation", () => {
    const bench = Bench.provisioned({ requests_per_minute: 6, input_tokens_per_minute: 50 });
    bench.admit(proof());
    bench.do("change", { credential_id: "key_1", allow_cidrs: ["10.0.0.0/8"], scopes: [] });
    expect(bench.admit(proof())).toBe("invalid_api_key");
    expect(bench.admit()).toBe("permission_denied network");
    bench.do("revoke", { credentialId: "key_1" });
    expect(bench.admit(proof("dpop:two"))).toBe("invalid_api_key");
    expect([...bench.state.replays.keys()]).toEqual(["dpop:one"]);
  });
  test("spends nothing of its owner's rates, whoever shows it", () => {
    const bench = Bench.provisioned({ requests_per_minute: 12 });
    bench.admit(proof());
    for (let i = 0; i < 100; i++) {
      expect(bench.admit(proof())).toBe("invalid_api_key");
      bench.do("refuse", refusal(proof()));
    }
    expect(bench.admit(proof("dpop:two"))).toBe("admitted");
  });
  test("is 401 to another credential of the account too", () => {
    const bench = Bench.provisioned({}, keyRow({ kind: "client" }));
    const by = (credentialId: string) => ({ caller: caller({ kind: "access_token", credentialId }) });
    expect(bench.admit({ ...proof(), ...by("jti_1") })).toBe("admitted");
    expect(bench.admit({ ...proof(), ...by("jti_2") })).toBe("invalid_api_key");
  });
});

describe("no replay", () => {
  test("the same request again, also when its first answer is forgotten, and without a second charge", () => {
    const bench = Bench.provisioned({ requests_per_day: 5 }, keyRow(), { maxRememberedReplies: 1 });
    const command = admission(proof());
    const first = bench.do("admit", command);
    expect(bench.do("admit", command)).toEqual(first);
    expect(bench.state.windows.requestsOfDay).toBe(1);
    const noted = refusal(proof("dpop:two"));
    bench.do("refuse", noted);
    for (let i = 0; i < 3; i++) bench.do("admit", listing());
    const before = bench.events.length;
    expect(bench.do("refuse", noted)).toEqual({ override: null });
    expect(bench.events).toHaveLength(before + 1);
    bench.do("settle", settlement(command.requestId));
    expect(bench.do("admit", command).admitted).toBe(true);
  });
  test("requests without a proof, however many", () => {
    const bench = Bench.provisioned();
    for (let i = 0; i < 5; i++) expect(bench.admit()).toBe("admitted");
    expect(bench.state.replays.size).toBe(0);
    expect(JSON.stringify(bench.events)).not.toContain("replay");
  });
  test("another tenant's request of the same key, and one that no credential stands behind: they keep nothing", () => {
    const bench = Bench.provisioned();
    expect(bench.admit({ ...proof(), caller: caller({ tenant: "mallory" }) })).toBe("invalid_api_key");
    expect(bench.admit({ ...proof(), caller: caller({ credentialId: "gone" }) })).toBe("invalid_api_key");
    bench.do("refuse", refusal({ ...proof(), caller: caller({ credentialId: "gone" }) }));
    expect(bench.state.replays.size).toBe(0);
    expect(bench.admit(proof())).toBe("admitted");
  });
});

describe("how long, and how many", () => {
  test("a proof is known until no clock takes it as fresh, and one that comes past that is 401 without being known", () => {
    const bench = Bench.provisioned();
    bench.admit(proof());
    bench.now = NOON + LIFE + SKEW - 1;
    expect(bench.admit(proof())).toBe("invalid_api_key");
    expect(bench.admit(proof("dpop:late"))).toBe("admitted");
    bench.now += 1;
    expect(bench.admit(proof("dpop:later"))).toBe("invalid_api_key");
    bench.now += 1000;
    bench.admit();
    expect(bench.state.replays.size).toBe(0);
    expect(bench.admit(proof())).toBe("invalid_api_key");
  });
  test("a full cache of unexpired proofs is 503 `busy` for one more, not for the rest, and frees itself", () => {
    const bench = Bench.provisioned({}, keyRow(), { maxReplayKeys: 2 });
    const known = admission(proof("a", NOON + 1000));
    bench.do("admit", known);
    expect(bench.admit(proof("b", NOON + LIFE))).toBe("admitted");
    expect(bench.admit(proof("c"))).toBe("busy");
    expect(bench.events.at(-1)).toMatchObject({ kind: "refused", code: "busy", status: 503 });
    expect(bench.do("refuse", refusal(proof("c")))).toEqual({ override: { code: "busy" } });
    expect(bench.admit()).toBe("admitted");
    expect(bench.admit(proof("a"))).toBe("invalid_api_key");
    expect(bench.do("admit", known).admitted).toBe(true);
    expect([...bench.state.replays.keys()]).toEqual(["a", "b"]);
    bench.now = NOON + 1000 + SKEW;
    expect(bench.admit(proof("c"))).toBe("admitted");
    expect([...bench.state.replays.keys()]).toEqual(["b", "c"]);
    expect(bench.admit(proof("d"))).toBe("busy");
  });
  test.each([
    ["no name", { key: "", expiresAtMs: NOON }],
    ["a name too long", { key: "k".repeat(129), expiresAtMs: NOON }],
    ["no time", { key: "k", expiresAtMs: Number.NaN }],
    ["a time before time", { key: "k", expiresAtMs: -1 }],
    ["a life of more than an hour", { key: "k", expiresAtMs: NOON + 3_600_001 }],
  ])("a proof of %s lets no one in and is not kept", (_, replay) => {
    const bench = Bench.provisioned();
    expect(bench.admit({ replay })).toBe("internal_error");
    expect(bench.do("refuse", refusal({ replay }))).toEqual({ override: { code: "internal_error" } });
    expect(bench.state.replays.size).toBe(0);
  });
});

test("random requests with few proofs: each is good for one request, none is kept for ever, a rebuilt ledger knows the same", () => {
  const step = fc.record({
    op: fc.constantFrom("admit", "refuse", "get", "again"),
    key: fc.constantFrom("a", "b", "c", "d", "e"),
    lifeMs: fc.integer({ min: -40_000, max: 100_000 }),
    waitMs: fc.oneof(fc.nat({ max: 900 }), fc.nat({ max: 50_000 })),
    credentialId: fc.constantFrom("key_1", "key_1", "key_1", "gone"),
  });
  const max = 3;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 120 }), fc.nat({ max: 120 }), (steps, cut) => {
      const bench = Bench.provisioned({}, keyRow(), { maxReplayKeys: max, maxRememberedReplies: 2 });
      const seen = new Map<string, { id: RequestId; until: number }>();
      let last = admission();
      for (const { op, key, lifeMs, waitMs, credentialId } of steps) {
        bench.now += waitMs;
        const over = { replay: { key, expiresAtMs: bench.now + lifeMs }, caller: caller({ credentialId }) };
        const command = op === "again" ? last : op === "get" ? listing(over) : admission(over);
        const { requestId, replay } = command;
        // what a list of all proofs ever used says
        const answer = (): string => {
          if (command.caller.credentialId === "gone") return "invalid_api_key";
          if (replay === undefined) return "in";
          const until = replay.expiresAtMs + SKEW;
          if (until <= bench.now) return "invalid_api_key";
          const before = seen.get(replay.key);
          if (before !== undefined && before.until > bench.now)
            return before.id === requestId ? "in" : "invalid_api_key";
          const living = [...seen.values()].filter((one) => one.until > bench.now).length;
          if (living >= max) return "busy";
          seen.set(replay.key, { id: requestId, until });
          return "in";
        };
        const repeats = bench.state.replies.get(requestId) !== undefined || bench.state.open.has(requestId);
        // a full cache may hold what expired less than a second ago
        const lately = [...seen.values()].some(({ until }) => until <= bench.now && until > bench.now - 1000);
        const size = bench.state.replays.size;
        if (op === "refuse") {
          const said = bench.do("refuse", refusal({ ...over, requestId })).override?.code ?? "in";
          if (said === "busy" && lately) expect(size).toBe(max);
          else expect(said).toBe(answer());
        } else {
          const reply = bench.do("admit", command);
          const said = reply.admitted ? "in" : reply.refusal.code;
          if (said === "busy" && lately) expect(size).toBe(max);
          else if (!repeats) expect(said).toBe(answer());
          if (reply.admitted) last = command;
        }
        expect(bench.state.replays.size).toBeLessThanOrEqual(max);
      }
      const live = toSnapshot(bench.state);
      const half = emptyState();
      for (const event of bench.events.slice(0, cut)) apply(half, event, bench.limits);
      const whole = fromSnapshot(toSnapshot(half));
      for (const event of bench.events.slice(cut)) apply(whole, event, bench.limits);
      expect(toSnapshot(whole)).toBe(live);
    }),
    { numRuns: 200 },
  );
});

test("a snapshot of a ledger that knew of no proofs is read, and keeps them from then on", () => {
  const bench = Bench.provisioned();
  const { replays: _, replaysDueMs: __, credentials, ...rest } = JSON.parse(toSnapshot(bench.state));
  const old = credentials.map(([id, { row, revoked }]: [string, { row: unknown; revoked: boolean }]) => [
    id,
    { row, revoked },
  ]);
  bench.state = fromSnapshot(JSON.stringify({ ...rest, credentials: old }));
  expect(bench.admit({ requestId: newId(), ...proof() })).toBe("admitted");
  expect(bench.admit(proof())).toBe("invalid_api_key");
  const restored = JSON.parse(toSnapshot(bench.state));
  expect(restored.replaysDueMs).toBe(NOON + LIFE + SKEW);
});

// Random lives of a ledger against a model that knows nothing of buckets, windows or journals: it keeps the list of all
// requests and counts them afresh.
import fc from "fast-check";
import { expect, test } from "vitest";
import { apply } from "../../../durable-objects/account-ledger/apply.ts";
import { windowsAt } from "../../../durable-objects/account-ledger/calendar.ts";
import { type Bucket, charge, type Gauge, waitMs } from "../../../durable-objects/account-ledger/gcra.ts";
import { recordsOf } from "../../../durable-objects/account-ledger/records.ts";
import { fromSnapshot, toSnapshot } from "../../../durable-objects/account-ledger/snapshot.ts";
import { emptyState } from "../../../durable-objects/account-ledger/state.ts";
import type { RequestId } from "../../../protocol/ids.ts";
import { admission, Bench, caller, keyRow, listing, newId, provisioning, refusal, settlement } from "./support.ts";

const DAY = 86_400_000;
const QUOTAS = {
  requests_per_second: 3,
  requests_per_minute: 30,
  requests_per_day: 12,
  input_tokens_per_minute: 200,
  output_tokens_per_minute: 400,
  concurrency: 4,
  tokens_per_day: 900,
  tokens_per_month: 2000,
};

interface Held {
  readonly at: number;
  readonly prompt: number;
  readonly output: number;
  leaseEndsAt: number;
  /** null: open; else tokens charged in the end, -1 for a request that was free */
  charged: number | null;
}

const pick = fc.nat({ max: 30 });
const op = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant("admit" as const),
      prompt: fc.nat({ max: 90 }),
      output: fc.nat({ max: 150 }),
      /** the proof that comes with it; null: none */
      proof: fc.option(fc.constantFrom("a", "b", "c")),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("repeat" as const), which: pick }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("get" as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("refuse" as const), known: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("settle" as const),
      which: pick,
      part: fc.nat({ max: 100 }),
      free: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("renew" as const), which: pick }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("ship" as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant("wait" as const),
      ms: fc.oneof(fc.nat({ max: 900 }), fc.nat({ max: 90_000 }), fc.nat({ max: 2 * DAY })),
    }),
  },
);

test("a random life never passes a limit, adds up to what its requests used, and repeats nothing", () => {
  fc.assert(
    fc.property(fc.array(op, { minLength: 20, maxLength: 150 }), fc.nat({ max: 40 * DAY }), (ops, start) => {
      const bench = new Bench({ maxRememberedReplies: 6 });
      bench.now += start;
      bench.do("provision", provisioning(QUOTAS));
      const held = new Map<RequestId, Held>();
      const proofs = new Map<string, number>();
      const at = (which: number): RequestId | undefined => [...held.keys()][which % Math.max(1, held.size)];

      for (const step of ops) {
        bench.do("expire", null);
        for (const one of held.values())
          if (one.charged === null && one.leaseEndsAt <= bench.now) one.charged = one.prompt + one.output;
        const before = bench.events.length;

        switch (step.op) {
          case "admit": {
            const command = admission({
              reserve: { promptTokens: step.prompt, outputTokens: step.output, leaseMs: 60_000 },
              ...(step.proof !== null && { replay: { key: step.proof, expiresAtMs: bench.now + 90_000 } }),
            });
            const reply = bench.do("admit", command);
            if (step.proof !== null) {
              const isReplay = (proofs.get(step.proof) ?? 0) > bench.now;
              expect(!reply.admitted && reply.refusal.code === "invalid_api_key").toBe(isReplay);
              if (!isReplay) proofs.set(step.proof, bench.now + 120_000);
            }
            expect(bench.do("admit", command)).toEqual(reply);
            expect(bench.events).toHaveLength(before + 1);
            if (reply.admitted)
              held.set(command.requestId, {
                at: bench.now,
                prompt: step.prompt,
                output: step.output,
                leaseEndsAt: bench.now + 60_000,
                charged: null,
              });
            break;
          }
          case "repeat": {
            const requestId = at(step.which);
            if (requestId === undefined || held.get(requestId)?.charged !== null) break;
            expect(bench.do("admit", admission({ requestId })).admitted).toBe(true);
            expect(bench.events).toHaveLength(before);
            break;
          }
          case "get":
            bench.do("admit", listing());
            break;
          case "refuse":
            bench.do("refuse", refusal(step.known ? {} : { caller: caller({ credentialId: "gone" }) }));
            break;
          case "settle": {
            const requestId = at(step.which) ?? newId();
            const one = held.get(requestId);
            const promptTokens = Math.floor(((one?.prompt ?? 50) * step.part) / 100);
            const completionTokens = Math.floor(((one?.output ?? 50) * step.part) / 100);
            const given = settlement(requestId, { promptTokens, completionTokens, free: step.free });
            bench.do("settle", given);
            expect(bench.events).toHaveLength(before + (one?.charged === null ? 1 : 0));
            if (one?.charged === null) one.charged = step.free ? -1 : promptTokens + completionTokens;
            bench.do("settle", given);
            expect(bench.events.length).toBeLessThanOrEqual(before + 1);
            break;
          }
          case "renew": {
            const requestId = at(step.which) ?? newId();
            const one = held.get(requestId);
            expect(bench.do("renew", { requestId, leaseMs: 60_000 })).toBe(one?.charged === null);
            if (one?.charged === null) one.leaseEndsAt = Math.max(one.leaseEndsAt, bench.now + 60_000);
            break;
          }
          case "ship":
            bench.do("shipped", { record: bench.state.nextRecord - 1, row: bench.events.length });
            break;
          case "wait":
            bench.now += step.ms;
        }

        const all = [...held.values()];
        const used = (one: Held) => (one.charged === null ? one.prompt + one.output : Math.max(0, one.charged));
        const sum = (some: Held[]) => some.reduce((total, one) => total + used(one), 0);
        const today = all.filter((one) => Math.floor(one.at / DAY) === Math.floor(bench.now / DAY));
        const month = (ms: number) => new Date(ms).toISOString().slice(0, 7);
        const thisMonth = all.filter((one) => month(one.at) === month(bench.now));
        expect(windowsAt(bench.state.windows, bench.now)).toMatchObject({
          requestsOfDay: today.filter((one) => one.charged !== -1).length,
          tokensOfDay: sum(today),
          tokensOfMonth: sum(thisMonth),
        });
        expect(today.filter((one) => one.charged !== -1).length).toBeLessThanOrEqual(QUOTAS.requests_per_day);
        expect(sum(today)).toBeLessThanOrEqual(QUOTAS.tokens_per_day);
        expect(sum(thisMonth)).toBeLessThanOrEqual(QUOTAS.tokens_per_month);
        expect(bench.state.open.size).toBe(all.filter((one) => one.charged === null).length);
        expect(bench.state.open.size).toBeLessThanOrEqual(QUOTAS.concurrency);
        expect(bench.state.replies.size).toBeLessThanOrEqual(6);
      }
      audited(bench, held);
      rebuilt(bench, start % (bench.events.length + 1));
    }),
    { numRuns: 150 },
  );
});

/** Records are gapless; each admitted request has one intent, and one outcome unless it is open. */
function audited(bench: Bench, held: ReadonlyMap<RequestId, Held>): void {
  const { identity } = bench.state;
  if (identity === null) throw new Error("not provisioned");
  const records = bench.events.flatMap((event) => recordsOf(event, identity));
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  expect(bench.state.nextRecord).toBe(records.length + 1);
  for (const [id, one] of held) {
    const kinds = records.filter(({ open }) => open.request_id === id).map(({ open }) => open.kind);
    expect(kinds).toEqual(one.charged === null ? ["intent"] : ["intent", "outcome"]);
  }
}

/** The journal alone, or a snapshot from anywhere in it and the rest, give the state that memory has. */
function rebuilt(bench: Bench, cut: number): void {
  const live = toSnapshot(bench.state);
  expect(live).not.toContain("PERSONAL");
  const fresh = emptyState();
  for (const event of bench.events) apply(fresh, event, bench.limits);
  expect(toSnapshot(fresh)).toBe(live);
  const half = emptyState();
  for (const event of bench.events.slice(0, cut)) apply(half, event, bench.limits);
  const whole = fromSnapshot(toSnapshot(half));
  for (const event of bench.events.slice(cut)) apply(whole, event, bench.limits);
  expect(toSnapshot(whole)).toBe(live);
}

// ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────────

const limit = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 2000 }));
/** gaps of a client that comes too early, too late, and exactly on time */
const gaps = fc.array(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 2000 }), fc.nat({ max: 70_000 })), {
  minLength: 1,
  maxLength: 300,
});

test("any 60 s see at most N + b admissions of requests per minute, GETs and refusals counted in", () => {
  fc.assert(
    fc.property(limit, gaps, fc.infiniteStream(fc.nat({ max: 2 })), (requests_per_minute, waits, kinds) => {
      const bench = Bench.provisioned({ requests_per_minute });
      const counted: number[] = [];
      for (const wait of waits) {
        bench.now += wait;
        const kind = kinds.next().value;
        if (kind === 0 && bench.do("admit", admission()).admitted) counted.push(bench.now);
        if (kind === 1 && bench.do("admit", listing()).admitted) counted.push(bench.now);
        if (kind === 2) bench.do("refuse", refusal());
      }
      const most = requests_per_minute + Math.max(1, Math.floor(requests_per_minute / 6));
      counted.forEach((from, index) => {
        const inWindow = counted.slice(index).filter((at) => at <= from + 60_000).length;
        expect(inWindow).toBeLessThanOrEqual(most);
      });
    }),
    { numRuns: 150 },
  );
});

test("a client that keeps its pace is never refused, and one that retries when told is admitted then", () => {
  fc.assert(
    fc.property(limit, fc.integer({ min: 1, max: 200 }), (requests_per_minute, count) => {
      const bench = Bench.provisioned({ requests_per_minute });
      for (let i = 0; i < count; i++) {
        expect(bench.admit()).toBe("admitted");
        bench.now += Math.ceil(60_000 / requests_per_minute);
      }
      for (let i = 0; i < 3 * requests_per_minute; i++) {
        const reply = bench.do("admit", admission());
        if (reply.admitted) continue;
        if (reply.refusal.code !== "rate_limit_exceeded") throw new Error(reply.refusal.code);
        const wait = reply.refusal.retryAfterMs;
        bench.now += wait - 1;
        expect(bench.admit()).toBe("rate_limit_exceeded requests_per_minute");
        bench.now += 1;
        expect(bench.admit()).toBe("admitted");
        break;
      }
    }),
    { numRuns: 50 },
  );
});

test("the bucket decides as the virtual scheduling form of GCRA does, in exact arithmetic", () => {
  const weights = fc.array(fc.tuple(fc.nat({ max: 70_000 }), fc.integer({ min: 1, max: 40 })), { maxLength: 200 });
  const anyLimit = fc.oneof(limit, fc.integer({ min: 2001, max: 100_000_000_000 }));
  fc.assert(
    fc.property(anyLimit, fc.integer({ min: 1, max: 5000 }), weights, (n, burst, arrivals) => {
      const gauge: Gauge = { limit: n, periodMs: 60_000, burst };
      let bucket: Bucket = { level: 0, atMs: 0 };
      // theoretical arrival time, in milliseconds × n, so that it is whole
      let tat = 0n;
      let now = 1_700_000_000_000;
      for (const [wait, weight] of arrivals) {
        now += wait;
        const scaled = BigInt(now) * BigInt(n);
        const start = tat > scaled ? tat : scaled;
        const conforms = start + BigInt(weight * 60_000) <= scaled + BigInt(burst) * 60_000n;
        expect(waitMs(bucket, gauge, weight, now) === 0).toBe(conforms);
        if (!conforms) continue;
        tat = start + BigInt(weight * 60_000);
        bucket = charge(bucket, gauge, weight, now);
      }
    }),
    { numRuns: 200 },
  );
});

test("tokens that were settled, less than reserved, are at most twice the limit in any 60 s, and the limit in the long run", () => {
  const step = fc.tuple(fc.nat({ max: 20_000 }), fc.integer({ min: 1, max: 100 }), fc.nat({ max: 100 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const bench = Bench.provisioned({ output_tokens_per_minute: 100 });
      const spent: { at: number; tokens: number }[] = [];
      const begin = bench.now;
      for (const [wait, outputTokens, part] of steps) {
        bench.now += wait;
        const command = admission({ reserve: { promptTokens: 0, outputTokens, leaseMs: 60_000 } });
        if (!bench.do("admit", command).admitted) continue;
        const tokens = Math.floor((outputTokens * part) / 100);
        spent.push({ at: bench.now, tokens });
        bench.do("settle", settlement(command.requestId, { promptTokens: 0, completionTokens: tokens }));
      }
      const sum = (some: typeof spent) => some.reduce((total, { tokens }) => total + tokens, 0);
      for (const { at } of spent)
        expect(sum(spent.filter((one) => one.at >= at && one.at <= at + 60_000))).toBeLessThanOrEqual(200);
      expect(sum(spent)).toBeLessThanOrEqual(100 + ((bench.now - begin) * 100) / 60_000);
    }),
    { numRuns: 100 },
  );
});

test("changing limits, credentials and scopes at random leaves what the journal rebuilds", () => {
  const quota = fc.constantFrom("requests_per_minute", "input_tokens_per_minute", "concurrency", "tokens_per_day");
  const act = fc.oneof(
    fc.record({ op: fc.constant("limit" as const), name: quota, to: fc.option(fc.integer({ min: 1, max: 500 })) }),
    fc.record({ op: fc.constant("admit" as const), ms: fc.nat({ max: 20_000 }) }),
    fc.record({ op: fc.constant("rotate" as const), id: fc.constantFrom("key_1", "key_2", "client_1") }),
    fc.record({
      op: fc.constant("revoke" as const),
      id: fc.constantFrom("key_1", "key_2", "client_1", "jti_1"),
      forMs: fc.option(fc.nat({ max: 10 * DAY }), { nil: undefined }),
    }),
    fc.record({
      op: fc.constant("shorten" as const),
      id: fc.constantFrom("key_1", "client_1"),
      byMs: fc.nat({ max: DAY }),
    }),
    fc.record({ op: fc.constant("scopes" as const), to: fc.constantFrom(["infer:*"], ["embed:*"], []) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), fc.nat({ max: 80 }), (acts, cut) => {
      const bench = Bench.provisioned({});
      for (const one of acts) {
        if (one.op === "limit") bench.do("change", { credential_id: "key_1", limits: { [one.name]: one.to } });
        if (one.op === "scopes") bench.do("change", { credential_id: "key_1", scopes: one.to });
        if (one.op === "revoke")
          bench.do("revoke", {
            credentialId: one.id,
            ...(one.forMs !== undefined && { expiresAtMs: bench.now + one.forMs }),
          });
        if (one.op === "shorten") {
          const before = bench.state.credentials.get(one.id)?.row.expires_at_ms ?? 0;
          bench.do("change", { credential_id: one.id, expires_at_ms: bench.now + one.byMs });
          expect(bench.state.credentials.get(one.id)?.row.expires_at_ms ?? 0).toBeLessThanOrEqual(before);
        }
        if (one.op === "rotate")
          bench.do(
            "provision",
            provisioning({}, keyRow({ id: one.id, kind: one.id === "client_1" ? "client" : "api_key" })),
          );
        if (one.op !== "admit") continue;
        bench.now += one.ms;
        bench.do("admit", admission());
        bench.do("admit", admission({ caller: caller({ kind: "access_token", credentialId: "jti_1" }) }));
        const { concurrency } = bench.state.limits;
        if (bench.events.at(-1)?.kind === "admitted" && concurrency !== null)
          expect(bench.state.open.size).toBeLessThanOrEqual(concurrency);
        if (bench.state.credentials.get("key_1")?.revoked) expect(bench.admit()).toBe("invalid_api_key");
      }
      rebuilt(bench, Math.min(cut, bench.events.length));
    }),
    { numRuns: 100 },
  );
});

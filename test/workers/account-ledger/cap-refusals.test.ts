// What an isolate refused by its own cap, as the ledger takes it: one record a count, and each count once.
import { describe, expect, it } from "vitest";
import type { CapRefusals } from "../../../durable-objects/account-ledger/commands.ts";
import { recordsOf } from "../../../durable-objects/account-ledger/records.ts";
import { fromSnapshot, toSnapshot } from "../../../durable-objects/account-ledger/snapshot.ts";
import { Bench, NOON, newId } from "./support.ts";

function refusals(over: Partial<CapRefusals> = {}): CapRefusals {
  return {
    kind: "cap_refusals",
    id: newId(),
    tenant: "acme",
    account: "acme/main",
    policyDigest: "sha256:policy",
    sinceMs: NOON - 400,
    count: 17,
    addresses: { "203.0.113.9": 16, "203.0.113.10": 1 },
    ...over,
  };
}

function recorded(bench: Bench) {
  const { identity } = bench.state;
  if (identity === null) throw new Error("never provisioned");
  return bench.events.flatMap((event) => recordsOf(event, identity));
}

describe("refusals of an isolate's own cap", () => {
  it("become one tally of the account, with its addresses beside the open fields", () => {
    const bench = Bench.provisioned();
    const given = refusals();
    bench.do("capRefusals", given);
    expect(recorded(bench)).toEqual([
      {
        seq: 1,
        open: {
          kind: "tally",
          request_id: given.id,
          time_ms: NOON,
          tenant: "acme",
          account: "acme/main",
          since_ms: NOON - 400,
          lower_bound: true,
          counts: { too_many_requests: 17 },
          addresses: 2,
          policy_digest: "sha256:policy",
        },
        personal: { client_addresses: JSON.stringify(given.addresses) },
      },
    ]);
    expect(bench.state.nextRecord).toBe(2);
  });

  it("are taken once, also by a ledger that was rebuilt from its snapshot, and another count is taken beside it", () => {
    const bench = Bench.provisioned();
    const given = refusals();
    bench.do("capRefusals", given);
    bench.do("capRefusals", given);
    bench.state = fromSnapshot(toSnapshot(bench.state));
    bench.now += 60_000;
    bench.do("capRefusals", given);
    bench.do("capRefusals", refusals({ count: 1 }));
    expect(recorded(bench).map(({ open }) => (open.kind === "tally" ? open.counts.too_many_requests : null))).toEqual([
      17, 1,
    ]);
  });

  it("are not taken once they are so old that no one could know whether they were taken before", () => {
    const bench = Bench.provisioned();
    const given = refusals({ sinceMs: NOON });
    const { capRefusalsMs, clockSkewMs } = bench.limits;
    bench.now = NOON + capRefusalsMs + clockSkewMs - 1;
    bench.do("capRefusals", given);
    expect(recorded(bench)).toHaveLength(1);
    bench.now += 1;
    bench.do("capRefusals", given);
    bench.do("capRefusals", refusals({ sinceMs: NOON }));
    expect(recorded(bench)).toHaveLength(1);
  });

  it("cost the account nothing of its limits", () => {
    const bench = Bench.provisioned({ requests_per_minute: 6, requests_per_day: 1 });
    bench.do("capRefusals", refusals({ count: 1000 }));
    expect(bench.admit()).toBe("admitted");
  });

  it.each([
    ["another tenant's", { tenant: "other" }],
    ["another account's", { account: "acme/other" }],
    ["none at all", { count: 0 }],
    ["less than none", { count: -1 }],
    ["no number", { count: Number.NaN }],
    ["of no time", { sinceMs: Number.NaN }],
    ["of a time far ahead", { sinceMs: NOON + 4 * 3_600_000 }],
  ])("that are %s leave no record", (_name, over) => {
    const bench = Bench.provisioned();
    bench.do("capRefusals", refusals(over));
    expect(recorded(bench)).toEqual([]);
  });

  it("leave no record in a ledger that was never provisioned, nor while the log is too far behind", () => {
    const unknown = new Bench();
    unknown.do("capRefusals", refusals());
    expect(unknown.events).toEqual([]);
    const behind = Bench.provisioned({}, undefined, { maxUnshippedRecords: 1 });
    behind.do("capRefusals", refusals());
    behind.do("capRefusals", refusals());
    expect(recorded(behind)).toHaveLength(1);
  });
});

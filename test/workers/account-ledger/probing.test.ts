// Systematic probing, judged inside the one call; and fields that the credential's own row must still grant.
import { describe, expect, test } from "vitest";
import type { AdmitCommand } from "../../../durable-objects/account-ledger/commands.ts";
import { recordsOf } from "../../../durable-objects/account-ledger/records.ts";
import { fromSnapshot, toSnapshot } from "../../../durable-objects/account-ledger/snapshot.ts";
import { type ProbingRule, probeOf } from "../../../guards/extraction/index.ts";
import { admission, Bench, keyRow, newId, settlement } from "./support.ts";

const RULE: ProbingRule = { mode: "event", templatePrompts: 20, coverage: 0.8, windowMs: 3_600_000 };

function probing(at: number, mode: ProbingRule["mode"]): Partial<AdmitCommand> {
  const text = `Classify the sentiment of this review as positive or negative and say nothing else at all: room ${"abcdefghijklmnopqrstuvwxyz"[at % 26]}${at > 25 ? "x" : "y"} was fine`;
  return { probing: { probe: probeOf(text), rule: { ...RULE, mode } } };
}

function probe(bench: Bench, mode: ProbingRule["mode"], count = 40): string[] {
  return Array.from({ length: count }, (_, at) => {
    bench.now += 10;
    return bench.admit(probing(at, mode));
  });
}

describe("probing", () => {
  test("in mode `event` every request passes, and from the limit on each carries the verdict", () => {
    const bench = Bench.provisioned();
    expect(new Set(probe(bench, "event"))).toEqual(new Set(["admitted"]));
    const verdicts = bench.events.map((event) =>
      event.kind === "admitted" ? event.intent.verdicts[0]?.rule : undefined,
    );
    expect(verdicts.slice(1, 20).every((rule) => rule !== "extraction.probing")).toBe(true);
    expect(verdicts.at(-1)).toBe("extraction.probing");
  });
  test("in mode `stop` it ends, with a record, while another prompt of the same account passes", () => {
    const bench = Bench.provisioned();
    expect(probe(bench, "stop").at(-1)).toBe("probing_stopped");
    expect(bench.events.at(-1)).toMatchObject({
      kind: "refused",
      status: 403,
      verdicts: [{ rule: "extraction.probing", action: "block" }, {}].slice(0, 1),
    });
    const other = probeOf("What would be a good recipe for a rainy evening with two hungry children in the kitchen?");
    expect(bench.admit({ probing: { probe: other, rule: { ...RULE, mode: "stop" } } })).toBe("admitted");
  });
  test("in mode `slow` it waits, and waiting helps", () => {
    const bench = Bench.provisioned();
    expect(probe(bench, "slow").at(-1)).toBe("probing_slowed");
    bench.now += 60_000;
    expect(bench.admit(probing(3, "slow"))).toBe("admitted");
  });
  test("a refused probe is not counted: the wait does not grow by asking", () => {
    const bench = Bench.provisioned();
    probe(bench, "slow", 60);
    const before = bench.state.sketch.size;
    const volume = Math.max(...[...bench.state.sketch.values()].map((entry) => entry.volume));
    probe(bench, "slow", 5);
    expect(bench.state.sketch.size).toBe(before);
    expect(Math.max(...[...bench.state.sketch.values()].map((entry) => entry.volume))).toBe(volume);
  });
  test("the sketch survives a snapshot", () => {
    const bench = Bench.provisioned();
    probe(bench, "event");
    expect(bench.state.sketch.size).toBeGreaterThan(0);
    expect(fromSnapshot(toSnapshot(bench.state)).sketch).toEqual(bench.state.sketch);
  });
});

describe("fields with a scope of their own", () => {
  test("a row that was narrowed no longer grants them, whatever the token says", () => {
    const scopes = ["infer:*", "logprobs"];
    const bench = Bench.provisioned({}, keyRow({ scopes }));
    expect(bench.admit({ allScopes: ["logprobs"] })).toBe("admitted");
    expect(bench.do("change", { credential_id: "key_1", scopes: ["infer:*"] })).toBe(true);
    expect(bench.admit({ allScopes: ["logprobs"] })).toBe("insufficient_scope");
    expect(bench.admit()).toBe("admitted");
    expect(bench.do("admit", admission({ allScopes: ["n"] }))).toMatchObject({ refusal: { scope: "n" } });
  });
});

describe("what a guard found in the answer", () => {
  test("stands in the outcome's record, a bounded number of them", () => {
    const bench = Bench.provisioned();
    const requestId = newId();
    bench.do("admit", admission({ requestId }));
    const verdicts = Array.from({ length: 100 }, () => ({ rule: "secret.x", action: "block", at: [1, 9] }) as const);
    bench.do("settle", settlement(requestId, { outcome: "cut_by_guard", verdicts }));
    const identity = bench.state.identity;
    const [record] = identity === null ? [] : bench.events.slice(-1).flatMap((event) => recordsOf(event, identity));
    expect(record?.open).toMatchObject({ kind: "outcome", outcome: "cut_by_guard", verdicts: verdicts.slice(0, 32) });
  });
});

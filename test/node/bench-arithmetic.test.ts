// The benchmark's arithmetic and its order of measuring, without a clock.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseOptions } from "../../bench/options.ts";
import { parseStat } from "../../bench/process-cpu.ts";
import { hasFaults, type Sample, summarise } from "../../bench/sample.ts";
import { schedule } from "../../bench/schedule.ts";
import { median, pairedDifference, pairedRatio, percentile } from "../../bench/statistics.ts";

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });

describe("statistics", () => {
  it("takes the middle value, or the mean of the two in the middle, and sorts by number", () => {
    expect(median([100, 9, 20])).toBe(20);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it("gives percentiles by nearest rank", () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(percentile(values, 50)).toBe(50);
    expect(percentile(values, 99)).toBe(99);
    expect(percentile(values, 100)).toBe(100);
    expect(percentile([7], 1)).toBe(7);
  });

  it("has at least p % of the values at or under the percentile, and it is one of them", () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b);
        const value = percentile(sorted, percent);
        expect(values).toContain(value);
        const within = values.filter((one) => one <= value).length;
        expect(within * 100).toBeGreaterThanOrEqual(percent * values.length - 1e-9);
      }),
    );
  });

  it("keeps the ratio of two rows though the machine's speed drifts from round to round", () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 9 }), positive, (speeds, ratio) => {
        const rows = pairedRatio(
          speeds.map((speed) => speed * ratio),
          speeds,
        );
        expect(rows / ratio).toBeCloseTo(1, 9);
      }),
    );
  });

  it("refuses to pair rounds that are not the same", () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(RangeError);
    expect(pairedDifference([5, 9, 7], [1, 2, 3])).toBe(4);
  });
});

describe("schedule", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 });

  it("measures each row once in each round at each number of connections", () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 5 }), (rows, rounds) => {
        const slots = schedule(rows, [1, 16], rounds);
        expect(slots).toHaveLength(rows.length * 2 * rounds);
        expect(new Set(slots.map((slot) => `${slot.round} ${slot.connections} ${slot.row}`)).size).toBe(slots.length);
      }),
    );
  });

  it("puts every row at the same mean position over two rounds, so that a drift favours none", () => {
    fc.assert(
      fc.property(names, (rows) => {
        const slots = schedule(rows, [16], 2);
        const sums = rows.map((row) => slots.reduce((sum, slot, at) => sum + (slot.row === row ? at : 0), 0));
        expect(new Set(sums).size).toBe(1);
      }),
    );
  });

  it("goes through the rows the other way round in every second round", () => {
    const order = schedule(["proxy", "floor", "bartizan"], [16], 2).map((slot) => slot.row);
    expect(order).toEqual(["proxy", "floor", "bartizan", "bartizan", "floor", "proxy"]);
  });
});

function sample(row: string, round: number, fields: Partial<Sample> = {}): Sample {
  return {
    ...{ storage: "memory", connections: 16, row, round, requestsPerSecond: 1000, p50Ms: 1, p99Ms: 2, cpuUs: 300 },
    ...{ ok: 1000, non2xx: 0, errors: 0, generatorBusy: null, upstreamBusy: null },
    ...fields,
  };
}

describe("summary", () => {
  it("compares a row with the floor and the proxy of the same round, storage and connections", () => {
    const samples = [
      sample("proxy", 0, { requestsPerSecond: 4000, p50Ms: 0.5, cpuUs: 200 }),
      sample("floor", 0, { requestsPerSecond: 2000, p50Ms: 1, cpuUs: 400 }),
      sample("bartizan", 0, { requestsPerSecond: 1500, p50Ms: 1.75, cpuUs: 600 }),
      // a slower round, measured in the other order
      sample("bartizan", 1, { requestsPerSecond: 750, p50Ms: 3.5, cpuUs: 1200 }),
      sample("floor", 1, { requestsPerSecond: 1000, p50Ms: 2.75, cpuUs: 800 }),
      sample("proxy", 1, { requestsPerSecond: 2000, p50Ms: 1, cpuUs: 400 }),
      sample("floor", 0, { connections: 1, requestsPerSecond: 7 }),
    ];
    const found = summarise(samples).find(({ row }) => row === "bartizan");
    expect(found).toMatchObject({
      requestsPerSecond: 1125,
      toFloor: { requestsPerSecond: 0.75, p50MsAdded: 0.75, cpu: 1.5 },
      toProxy: { requestsPerSecond: 0.375, cpu: 3 },
    });
  });

  it("says nothing of a baseline that was not measured, nor of CPU that a system does not tell", () => {
    const [only] = summarise([sample("bartizan", 0, { cpuUs: null }), sample("bartizan", 1)]);
    expect(only).toMatchObject({ toFloor: null, toProxy: null, cpuUs: null });
  });

  it("adds up faults over the rounds instead of hiding them in a median", () => {
    const [only] = summarise([sample("floor", 0), sample("floor", 1, { errors: 1 }), sample("floor", 2)]);
    expect(only?.errors).toBe(1);
  });

  it.each([{ errors: 1 }, { non2xx: 1 }, { ok: 0 }])("fails a run with %o", (fault) => {
    expect(hasFaults([sample("floor", 0), sample("floor", 1, fault)])).toBe(true);
    expect(hasFaults([sample("floor", 0)])).toBe(false);
  });
});

describe("process times", () => {
  it("are read from the right fields though a name holds spaces and parentheses", () => {
    const line = "4711 (a) b (c) S 42 4711 4711 0 -1 4194304 1 2 3 4 150 25 0 0 20 0 9 0 100 1 1";
    expect(parseStat(line)).toEqual({ pid: 4711, name: "a) b (c", parent: 42, userTicks: 150, systemTicks: 25 });
  });
});

describe("options", () => {
  it("measure everything unless told otherwise", () => {
    expect(parseOptions([])).toMatchObject({
      rows: ["proxy", "floor", "bartizan"],
      connections: [1, 16, 64],
      storages: ["disk", "memory"],
    });
  });

  it("let --rounds and --seconds win over --quick", () => {
    expect(parseOptions(["--quick", "--rounds", "2"])).toMatchObject({ rounds: 2, seconds: 1 });
  });

  it.each([["--rows", "nginx"], ["--connections", "0"], ["--seconds", "x"], ["--storage", "tape"], ["--frob"]])(
    "refuse %s %s",
    (...args) => {
      expect(() => parseOptions(args, true)).toThrow();
    },
  );
});

import { describe, expect, it } from "vitest";
import { TurnGroup } from "../../../durable-objects/audit-log/group.ts";

function groupOf(
  flushed: number[][],
  faults: unknown[],
  flush?: (calls: readonly number[]) => (number | Error)[],
): TurnGroup<number, number> {
  return new TurnGroup({
    flush: async (calls) => {
      flushed.push([...calls]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return flush?.(calls) ?? calls.map((call) => -call);
    },
    weight: (call) => call,
    maxWeight: 10,
    waitMs: 0,
    onFault: (error) => faults.push(error),
  });
}

describe("a group of calls", () => {
  it("answers each in order, and takes no more at once than its weight, but always one", async () => {
    const flushed: number[][] = [];
    const group = groupOf(flushed, []);
    expect(await Promise.all([4, 6, 1, 50, 2, 3].map((call) => group.add(call)))).toEqual([-4, -6, -1, -50, -2, -3]);
    expect(flushed).toEqual([[4, 6], [1], [50], [2, 3]]);
  });

  it("runs one flush at a time, and forgets no call that comes meanwhile", async () => {
    let running = 0;
    const group = new TurnGroup<number, number>({
      flush: async (calls) => {
        expect(++running).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return [...calls];
      },
      weight: () => 1,
      maxWeight: 3,
      waitMs: 0,
      onFault: () => {},
    });
    const answers: Promise<number>[] = [];
    for (let call = 0; call < 50; call++) {
      answers.push(group.add(call));
      if (call % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 50 }, (_, call) => call));
  });

  it("rejects one call for an error of its own, and all for a throw, which is told", async () => {
    const faults: unknown[] = [];
    const one = groupOf([], faults, (calls) => calls.map((call) => (call === 2 ? new Error("two") : call)));
    const settled = await Promise.allSettled([one.add(1), one.add(2), one.add(3)]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(faults).toEqual([]);
    const all = groupOf([], faults, () => {
      throw new Error("storage");
    });
    const broken = await Promise.allSettled([all.add(1), all.add(2)]);
    expect(broken.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(faults.map(String)).toEqual(["Error: storage"]);
  });
});

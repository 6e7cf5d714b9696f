// The agent's small machines, each alone.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineQueue } from "../../origin/engine/queue.ts";
import { StopFilter } from "../../origin/engine/stop-filter.ts";
import { ReplayCache } from "../../origin/server/replay-cache.ts";
import { rangeOf } from "../../workers/control/artifact-bytes.ts";

describe("the engine's queue", () => {
  const never = new AbortController().signal;

  test("serves one at a time, in the order of arrival", async () => {
    const queue = new EngineQueue({ maxWaiting: 10, maxWaitMs: 60_000 });
    const order: number[] = [];
    let inside = 0;
    const work = async (n: number) => {
      const release = await queue.acquire(never);
      expect(++inside).toBe(1);
      order.push(n);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside--;
      release();
      // giving back twice must not let two in
      release();
    };
    await Promise.all([1, 2, 3, 4].map(work));
    expect(order).toEqual([1, 2, 3, 4]);
    expect(queue.busy).toBe(false);
  });

  test("turns away one more than may wait", async () => {
    const queue = new EngineQueue({ maxWaiting: 1, maxWaitMs: 60_000 });
    const release = await queue.acquire(never);
    const second = queue.acquire(never);
    await expect(queue.acquire(never)).rejects.toMatchObject({ reason: "queue_full" });
    release();
    (await second)();
    expect(queue.busy).toBe(false);
  });

  test("a waiter that leaves frees its place and is never served", async () => {
    const queue = new EngineQueue({ maxWaiting: 1, maxWaitMs: 60_000 });
    const release = await queue.acquire(never);
    const leaver = new AbortController();
    const left = queue.acquire(leaver.signal);
    leaver.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(queue.waiting).toBe(0);
    const next = queue.acquire(never);
    release();
    (await next)();
    expect(queue.busy).toBe(false);
    await expect(queue.acquire(leaver.signal)).rejects.toThrow("left");
    expect(queue.busy).toBe(false);
  });

  test("a wait has an end", async () => {
    const queue = new EngineQueue({ maxWaiting: 1, maxWaitMs: 5 });
    const release = await queue.acquire(never);
    await expect(queue.acquire(never)).rejects.toMatchObject({ reason: "waited_too_long" });
    release();
    expect(queue.busy).toBe(false);
  });
});

describe("stop texts", () => {
  test("cut the same text however it comes in pieces", () => {
    const alphabet = fc.constantFrom("a", "b", "c");
    const word = fc.array(alphabet, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 30 }),
        fc.array(word, { maxLength: 3 }),
        fc.array(fc.nat(5), { minLength: 1 }),
        (letters, stops, cuts) => {
          const text = letters.join("");
          const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
          const filter = new StopFilter(stops);
          let out = "";
          for (let at = 0, i = 0; at < text.length; i++) {
            const size = 1 + (cuts[i % cuts.length] ?? 0);
            out += filter.push(text.slice(at, at + size));
            at += size;
          }
          out += filter.flush();
          // pieces may reveal an earlier end of a longer stop text first; what goes out never holds a stop text
          for (const stop of stops) expect(out.includes(stop)).toBe(false);
          expect(filter.stopped).toBe(ends.length > 0);
          expect(text.startsWith(out)).toBe(true);
          if (ends.length === 0) expect(out).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("do not hold back what cannot be one", () => {
    const filter = new StopFilter(["END"]);
    expect(filter.push("hello E")).toBe("hello ");
    expect(filter.push("x")).toBe("Ex");
    expect(filter.push("abcEN")).toBe("abc");
    expect(filter.flush()).toBe("EN");
  });
});

describe("the replay cache", () => {
  test("admits a nonce once, and forgets it only when its signature is over", () => {
    const cache = new ReplayCache({ maxNonces: 10 });
    expect(cache.admit("a", 100, 50)).toBe("new");
    expect(cache.admit("a", 100, 99.9)).toBe("seen");
    expect(cache.admit("b", 130, 101)).toBe("new");
    expect(cache.size).toBe(1);
  });

  test("when full it admits nothing, rather than forget something", () => {
    const cache = new ReplayCache({ maxNonces: 2 });
    cache.admit("a", 100, 0);
    cache.admit("b", 100, 0);
    expect(cache.admit("c", 100, 0)).toBe("full");
    expect(cache.admit("a", 100, 0)).toBe("seen");
    expect(cache.admit("c", 200, 100)).toBe("new");
  });

  test("never admits a live nonce twice, whatever the order of their ends", () => {
    const step = fc.record({
      nonce: fc.constantFrom("a", "b", "c", "d"),
      life: fc.integer({ min: 1, max: 60 }),
      wait: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new ReplayCache({ maxNonces: 100 });
        const alive = new Map<string, number>();
        let now = 0;
        for (const { nonce, life, wait } of steps) {
          now += wait;
          const until = alive.get(nonce) ?? 0;
          const verdict = cache.admit(nonce, now + life, now);
          if (until > now) expect(verdict).toBe("seen");
          if (verdict === "new") alive.set(nonce, now + life);
        }
      }),
    );
  });
});

test.each([
  [null, 10, null],
  ["bytes=0-0", 10, { offset: 0, length: 1 }],
  ["bytes=3-", 10, { offset: 3, length: 7 }],
  ["bytes=3-100", 10, { offset: 3, length: 7 }],
  ["bytes=-4", 10, { offset: 6, length: 4 }],
  ["bytes=-40", 10, { offset: 0, length: 10 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=5-4", 10, null],
  ["bytes=0-1,3-4", 10, null],
  ["items=0-1", 10, null],
  ["bytes=-", 10, null],
] as const)("range %s of %i bytes", (field, size, range) => {
  expect(rangeOf(field, size)).toEqual(range);
});

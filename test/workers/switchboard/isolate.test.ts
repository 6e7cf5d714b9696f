import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppendBatch } from "../../../protocol/audit.ts";
import { newRequestId } from "../../../protocol/ids.ts";
import { RefusalTally } from "../../../workers/gateway/tally.ts";
import { TokenBuckets } from "../../../workers/gateway/token-buckets.ts";

describe("an isolate's token buckets", () => {
  it("never give more than burst plus rate times time, whatever the order of the clock", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 2000 }), { maxLength: 200 }), (steps) => {
        const buckets = new TokenBuckets({ burst: 5, perSecond: 2, maxKeys: 10 });
        let now = 0;
        let latest = 0;
        let given = 0;
        for (const step of steps) {
          now = Math.max(0, now + step);
          latest = Math.max(latest, now);
          if (buckets.take("a", now) === 0) given += 1;
        }
        expect(given).toBeLessThanOrEqual(5 + (latest / 1000) * 2);
      }),
    );
  });

  it("name the wait after which the next one is there", () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 4, maxKeys: 10 });
    expect(buckets.take("a", 0)).toBe(0);
    const wait = buckets.take("a", 0);
    expect(wait).toBe(250);
    expect(buckets.waitMs("a", wait - 1)).toBeGreaterThan(0);
    expect(buckets.take("a", wait)).toBe(0);
  });

  it("hold a bounded number of keys, and one key's exhaustion is not another's", () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 1, maxKeys: 3 });
    for (let i = 0; i < 100; i++) expect(buckets.take(`k${i}`, 0)).toBe(0);
    expect(buckets.size).toBe(3);
  });
});

describe("the tally of refusals", () => {
  const id = newRequestId(0, new Uint8Array(10));

  it("is due once it is a second old, and holds each count once", async () => {
    const batches: AppendBatch[] = [];
    const tally = new RefusalTally("isolate-1");
    expect(tally.isDue(10_000)).toBe(false);
    for (let i = 0; i < 3; i++) tally.count("invalid_api_key", "192.0.2.1", 1000);
    tally.count("not_found", null, 1500);
    expect(tally.isDue(1999)).toBe(false);
    expect(tally.isDue(2000)).toBe(true);
    const audit = {
      append: async (batch: AppendBatch) => {
        batches.push(batch);
        return { acked_seq: batch.records[0]?.seq ?? 0 };
      },
    };
    await tally.flush(audit, id, "sha256:x", 2000);
    expect(tally.isDue(9000)).toBe(false);
    tally.count("busy", null, 9000);
    await tally.flush(audit, id, "sha256:x", 10_000);
    const [first, second] = batches.map(({ records: [record] }) => record);
    expect(first).toMatchObject({ seq: 1, open: { counts: { invalid_api_key: 3, not_found: 1 }, lower_bound: true } });
    expect(JSON.parse(first?.personal.client_addresses ?? "")).toEqual({ "192.0.2.1": 3 });
    expect(JSON.stringify(first?.open)).not.toContain("192.0.2.1");
    expect(second).toMatchObject({ seq: 2, open: { counts: { busy: 1 }, since_ms: 9000 } });
  });

  it("a flush that fails loses nothing", async () => {
    const tally = new RefusalTally("isolate-2");
    tally.count("busy", null, 0);
    await tally.flush({ append: () => Promise.reject(new Error("down")) }, id, "sha256:x", 1000);
    tally.count("busy", null, 1500);
    expect(tally.isDue(1500)).toBe(true);
    const seen: unknown[] = [];
    const audit = {
      append: async ({ records }: AppendBatch) => {
        seen.push(...records);
        return { acked_seq: 1 };
      },
    };
    await tally.flush(audit, id, "sha256:x", 2000);
    expect(seen).toMatchObject([{ seq: 1, open: { counts: { busy: 2 }, since_ms: 0 } }]);
  });
});

import { describe, expect, it } from "vitest";
import { backoffMs, parseRetryAfter } from "../../../durable-objects/sink/backoff.ts";
import { SINK_LIMITS } from "../../../durable-objects/sink/limits.ts";
import { encodeBatch } from "../../../durable-objects/sink/ndjson.ts";

describe("backoff", () => {
  it("doubles its ceiling up to the limit and takes any point below it", () => {
    const ceiling = (failures: number): number => backoffMs(failures, 1, null, SINK_LIMITS);
    expect([1, 2, 3, 20, 5000].map(ceiling)).toEqual([500, 1000, 2000, 60_000, 60_000]);
    expect(backoffMs(5, 0, null, SINK_LIMITS)).toBe(0);
    expect(backoffMs(5, 0.5, null, SINK_LIMITS)).toBe(4000);
  });

  it("never comes before what was asked for, and a collector cannot ask for ever", () => {
    expect(backoffMs(1, 0, 7000, SINK_LIMITS)).toBe(7000);
    expect(backoffMs(1, 0, 1e15, SINK_LIMITS)).toBe(SINK_LIMITS.maxRetryAfterMs);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-25T00:00:00Z");
  it.each([
    ["120", 120_000],
    ["0", 0],
    ["Wed, 25 Nov 2026 00:00:30 GMT", 30_000],
    ["Wed, 25 Nov 2026 00:00:00 GMT", 0],
    ["Tue, 24 Nov 2026 00:00:00 GMT", 0],
    ["1.5", null],
    ["-1", null],
    ["soon", null],
    ["2026-11-25", null],
    ["99999999999999", null],
    ["", null],
    [null, null],
  ])("%j is %j ms", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});

describe("a batch", () => {
  const range = { from: 7, leaves: ['{"a":"é"}', '{"b":1}', '{"c":2}'], size: 12 };

  it("holds each leaf byte for byte", () => {
    const { body, count } = encodeBatch("default", range, 10, 10_000);
    expect(count).toBe(3);
    expect(new TextDecoder().decode(body)).toBe(
      '{"checkpoint_size":12,"index":7,"leaf":{"a":"é"},"log":"default"}\n' +
        '{"checkpoint_size":12,"index":8,"leaf":{"b":1},"log":"default"}\n' +
        '{"checkpoint_size":12,"index":9,"leaf":{"c":2},"log":"default"}\n',
    );
  });

  it("is bounded in records and in bytes, at the limit and one past it, and never empty", () => {
    expect(encodeBatch("default", range, 2, 10_000).count).toBe(2);
    const two = encodeBatch("default", range, 2, 10_000).body.length;
    expect(encodeBatch("default", range, 10, two).count).toBe(2);
    expect(encodeBatch("default", range, 10, two - 1).count).toBe(1);
    expect(encodeBatch("default", range, 10, 1).count).toBe(1);
  });
});

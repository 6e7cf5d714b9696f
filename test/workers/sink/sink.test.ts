import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { logs, missing, pulls } from "./main.ts";
import { Fixture } from "./support.ts";

const indices = (lines: readonly { readonly index: number }[]): number[] => lines.map(({ index }) => index);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("a sink whose collector is healthy", () => {
  it("delivers every leaf once, in order, with its index, its log and the checkpoint's size", async () => {
    const sink = new Fixture();
    await sink.grow(3);
    const state = await sink.drained();
    expect(await sink.lines()).toEqual(
      upTo(3).map((n) => ({ checkpoint_size: 3, index: n, leaf: { n }, log: sink.log })),
    );
    const [request] = await sink.received();
    expect(request?.headers).toMatchObject({
      "content-type": "application/x-ndjson",
      authorization: "Bearer collector-secret",
      "idempotency-key": `${sink.log}/0-2`,
    });
    expect(state.last_error).toBeNull();
    expect(state.logs).toEqual([{ log: sink.log, next_index: 3, log_size: 3, lag: 0 }]);
  });

  it("goes on where it stopped, in batches of bounded size", async () => {
    const sink = new Fixture();
    await sink.grow(2);
    await sink.drained();
    await sink.grow(30);
    await sink.drained();
    expect(indices(await sink.lines())).toEqual(upTo(30));
    for (const { body } of await sink.received()) expect(body.split("\n").length - 1).toBeLessThanOrEqual(8);
  });

  it("misses nothing that is appended while it delivers", async () => {
    const sink = new Fixture();
    await sink.script(upTo(5).map(() => ({ after_ms: 30 })));
    for (let size = 1; size <= 40; size++) await sink.grow(size);
    await sink.drained();
    expect(indices(await sink.lines())).toEqual(upTo(40));
  });

  it("serves several logs, each from a cursor of its own", async () => {
    const sink = new Fixture();
    const other = `${sink.log}-b`;
    await sink.grow(10);
    await sink.grow(12, other);
    await sink.drained();
    const lines = await sink.lines();
    expect(indices(lines.filter(({ log }) => log === sink.log))).toEqual(upTo(10));
    expect(indices(lines.filter(({ log }) => log === other))).toEqual(upTo(12));
  });

  it("keeps its cursor over an eviction, and delivers nothing a second time", async () => {
    const sink = new Fixture();
    await sink.grow(5);
    await sink.drained();
    await evictDurableObject(sink.stub);
    await sink.grow(7);
    await sink.drained();
    expect(indices(await sink.lines())).toEqual(upTo(7));
  });
});

describe("a sink whose collector fails", () => {
  it.each([
    ["500", { status: 500 }, { code: "status", status: 500 }],
    ["400: nothing may be passed over, so it is repeated as well", { status: 400 }, { code: "status", status: 400 }],
    ["a connection that breaks after the body", { cut: true }, { code: "network", status: null }],
    ["no answer in time", { hang: true }, { code: "timeout", status: null }],
  ])("repeats after %s, and says so meanwhile", async (_, reaction, error) => {
    const sink = new Fixture();
    await sink.script([reaction, { status: 503, headers: { "retry-after": "3600" } }]);
    await sink.grow(3);
    const failed = await sink.until(({ failures }) => failures >= 1);
    if (failed.failures === 1) expect(failed.last_error).toMatchObject(error);
    expect(failed.logs[0]?.next_index).toBe(0);
    await sink.until(({ failures }) => failures === 2);
    const [first, second] = await sink.received();
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  });

  it("recovers, in order, with everything delivered at least once", async () => {
    const sink = new Fixture();
    await sink.script([{ status: 200 }, { status: 500 }, { cut: true }, { status: 200 }, { status: 429 }]);
    await sink.grow(30);
    const state = await sink.drained();
    expect(state).toMatchObject({ failures: 0, last_error: null, next_attempt_at_ms: null });
    const seen = indices(await sink.lines());
    expect([...new Set(seen)]).toEqual(upTo(30));
  });

  it("does not follow a redirect: neither records nor secrets go where the operator did not send them", async () => {
    const [sink, elsewhere] = [new Fixture(), new Fixture()];
    await sink.script([
      { status: 307, headers: { location: `/c/${elsewhere.name}` } },
      { status: 503, headers: { "retry-after": "3600" } },
    ]);
    await sink.grow(1);
    await sink.until(({ failures }) => failures === 2);
    expect(await elsewhere.received()).toEqual([]);
  });

  it("waits as long as Retry-After says, and more records do not make it hurry", async () => {
    const sink = new Fixture();
    await sink.script([{ status: 503, headers: { "retry-after": "3600" } }]);
    await sink.grow(1);
    const state = await sink.until(({ failures }) => failures === 1);
    expect(Number(state.next_attempt_at_ms) - Number(state.last_error?.at_ms)).toBeGreaterThanOrEqual(3_600_000);
    await sink.grow(2);
    await sink.grow(3);
    expect(await sink.received()).toHaveLength(1);
    expect((await sink.stub.state(sink.name)).logs[0]?.lag).toBe(3);
  });

  it("keeps waiting after an eviction", async () => {
    const sink = new Fixture();
    await sink.script([{ status: 503, headers: { "retry-after": "3600" } }]);
    await sink.grow(1);
    await sink.until(({ failures }) => failures === 1);
    await evictDurableObject(sink.stub);
    await sink.grow(2);
    const state = await sink.stub.state(sink.name);
    expect([state.failures, state.logs[0]?.next_index]).toEqual([1, 0]);
    expect(await sink.received()).toHaveLength(1);
  });

  it("sends smaller batches to a collector that finds them too large", async () => {
    const sink = new Fixture();
    await sink.script([{ status: 413 }, { status: 413 }]);
    await sink.grow(8);
    await sink.drained();
    const counts = (await sink.received()).map(({ body }) => body.split("\n").length - 1);
    expect(counts.slice(0, 3)).toEqual([8, 4, 2]);
    expect([...new Set(indices(await sink.lines()))]).toEqual(upTo(8));
  });

  it("tries again when the log cannot be read", async () => {
    const sink = new Fixture();
    missing.add(sink.log);
    await sink.grow(2);
    await sink.until(({ last_error }) => last_error?.code === "log_unavailable");
    missing.delete(sink.log);
    await sink.drained();
    expect(indices(await sink.lines())).toEqual([0, 1]);
  });

  it("sends nothing once the configuration names it no more", async () => {
    const sink = new Fixture();
    missing.add(sink.name);
    await sink.grow(2);
    await sink.until(({ last_error }) => last_error?.code === "not_configured");
    expect(await sink.received()).toEqual([]);
  });

  it("shows and logs neither the collector's address nor its headers", async () => {
    const logged: unknown[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((...line) => void logged.push(...line));
    const sink = new Fixture();
    await sink.script([{ status: 500 }]);
    await sink.grow(1);
    const state = await sink.drained();
    spy.mockRestore();
    expect(logged.join("\n")).toContain("sink_failed");
    const shown = JSON.stringify(state) + logged.join("\n");
    expect(shown).not.toContain("collector-secret");
    expect(shown).not.toContain("127.0.0.1");
  });
});

describe("a sink that nobody told of anything", () => {
  it("has a state, and no rows", async () => {
    const sink = new Fixture();
    expect(await sink.stub.state(sink.name)).toMatchObject({ name: sink.name, logs: [], last_error: null });
    await runInDurableObject(sink.stub, (_, state) => {
      expect(state.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'sink'").toArray()).toEqual([]);
    });
    expect(pulls.some((pull) => pull.startsWith(sink.log))).toBe(false);
    expect(logs.has(sink.log)).toBe(false);
  });
});

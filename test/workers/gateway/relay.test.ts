// A stream between a fake backend and a client, ended in every way there is: it settles exactly once, truthfully, and the
// backend is stopped. Clocks run on small limits of policy; no assertion is about a time.
import { describe, expect, it, vi } from "vitest";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import { type Backend, type BackendAnswer, unchanged } from "../../../workers/gateway/backends/backend.ts";
import {
  type Asked,
  bodyOf,
  chunk,
  DONE,
  event,
  FakeLedger,
  relayed,
  Source,
  textOf,
  USAGE,
  USAGE_CHUNK,
  withLimits,
} from "./world.ts";

const streaming = (source: Source): BackendAnswer => ({ kind: "stream", bytes: source.stream, translate: unchanged });
const from =
  (source: Source): Backend =>
  async () =>
    streaming(source);
const never: Backend = () => new Promise(() => undefined);

/** Limits that a test can wait for; the lease outlives them. */
const QUICK = { reply: { idle_timeout_ms: 100, first_byte_timeout_ms: 100 } };

async function ended(run: Awaited<ReturnType<typeof relayed>>): Promise<FakeLedger["settlements"][number]> {
  await run.settled;
  // a second ending would have to come now
  await scheduler.wait(5);
  expect(run.ledger.settlements).toHaveLength(1);
  return run.ledger.settlements[0] as FakeLedger["settlements"][number];
}

function gone(): AbortController {
  const client = new AbortController();
  client.abort();
  return client;
}

async function readOne(body: ReadableStream<Uint8Array>): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = body.getReader();
  await reader.read();
  return reader;
}

describe("a stream settles once", () => {
  it("when complete: what the backend reported, and the digest of what was delivered", async () => {
    const source = new Source();
    await source.send(chunk("One "), chunk("two"), chunk("", "stop"), USAGE_CHUNK, DONE);
    const run = await relayed(from(source));
    const text = await textOf(bodyOf(run.answer));
    const digest = await crypto.subtle.digest("SHA-256", utf8(text));
    expect(await ended(run)).toMatchObject({
      outcome: "completed",
      status: 200,
      backend: "fake",
      promptTokens: USAGE.prompt_tokens,
      completionTokens: USAGE.completion_tokens,
      usageReported: true,
      free: false,
      resultSha256: toBase64Url(new Uint8Array(digest)),
    });
    expect(text.endsWith(DONE)).toBe(true);
  });

  it("when complete though the client reads nothing of it", async () => {
    const source = new Source();
    await source.send(chunk("One ") + chunk("", "stop") + USAGE_CHUNK + DONE);
    const run = await relayed(from(source));
    expect((await ended(run)).outcome).toBe("completed");
    await bodyOf(run.answer).cancel();
    expect(run.ledger.settlements).toHaveLength(1);
  });

  it("when the client leaves right after the last byte", async () => {
    const source = new Source();
    const client = new AbortController();
    await source.send(chunk("One "));
    const run = await relayed(from(source), {}, client);
    const reader = await readOne(bodyOf(run.answer));
    await source.send(chunk("", "stop") + USAGE_CHUNK + DONE);
    await reader.read();
    client.abort();
    await reader.cancel();
    expect(await ended(run)).toMatchObject({ outcome: "completed", completionTokens: USAGE.completion_tokens });
  });

  it.each(["cancel", "abort", "both"])(
    "when the client leaves in the middle (%s), and stops the backend",
    async (how) => {
      const source = new Source();
      const client = new AbortController();
      await source.send(chunk("One two three four"));
      const run = await relayed(from(source), {}, client);
      const reader = await readOne(bodyOf(run.answer));
      if (how !== "cancel") client.abort();
      if (how !== "abort") await reader.cancel();
      const settlement = await ended(run);
      expect(settlement).toMatchObject({ outcome: "client_closed", usageReported: false, free: false });
      expect(settlement.completionTokens).toBeGreaterThan(0);
      expect(source.cancelled).toBe(true);
    },
  );

  it("when the client leaves before the first byte", async () => {
    const source = new Source();
    const client = new AbortController();
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(from(source), {}, client));
    const reader = await readOne(bodyOf(run.answer));
    client.abort();
    expect(await ended(run)).toMatchObject({ outcome: "client_closed", completionTokens: 0 });
    expect((await reader.read()).done).toBe(true);
    expect(source.cancelled).toBe(true);
  });

  it.each([
    ["a backend that has not answered", never, null],
    ["a stream that has not begun", null, new Source()],
  ])("when the client leaves while the head is held for %s", async (_name, backend, source) => {
    const client = new AbortController();
    const starting = withLimits({ headHoldMs: 50 }, () => relayed(backend ?? from(source as Source), {}, client));
    await scheduler.wait(5);
    client.abort();
    expect((await ended(await starting)).outcome).toBe("client_closed");
    expect(source?.cancelled ?? true).toBe(true);
  });

  it("when the client had left before the backend was asked: the backend is not asked at all", async () => {
    const backend = vi.fn(never);
    const run = await relayed(backend, {}, gone());
    expect(backend).not.toHaveBeenCalled();
    expect(await ended(run)).toMatchObject({ outcome: "client_closed" });
  });

  it("when the backend breaks off after content: an error event, no [DONE], charged for what was delivered", async () => {
    const source = new Source();
    await source.send(chunk("One two three"));
    const run = await relayed(from(source));
    const text = textOf(bodyOf(run.answer));
    await source.fail();
    expect(await text).toMatch(/event: error\ndata: \{"error":\{.*"code":"backend_error"/);
    expect(await text).not.toMatch(/DONE|secret/);
    const settlement = await ended(run);
    expect(settlement).toMatchObject({ outcome: "backend_failed", status: 200, free: false });
    expect(settlement.completionTokens).toBeGreaterThan(0);
  });

  it.each([
    ["an error event", event({ error: { code: 503, message: "secret" } }), "backend_busy"],
    ["no end", "", "backend_error"],
  ])("when the backend ends after content with %s", async (_name, last, code) => {
    const source = new Source();
    await source.send(chunk("One "), last);
    await source.close();
    const run = await relayed(from(source));
    const text = await textOf(bodyOf(run.answer));
    expect(text).toContain(`"code":"${code}"`);
    expect(text).not.toMatch(/DONE|secret|"finish_reason":"/);
    expect((await ended(run)).outcome).toBe("backend_failed");
  });

  it.each([
    ["refuses", async () => ({ code: "backend_busy", retryAfterMs: 1000 }) as const, "backend_busy", "backend_failed"],
    [
      "rejects the request",
      async () => ({ code: "backend_rejected" }) as const,
      "backend_rejected",
      "backend_rejected",
    ],
    [
      "answers with a document",
      async () => ({ kind: "document", value: {} }) as const,
      "backend_error",
      "backend_failed",
    ],
  ])("when the backend %s before anything: a status, and it costs nothing", async (_name, backend, code, outcome) => {
    const run = await relayed(backend as Backend);
    expect(run.answer).toMatchObject({ code });
    expect(await ended(run)).toMatchObject({ outcome, free: true, promptTokens: 0, completionTokens: 0 });
  });

  it.each([
    ["an error as its first event", event({ error: { code: 400, message: "bad" } }), "backend_rejected"],
    ["comments and then an error", `: a\n\n: b\n\n${event({ error: { code: 429 } })}`, "backend_busy"],
    ["an empty stream", "", "backend_error"],
  ])("when the backend sends %s: a status, free, and the stream is stopped", async (_name, sent, code) => {
    const source = new Source();
    await source.send(sent);
    if (sent === "") await source.close();
    const run = await relayed(from(source));
    expect(run.answer).toMatchObject({ code });
    expect(await ended(run)).toMatchObject({ free: true });
    expect(source.cancelled || sent === "").toBe(true);
  });

  it.each([
    ["a rejected promise", () => Promise.reject(new Error("secret"))],
    [
      "a throw",
      () => {
        throw new TypeError("secret");
      },
    ],
  ])("when the backend is at fault itself (%s): 500, logged by name alone", async (_name, backend) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const run = await relayed(backend as Backend);
    expect(run.answer).toEqual({ code: "internal_error" });
    expect(await ended(run)).toMatchObject({ status: 500, free: true });
    expect(JSON.stringify(log.mock.calls)).toContain("backend_fault");
    expect(JSON.stringify(log.mock.calls)).not.toContain("secret");
    log.mockRestore();
  });

  it("when that fault comes after the head went out: an error event", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const late: Backend = async () => {
      await scheduler.wait(40);
      throw new Error("secret");
    };
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(late));
    const text = await textOf(bodyOf(run.answer));
    expect(text).toMatch(/^: .*\n\nevent: error\ndata: .*internal_error/);
    expect(await ended(run)).toMatchObject({ outcome: "backend_failed", free: true });
    log.mockRestore();
  });

  it("when a translator trips over what the backend sent", async () => {
    const source = new Source();
    await source.send(chunk("One "), chunk("two"));
    let calls = 0;
    const translate = (data: unknown) => {
      if (++calls > 1) throw new Error("secret");
      return [data];
    };
    const run = await relayed(async () => ({ kind: "stream", bytes: source.stream, translate }));
    expect(await textOf(bodyOf(run.answer))).toContain("backend_error");
    expect((await ended(run)).outcome).toBe("backend_failed");
    expect(source.cancelled).toBe(true);
  });

  it("when the reply grows past policy's bound", async () => {
    const source = new Source();
    await source.send(chunk("x".repeat(800)), chunk("y".repeat(800)), DONE);
    const run = await relayed(from(source), { policy: { reply: { max_reply_bytes: 1024 } } });
    const text = await textOf(bodyOf(run.answer));
    expect(text).toContain("xxx");
    expect(text).not.toMatch(/yyy|DONE/);
    const settlement = await ended(run);
    expect(settlement).toMatchObject({ outcome: "oversize", free: false });
    expect(settlement.completionTokens).toBeGreaterThan(100);
    expect(source.cancelled).toBe(true);
  });

  it("with a digest that cannot be made: the settlement goes without it", async () => {
    const { settlerFor } = await import("../../../workers/gateway/settler.ts");
    const { admitted } = await import("./world.ts");
    const { admitted: product, ledger, context } = await admitted();
    let now = context.startedAtMs;
    const settler = settlerFor(product.prompt, ledger, context, () => (now += 7));
    const ending = { status: 200, backend: "b", usage: null, delivered: true, estimatedTokens: 3 } as const;
    settler.end({ ...ending, outcome: "completed", resultSha256: Promise.reject(new Error("no digest")) });
    settler.end({ ...ending, outcome: "client_closed", resultSha256: Promise.resolve("second") });
    await settler.settled;
    expect(ledger.settlements).toMatchObject([
      { outcome: "completed", completionTokens: 3, resultSha256: null, latencyMs: { total: 7 } },
    ]);
  });
});

describe("clocks", () => {
  it("a backend that falls silent is cut off, and what was delivered is charged", async () => {
    const source = new Source();
    await source.send(chunk("One two three"));
    const run = await relayed(from(source), { policy: QUICK });
    expect(await textOf(bodyOf(run.answer))).toContain('"code":"backend_timeout"');
    expect(await ended(run)).toMatchObject({ outcome: "idle", free: false });
    expect(source.cancelled).toBe(true);
  });

  it("comments are no movement: they cannot hold a stream open for good", async () => {
    const source = new Source(async (control) => {
      await scheduler.wait(5);
      control.enqueue(utf8(": alive\n\n"));
    });
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(from(source), { policy: QUICK }));
    expect(await textOf(bodyOf(run.answer))).toContain("backend_timeout");
    expect(await ended(run)).toMatchObject({ outcome: "idle", free: true });
    expect(source.cancelled).toBe(true);
  });

  it("a client that stops reading is cut off, and the backend with it", async () => {
    const source = new Source((control) => control.enqueue(utf8(chunk("more "))));
    const run = await relayed(from(source), { policy: QUICK });
    await readOne(bodyOf(run.answer));
    expect((await ended(run)).outcome).toBe("idle");
    expect(source.cancelled).toBe(true);
  });

  it("an endless, fast backend is not pulled ahead of a client that does not read", async () => {
    const source = new Source((control) => control.enqueue(utf8(chunk("more "))));
    const run = await relayed(from(source));
    const reader = await readOne(bodyOf(run.answer));
    await scheduler.wait(50);
    const held = source.pulls;
    expect(held).toBeLessThan(10);
    for (let i = 0; i < 100; i++) await reader.read();
    expect(source.pulls - held).toBeGreaterThanOrEqual(90);
    await reader.cancel();
    await ended(run);
  });

  it("a first byte that is too late is 504 where the head is still held", async () => {
    const run = await relayed(never, { policy: QUICK });
    expect(run.answer).toEqual({ code: "backend_timeout" });
    expect(await ended(run)).toMatchObject({ outcome: "backend_failed", status: 504, free: true });
  });

  it("a first byte that is too late is an error event once the head is out", async () => {
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(never, { policy: QUICK }));
    const text = await textOf(bodyOf(run.answer));
    expect(text).toMatch(/^: .*\n\nevent: error/);
    expect(await ended(run)).toMatchObject({ outcome: "idle", free: true });
  });

  it("the first byte has its own limit: a longer silence before it than between pieces is no fault", async () => {
    const source = new Source();
    const policy = { reply: { idle_timeout_ms: 100, first_byte_timeout_ms: 10_000 } };
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(from(source), { policy }));
    const text = textOf(bodyOf(run.answer));
    await scheduler.wait(250);
    await source.send(chunk("late"), chunk("", "stop"), DONE);
    expect(await text).toContain("late");
    expect((await ended(run)).outcome).toBe("completed");
  });

  it("a head whose bytes are no event yet goes out when they are too many", async () => {
    const source = new Source();
    await source.send(`: ${"x".repeat(20_000)}\n\n`);
    // no clock could let it out
    const run = await withLimits({ headHoldMs: 60_000 }, () => relayed(from(source)));
    const text = textOf(bodyOf(run.answer));
    await source.send(chunk("One"), chunk("", "stop"), DONE);
    expect((await text).startsWith(":")).toBe(true);
    expect(await text).toContain("One");
    await ended(run);
  });

  it("what the backend said while a late head went out is not lost", async () => {
    const source = new Source();
    const run = await withLimits({ headHoldMs: 10 }, () => relayed(from(source)));
    await source.send(chunk("One ") + chunk("", "stop") + DONE);
    await scheduler.wait(10);
    const text = await textOf(bodyOf(run.answer));
    expect(text).toMatch(/^: .*\n\n.*One .*DONE\]\n\n$/s);
    expect((await ended(run)).outcome).toBe("completed");
  });

  it("a backend that answers after it was given up is dropped, not left running", async () => {
    const source = new Source();
    const deaf: Backend = async () => {
      await scheduler.wait(150);
      return streaming(source);
    };
    const run = await relayed(deaf, { policy: QUICK });
    expect(run.answer).toEqual({ code: "backend_timeout" });
    await ended(run);
    await expect.poll(() => source.cancelled).toBe(true);
  });

  it("a backend that goes on after [DONE] is stopped", async () => {
    const source = new Source();
    await source.send(chunk("", "stop") + DONE, chunk("more"));
    const run = await relayed(from(source));
    await textOf(bodyOf(run.answer));
    await ended(run);
    await expect.poll(() => source.cancelled).toBe(true);
  });

  it("a backend that does not close after [DONE] is stopped once the request is settled", async () => {
    const source = new Source();
    await source.send(chunk("", "stop") + DONE);
    const run = await relayed(from(source));
    await textOf(bodyOf(run.answer));
    await ended(run);
    await expect.poll(() => source.cancelled).toBe(true);
  });

  it("a backend that closes after [DONE] is left alone, so that its connection can serve again", async () => {
    const source = new Source();
    const ledger = new FakeLedger();
    ledger.settleMs = 100;
    await source.send(chunk("", "stop") + DONE);
    const run = await relayed(from(source), { ledger });
    await textOf(bodyOf(run.answer));
    await scheduler.wait(5);
    expect(source.cancelled).toBe(false);
    await source.close();
    await ended(run);
    expect(source.cancelled).toBe(false);
  });
});

describe("the lease of a running stream", () => {
  // The ledger's lease is short, policy's is not: so the first renewal is due at once.
  const running = async (ledger: FakeLedger, over: Asked = {}) => {
    const source = new Source();
    await source.send(chunk("One "));
    const run = await relayed(from(source), { policy: { lease_ms: 1000 }, ledger, ...over });
    return { source, run };
  };

  it("is renewed, and the stream goes on", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 400;
    const { source, run } = await running(ledger);
    const text = textOf(bodyOf(run.answer));
    await expect.poll(() => ledger.renewals).toBeGreaterThan(0);
    await scheduler.wait(450);
    await source.send(chunk("", "stop"), DONE);
    expect(await text).toContain("DONE");
    expect((await ended(run)).outcome).toBe("completed");
  });

  it("that the ledger does not renew (revoked, or gone) ends the stream", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 200;
    ledger.onRenew = async () => false;
    const { source, run } = await running(ledger);
    expect(await textOf(bodyOf(run.answer))).toContain('"code":"invalid_api_key"');
    expect((await ended(run)).outcome).toBe("revoked");
    expect(source.cancelled).toBe(true);
    expect(ledger.renewals).toBe(1);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("unreachable"))],
    ["does not answer", () => new Promise<boolean>(() => undefined)],
  ])("ends the stream when it runs out while the ledger %s", async (_name, onRenew) => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 300;
    ledger.onRenew = onRenew;
    const { source, run } = await running(ledger);
    expect(await textOf(bodyOf(run.answer))).toContain("ledger_unavailable");
    expect((await ended(run)).outcome).toBe("unknown");
    expect(source.cancelled).toBe(true);
    // it is asked again, but not hammered
    expect(ledger.renewals).toBeLessThan(4);
  });

  it("survives a ledger that is away for a moment", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 2000;
    let tries = 0;
    ledger.onRenew = async () => {
      if (++tries === 1) throw new Error("restarting");
      return true;
    };
    const { source, run } = await running(ledger, { policy: { lease_ms: 4000 } });
    const text = textOf(bodyOf(run.answer));
    await expect.poll(() => tries, { timeout: 5000 }).toBe(2);
    await source.send(chunk("", "stop"), DONE);
    expect(await text).toContain("DONE");
    expect((await ended(run)).outcome).toBe("completed");
  });

  it("does not stop the other clock: a silent backend is cut off while a renewal hangs", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 900;
    ledger.onRenew = () => new Promise(() => undefined);
    const { run } = await running(ledger, { policy: { lease_ms: 1800, reply: { idle_timeout_ms: 100 } } });
    await textOf(bodyOf(run.answer));
    expect((await ended(run)).outcome).toBe("idle");
  });

  it("is asked for once while it does not answer, however often the stream moves", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 500;
    ledger.onRenew = () => new Promise(() => undefined);
    const source = new Source(async (control) => {
      await scheduler.wait(20);
      control.enqueue(utf8(chunk("more ")));
    });
    const policy = { lease_ms: 1000, reply: { idle_timeout_ms: 100 } };
    const run = await relayed(from(source), { ledger, policy });
    expect(await textOf(bodyOf(run.answer))).toContain("ledger_unavailable");
    await ended(run);
    expect(ledger.renewals).toBe(1);
  });

  it("is asked for no more once the stream has ended", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 800;
    const { run } = await running(ledger);
    await bodyOf(run.answer).cancel();
    await ended(run);
    await scheduler.wait(350);
    expect(ledger.renewals).toBe(0);
  });
});

describe("a document", () => {
  const whole = { body: { stream: false } };
  const completion = { choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }] };
  const document =
    (value: unknown): Backend =>
    async () => ({ kind: "document", value });

  it("is settled with its usage, its digest, and the public name", async () => {
    const run = await relayed(document({ ...completion, model: "/secret", usage: USAGE }), whole);
    if (!("body" in run.answer) || !(run.answer.body instanceof Uint8Array)) throw new Error("no document");
    const body = run.answer.body as Uint8Array<ArrayBuffer>;
    expect(JSON.parse(new TextDecoder().decode(body))).toEqual({ ...completion, model: "small", usage: USAGE });
    expect(await ended(run)).toMatchObject({
      outcome: "completed",
      promptTokens: 7,
      completionTokens: 3,
      usageReported: true,
      resultSha256: toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", body))),
    });
  });

  it("without usage is charged by its size", async () => {
    const settlement = await ended(await relayed(document(completion), whole));
    expect(settlement).toMatchObject({ usageReported: false, free: false });
    expect(settlement.completionTokens).toBeGreaterThan(0);
  });

  it("of embeddings without usage is charged for its prompt and for no completion", async () => {
    const data = [0, 1].map((index) => ({ object: "embedding", index, embedding: [0.5, index] }));
    const settlement = await ended(await relayed(document({ object: "list", data }), { endpoint: "embeddings" }));
    expect(settlement).toMatchObject({ outcome: "completed", completionTokens: 0, free: false });
    expect(settlement.promptTokens).toBeGreaterThan(0);
  });

  it.each([[null], [5], [[]], [{}], [{ choices: "x" }]])("that is none (%j) is 502 and free", async (value) => {
    const run = await relayed(document(value), whole);
    expect(run.answer).toEqual({ code: "backend_error" });
    expect(await ended(run)).toMatchObject({ free: true });
  });

  it("that comes as a stream is 502, and the stream is stopped", async () => {
    const source = new Source();
    const run = await relayed(from(source), whole);
    expect(run.answer).toEqual({ code: "backend_error" });
    await ended(run);
    expect(source.cancelled).toBe(true);
  });

  it("that does not come in time is 504, whether or not the backend heeds the signal", async () => {
    const run = await relayed(never, { ...whole, policy: QUICK });
    expect(run.answer).toEqual({ code: "backend_timeout" });
    expect(await ended(run)).toMatchObject({ outcome: "backend_failed", free: true });
  });

  it("that takes longer than its lease keeps its lease alive", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 200;
    const slow: Backend = async () => {
      await scheduler.wait(350);
      return { kind: "document", value: { ...completion, usage: USAGE } };
    };
    const run = await relayed(slow, { ...whole, ledger, policy: { lease_ms: 1000 } });
    expect(await ended(run)).toMatchObject({ outcome: "completed" });
    expect(ledger.renewals).toBeGreaterThan(0);
  });

  it("whose lease is lost is given up", async () => {
    const ledger = new FakeLedger();
    ledger.leaseMs = 100;
    ledger.onRenew = async () => false;
    const run = await relayed(never, { ...whole, ledger, policy: { lease_ms: 1000 } });
    expect(run.answer).toEqual({ code: "backend_timeout" });
    await ended(run);
  });

  it("is settled as left where the client left meanwhile", async () => {
    const client = new AbortController();
    const starting = relayed(never, whole, client);
    await scheduler.wait(5);
    client.abort();
    expect(await ended(await starting)).toMatchObject({ outcome: "client_closed", completionTokens: 0 });
  });
});

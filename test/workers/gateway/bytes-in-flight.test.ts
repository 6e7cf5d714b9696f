import { describe, expect, it } from "vitest";
import { policySchema } from "../../../policy/schema.ts";
import { bytesInFlight, claimBytes } from "../../../workers/gateway/bytes-in-flight.ts";
import { GATEWAY_LIMITS } from "../../../workers/gateway/limits.ts";
import { COMPLETION, newEdge, POLICY, upstream } from "./edge.ts";
import { Source, withLimits } from "./world.ts";

const ok = () => Response.json(COMPLETION);
const message = (bytes: number): string => {
  const empty = JSON.stringify({ model: "small", messages: [{ role: "user", content: "" }] });
  return empty.replace('"content":""', `"content":"${"x".repeat(bytes - empty.length)}"`);
};

describe("bytes in flight", () => {
  const posting = async (edge: Awaited<ReturnType<typeof newEdge>>, body: ReadableStream, more: HeadersInit = {}) =>
    edge.fetch("/v1/chat/completions", {
      method: "POST",
      headers: { authorization: `Bearer ${await edge.token()}`, "content-type": "application/json", ...more },
      body,
    });

  it("a claim reaches the limit and not past it, is shared, and is given back once", () => {
    const limits = { maxBytesInFlight: 100, accountShare: 1 };
    const [one, other] = [claimBytes("a", limits), claimBytes("b", limits)];
    expect(one.add(60)).toBe(true);
    expect(other.add(41)).toBe(false);
    expect(other.add(40)).toBe(true);
    expect(one.add(1)).toBe(false);
    expect(bytesInFlight()).toBe(100);
    one.release();
    one.release();
    expect(bytesInFlight()).toBe(40);
    other.release();
    expect(bytesInFlight()).toBe(0);
  });

  it("an account reaches its share and not past it, in however many requests, and its neighbour has the rest", () => {
    const limits = { maxBytesInFlight: 100, accountShare: 0.5 };
    const [first, second] = [claimBytes("a", limits), claimBytes("a", limits)];
    const neighbour = claimBytes("b", limits);
    expect([first.add(30), second.add(21), second.add(20)]).toEqual([true, false, true]);
    expect(neighbour.add(51)).toBe(false);
    expect(neighbour.add(50)).toBe(true);
    expect([bytesInFlight("a"), bytesInFlight("b"), bytesInFlight()]).toEqual([50, 50, 100]);
    first.release();
    expect(second.add(30)).toBe(true);
    for (const claim of [second, neighbour]) claim.release();
    expect([bytesInFlight("a"), bytesInFlight("b"), bytesInFlight()]).toEqual([0, 0, 0]);
  });

  it("an account's share is large enough for the largest body that a policy may allow", () => {
    const { maxBytesInFlight, accountShare } = GATEWAY_LIMITS;
    const largest = (bytes: number) =>
      policySchema.safeParse({ version: 1, models: {}, request: { max_body_bytes: bytes } }).success;
    expect([largest(maxBytesInFlight * accountShare), largest(maxBytesInFlight * accountShare + 1)]).toEqual([
      true,
      false,
    ]);
  });

  it("an account that fills its share is `busy`, and another is served meanwhile", async () => {
    upstream(ok);
    const [greedy, other] = [await newEdge(), await newEdge()];
    await withLimits({ maxBytesInFlight: 1000 }, async () => {
      const source = new Source();
      await source.send("x".repeat(400));
      const held = posting(greedy, source.stream);
      await expect.poll(() => bytesInFlight()).toBe(400);
      const { response, code } = await greedy.post(message(200));
      expect([response.status, code, response.headers.get("retry-after")]).toEqual([503, "busy", "1"]);
      expect((await other.post(message(500))).response.status).toBe(200);
      await source.fail();
      await held;
      expect((await greedy.post(message(200))).response.status).toBe(200);
    });
    expect(bytesInFlight()).toBe(0);
  });

  it("a body of exactly what is left passes, one byte more is 503 `busy` and recorded, and nothing stays claimed", async () => {
    upstream(ok);
    const edge = await newEdge();
    await withLimits({ maxBytesInFlight: 500, accountShare: 1 }, async () => {
      expect((await edge.post(message(500))).response.status).toBe(200);
      const { response, code } = await edge.post(message(501));
      expect({ status: response.status, code }).toEqual({ status: 503, code: "busy" });
      expect(response.headers.get("retry-after")).toBe("1");
      expect((await edge.post(message(500))).response.status).toBe(200);
    });
    expect(edge.calls).toEqual(["admit", "refuse", "admit"]);
    expect(bytesInFlight()).toBe(0);
  });

  it.each([
    ["malformed JSON", (edge: Awaited<ReturnType<typeof newEdge>>) => edge.post("{")],
    ["a model that does not exist", (edge) => edge.chat({ model: "none" })],
    ["a body above policy's limit", (edge) => edge.post("x".repeat(17 * 1024 * 1024))],
    ["a backend that fails", (edge) => edge.chat({ stream: true })],
  ])("nothing stays claimed after %s", async (_name, act) => {
    upstream(() => new Response("broken", { status: 500 }));
    const edge = await newEdge();
    expect((await act(edge)).response.status).toBeGreaterThanOrEqual(400);
    expect(bytesInFlight()).toBe(0);
  });

  it("nothing stays claimed when the client breaks off while it sends", async () => {
    const edge = await newEdge();
    const source = new Source();
    await source.send('{"model":"small","messages":[');
    const posted = posting(edge, source.stream);
    await expect.poll(() => bytesInFlight()).toBeGreaterThan(0);
    await source.fail();
    const { response, code } = await posted;
    expect({ status: response.status, code }).toEqual({ status: 400, code: "invalid_json" });
    expect(bytesInFlight()).toBe(0);
    expect(edge.calls).toEqual(["refuse"]);
  });

  it("a client that stands still while it sends is given up, and what it held is free", async () => {
    const edge = await newEdge();
    const source = new Source();
    await source.send('{"model":"small","messages":[');
    await withLimits({ bodyIdleMs: 50 }, async () => {
      const { response, code } = await posting(edge, source.stream);
      expect({ status: response.status, code }).toEqual({ status: 408, code: "request_timeout" });
      expect(response.headers.get("connection")).toBe("close");
    });
    expect(source.cancelled).toBe(true);
    expect(bytesInFlight()).toBe(0);
    expect(edge.calls).toEqual(["refuse"]);
  });

  it("a body that could be whole is not taken for whole when its sender stands still", async () => {
    const seen = upstream(ok);
    const edge = await newEdge();
    const source = new Source();
    await source.send(message(100));
    await withLimits({ bodyIdleMs: 50 }, async () => {
      expect((await posting(edge, source.stream)).code).toBe("request_timeout");
    });
    expect(seen).toEqual([]);
  });

  it("a client that is slow but moves is served", async () => {
    upstream(ok);
    const edge = await newEdge();
    const source = new Source();
    const parts = message(200).match(/.{1,40}/g) ?? [];
    await withLimits({ bodyIdleMs: 300 }, async () => {
      const posted = posting(edge, source.stream);
      for (const part of parts) {
        await scheduler.wait(70);
        await source.send(part);
      }
      await source.close();
      expect((await posted).response.status).toBe(200);
    });
  });

  it("a client that sends a byte now and then is given up all the same, unless what it sends is enough", async () => {
    upstream(ok);
    const edge = await newEdge();
    const trickle = async (bytesAtOnce: number) => {
      const source = new Source();
      const parts = message(600).match(new RegExp(`.{1,${bytesAtOnce}}`, "g")) ?? [];
      const posted = posting(edge, source.stream);
      for (const part of parts) {
        await scheduler.wait(20);
        if (source.cancelled) break;
        await source.send(part);
      }
      if (!source.cancelled) await source.close();
      return (await posted).response.status;
    };
    await withLimits({ bodyIdleMs: 10_000, bodyTimeoutMs: 100, bodyMinBytesPerS: 500 }, async () => {
      expect(await trickle(2)).toBe(408);
      expect(await trickle(60)).toBe(200);
    });
    expect(bytesInFlight()).toBe(0);
  });

  it("policy may set how long a body may stand still, and how long it may take", async () => {
    for (const bound of [{ body_idle_ms: 100 }, { body_timeout_ms: 100 }]) {
      const edge = await newEdge({ POLICY: JSON.stringify({ ...POLICY, request: bound }) });
      const source = new Source();
      await source.send("{");
      expect((await posting(edge, source.stream)).code).toBe("request_timeout");
    }
  });

  it("a body that is longer than was declared is no request, and claims nothing", async () => {
    const seen = upstream(ok);
    const edge = await newEdge();
    const { code } = await edge.post(message(300), { "content-length": "299" });
    expect(code).toBe("invalid_json");
    expect((await edge.post(message(300), { "content-length": "300" })).response.status).toBe(200);
    expect(seen).toHaveLength(1);
    expect(bytesInFlight()).toBe(0);
  });

  it("a short body that is declared and does not come is given up, and one that breaks off is no request", async () => {
    const edge = await newEdge();
    const declared = { "content-length": "100" };
    const [still, broken] = [new Source(), new Source()];
    await withLimits({ bodyIdleMs: 50 }, async () => {
      expect((await posting(edge, still.stream, declared)).code).toBe("request_timeout");
      await broken.send("{");
      await broken.fail();
      expect((await posting(edge, broken.stream, declared)).code).toBe("invalid_json");
    });
    expect(bytesInFlight()).toBe(0);
  });

  it("a declared body of exactly the account's share passes, one byte more is `busy`", async () => {
    upstream(ok);
    const edge = await newEdge();
    await withLimits({ maxBytesInFlight: 800 }, async () => {
      const sized = (bytes: number) => edge.post(message(bytes), { "content-length": String(bytes) });
      expect((await sized(400)).response.status).toBe(200);
      expect((await sized(401)).code).toBe("busy");
    });
    expect(bytesInFlight()).toBe(0);
  });

  it("a length that is declared and not sent claims nothing from others", async () => {
    upstream(ok);
    const edge = await newEdge();
    await withLimits({ maxBytesInFlight: 1000, accountShare: 1 }, async () => {
      const slow = new Source();
      const posted = posting(edge, slow.stream, { "content-length": "999" });
      expect((await edge.post(message(900))).response.status).toBe(200);
      await slow.fail();
      await posted;
    });
    expect(bytesInFlight()).toBe(0);
  });
});

// The local stand-in for Workers AI, driven by Cloudflare's own client and by the gateway, with a signed origin behind it.
import { createExecutionContext } from "cloudflare:test";
import { Ai } from "@cloudflare/ai";
import { describe, expect, it } from "vitest";
import { SseParser } from "../../../protocol/sse.ts";
import { EmbeddedAi } from "../../../workers/embedded-ai/index.ts";
import { bindings, COMPLETION, newEdge, printed, upstream } from "./edge.ts";
import { isSigned, type ReplyParts, signedReply } from "./fake-origin.ts";
import { chunk, DONE, event, USAGE, USAGE_CHUNK } from "./world.ts";

const LLAMA = "@cf/meta/llama-3-8b-instruct";
const ai = new Ai(bindings.AI);

interface Behaviour {
  readonly reply?: unknown;
  readonly stream?: string;
  readonly parts?: ReplyParts;
}

/** The local origin: lists its model, answers chat and embeddings. What it was asked is kept. */
function origin({ reply = COMPLETION, stream, parts = {} }: Behaviour = {}) {
  const asked: { readonly path: string; readonly body: Record<string, unknown>; readonly signed: boolean }[] = [];
  upstream(async (request) => {
    const signed = await isSigned(request);
    const path = new URL(request.url).pathname;
    if (path === "/v1/models") return signedReply(request, JSON.stringify({ data: [{ id: "edge-mini" }] }));
    asked.push({ path, body: (await request.clone().json()) as Record<string, unknown>, signed });
    return stream === undefined
      ? signedReply(request, JSON.stringify(reply), parts)
      : signedReply(request, stream, { contentType: "text/event-stream", ...parts });
  });
  return asked;
}

async function eventsOf(stream: unknown): Promise<unknown[]> {
  if (!(stream instanceof ReadableStream)) throw new Error("no stream");
  const text = new Uint8Array(await new Response(stream).arrayBuffer());
  const parser = new SseParser();
  return [...parser.push(text), ...parser.flush()].flatMap((seen) =>
    seen.type === "event" ? [seen.data === "[DONE]" ? seen.data : (JSON.parse(seen.data) as unknown)] : [],
  );
}

describe("Cloudflare's client against the stand-in", () => {
  it("chats: the origin is asked in OpenAI's form, signed, and answers in Workers AI's", async () => {
    const asked = origin();
    const messages = [{ role: "user", content: "hello" }];
    expect(await ai.run(LLAMA, { messages })).toEqual({ response: "Hi", usage: COMPLETION.usage });
    expect(asked).toEqual([{ path: "/v1/chat/completions", body: { messages, model: "edge-mini" }, signed: true }]);
  });

  it("completes a prompt", async () => {
    const asked = origin();
    expect(await ai.run(LLAMA, { prompt: "hello" })).toMatchObject({ response: "Hi" });
    expect(asked[0]?.body).toEqual({ messages: [{ role: "user", content: "hello" }], model: "edge-mini" });
  });

  it("streams pieces of text, usage with the last, and [DONE]", async () => {
    const asked = origin({ stream: chunk("One ") + chunk("two") + chunk("", "stop") + USAGE_CHUNK + DONE });
    const stream = await ai.run(LLAMA, { prompt: "hello", stream: true });
    expect(await eventsOf(stream)).toEqual([
      { response: "One " },
      { response: "two" },
      { response: "", usage: USAGE },
      "[DONE]",
    ]);
    expect(asked[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it("calls tools, whole and streaming", async () => {
    const call = { id: "t1", type: "function", function: { name: "f", arguments: '{"a":1}' } };
    const choices = [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
    ];
    origin({ reply: { ...COMPLETION, choices } });
    expect(await ai.run(LLAMA, { prompt: "x" })).toEqual({
      response: "",
      tool_calls: [{ name: "f", arguments: { a: 1 } }],
      usage: COMPLETION.usage,
    });
    const delta = { tool_calls: [{ index: 0, ...call }] };
    origin({ stream: event({ choices: [{ index: 0, delta, finish_reason: null }] }) + DONE });
    expect(await eventsOf(await ai.run(LLAMA, { prompt: "x", stream: true }))).toEqual([
      { response: "", tool_calls: [{ index: 0, ...call }] },
      "[DONE]",
    ]);
  });

  it("embeds", async () => {
    const asked = origin({
      reply: { data: [{ embedding: [0.5, 1] }, { embedding: [2, 3] }], usage: { prompt_tokens: 2 } },
    });
    expect(await ai.run("@cf/baai/bge-small-en-v1.5", { text: ["a", "b"] })).toEqual({
      shape: [2, 2],
      data: [
        [0.5, 1],
        [2, 3],
      ],
      usage: { prompt_tokens: 2 },
    });
    expect(asked).toEqual([{ path: "/v1/embeddings", body: { input: ["a", "b"], model: "edge-mini" }, signed: true }]);
  });

  it.each([
    ["unsigned", { without: ["signature"] }, "5000"],
    ["busy", { status: 503 }, "3040"],
    ["overrun", { status: 429 }, "3040"],
    ["of another opinion", { status: 400 }, "5004"],
    ["broken", { status: 500 }, "5000"],
  ])("an origin that is %s is an error with Workers AI's code, without its words", async (_name, parts, code) => {
    origin({ reply: { error: { message: "secret" } }, parts });
    const failed = await ai.run(LLAMA, { prompt: "x" }).then(
      () => "no error",
      (error: Error) => error.message,
    );
    expect(failed).toMatch(new RegExp(`^${code}: `));
    expect(failed).not.toContain("secret");
  });

  it.each([
    ["whole", "<html>secret", {}],
    ["as a stream", "data: <html>secret\n\n", { stream: true }],
  ])("an origin that answers no JSON (%s) is an error that does not quote it", async (_name, text, more) => {
    upstream((request) => {
      if (request.url.endsWith("/models")) return signedReply(request, JSON.stringify({ data: [{ id: "edge-mini" }] }));
      return signedReply(request, text, { contentType: "stream" in more ? "text/event-stream" : "text/html" });
    });
    const failed = await ai
      .run(LLAMA, { prompt: "x", ...more })
      .then((result) => (result instanceof ReadableStream ? new Response(result).text() : "no error"))
      .catch((error: Error) => error.message);
    // a stream that breaks inside the stand-in is told in the platform's words
    expect(failed).toMatch(/^5000: |disconnected prematurely/);
    expect(failed).not.toContain("secret");
  });

  it("inputs that are neither text nor embeddings are 5004", async () => {
    origin();
    await expect(ai.run(LLAMA, { image: [1] } as never)).rejects.toThrow(/^5004/);
  });
});

describe("the gateway over the stand-in", () => {
  it("chats, streams and embeds as it does over Workers AI", async () => {
    const edge = await newEdge();
    origin();
    expect(JSON.parse((await edge.chat({ model: "cloud" })).text)).toMatchObject({
      object: "chat.completion",
      model: "cloud",
      choices: [{ message: { content: "Hi" }, finish_reason: "stop" }],
      usage: COMPLETION.usage,
    });
    origin({ stream: chunk("One ") + chunk("two") + chunk("", "stop") + USAGE_CHUNK + DONE });
    const { text } = await edge.chat({ model: "cloud", stream: true, stream_options: { include_usage: true } });
    expect(text).toContain('"content":"One "');
    expect(text).toContain(`"usage":${JSON.stringify(USAGE)}`);
    expect(text.endsWith(DONE)).toBe(true);
    origin({ reply: { data: [{ embedding: [0.5, 1] }] } });
    const embedded = await edge.post({ model: "cloud", input: "a" }, {}, "/v1/embeddings");
    expect(JSON.parse(embedded.text)).toMatchObject({ data: [{ embedding: [0.5, 1] }] });
    expect(await edge.openReservations()).toBe(0);
  });

  it("a stream that fails inside the stand-in is an error event, without the origin's words", async () => {
    const edge = await newEdge();
    origin({ stream: chunk("One ") + event({ error: { message: "secret" } }) });
    const { text } = await edge.chat({ model: "cloud", stream: true });
    expect(text).not.toMatch(/secret|DONE/);
    expect(text).toContain("backend_error");
    expect(await edge.openReservations()).toBe(0);
  });

  it.each([
    ["no origin is enrolled", {}],
    ["an origin is enrolled and no key signs for it", { ORIGINS: bindings.ORIGINS ?? "" }],
  ])("where %s the answer is 503 and says what is missing, never a canned text", async (_name, env) => {
    printed();
    const standIn = new EmbeddedAi(createExecutionContext(), env);
    const edge = await newEdge({ AI: { run: (...given: Parameters<EmbeddedAi["run"]>) => standIn.run(...given) } });
    for (const stream of [false, true]) {
      const { response, code, text } = await edge.chat({ model: "cloud", stream });
      expect({ status: response.status, code }).toEqual({ status: 503, code: "backend_unavailable" });
      expect(text).toContain("no local engine is joined");
      expect(text).toContain("npm start");
    }
  });

  it("where the enrolled origin is down the answer is 503 and says what is missing", async () => {
    printed();
    const edge = await newEdge();
    upstream(() => Promise.reject(new TypeError("secret: refused")));
    const { response, text } = await edge.chat({ model: "cloud" });
    expect(response.status).toBe(503);
    expect(text).toContain("no local engine is joined");
    expect(text).not.toContain("secret");
  });
});

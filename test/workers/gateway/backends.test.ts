// Each kind of backend: whom the gateway believes, and what of a failure reaches the client.
import { generateKeyPair } from "jose";
import { describe, expect, it, vi } from "vitest";
import type { PolicyInput } from "../../../policy/schema.ts";
import type { BackendCall } from "../../../workers/gateway/backends/backend.ts";
import { openAiBackend } from "../../../workers/gateway/backends/openai.ts";
import { workersAiBackend } from "../../../workers/gateway/backends/workers-ai.ts";
import { COMPLETION, newEdge, POLICY, upstream } from "./edge.ts";
import { DIGEST, isSigned, type ReplyParts, signedReply } from "./fake-origin.ts";
import { admitted, chunk, DONE, MODEL, Source, USAGE_CHUNK } from "./world.ts";

const SEALED: PolicyInput = {
  ...POLICY,
  models: {
    sealed: {
      ...MODEL,
      versions: { "1": { digest: DIGEST, backends: [{ kind: "origin", origin: "edge", model: "edge-name" }] } },
    },
    unnamed: { ...MODEL, versions: { "1": { backends: [{ kind: "origin", origin: "edge", model: "edge-name" }] } } },
    lost: { ...MODEL, versions: { "1": { backends: [{ kind: "origin", origin: "nowhere", model: "m" }] } } },
  },
  origins: { edge: { kind: "bartizan" }, nowhere: { kind: "bartizan" } },
};
const sealedEdge = (over: Partial<PolicyInput> = {}) => newEdge({ POLICY: JSON.stringify({ ...SEALED, ...over }) });
const STREAM = chunk("Hi") + chunk("", "stop") + USAGE_CHUNK + DONE;
const EVENTS = { contentType: "text/event-stream" };

describe("an enrolled origin", () => {
  it("is sent signed requests, without anything of the client's, and believed when its reply is signed for them", async () => {
    const edge = await sealedEdge();
    const seen = upstream((request) => signedReply(request, JSON.stringify(COMPLETION)));
    const { response, text } = await edge.chat(
      { model: "sealed" },
      { cookie: "session=1", "x-forwarded-for": "6.6.6.6" },
    );
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ model: "sealed", usage: COMPLETION.usage });
    const [request] = seen;
    expect(request?.url).toBe("https://origin.example/v1/chat/completions");
    expect(await isSigned(request as Request)).toBe(true);
    expect([...(request?.headers.keys() ?? [])].sort()).toEqual(
      ["accept", "content-digest", "content-type", "signature", "signature-input"].sort(),
    );
    expect(request?.redirect).toBe("manual");
  });

  it("streams, and embeds", async () => {
    const edge = await sealedEdge();
    upstream((request) =>
      request.url.endsWith("/embeddings")
        ? signedReply(request, JSON.stringify({ data: [{ embedding: [0.5, -1] }], usage: { prompt_tokens: 2 } }))
        : signedReply(request, STREAM, EVENTS),
    );
    expect((await edge.chat({ model: "sealed", stream: true })).text).toContain("[DONE]");
    const embedded = await edge.post({ model: "sealed", input: "x" }, {}, "/v1/embeddings");
    expect(JSON.parse(embedded.text)).toMatchObject({
      data: [{ index: 0, embedding: [0.5, -1] }],
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
  });

  const foreign = async () => (await generateKeyPair("EdDSA")).privateKey;
  it.each<[string, () => ReplyParts | Promise<ReplyParts>]>([
    ["unsigned", () => ({ without: ["signature", "signature-input"] })],
    ["without its signature", () => ({ without: ["signature"] })],
    ["without what was signed", () => ({ without: ["signature-input"] })],
    ["signed by a foreign key", async () => ({ key: await foreign() })],
    ["signed under another origin's name", () => ({ keyid: "other" })],
    ["signed for another request", () => ({ requestSignature: `sig=:${"A".repeat(86)}==:` })],
    ["of another model", () => ({ digest: `sha256:${"b".repeat(64)}` })],
    ["of no model", () => ({ digest: "none" })],
    ["without a digest", () => ({ without: ["bartizan-model-digest"] })],
    ["with a digest changed on its way", () => ({ signed: { digest: `sha256:${"b".repeat(64)}` } })],
    ["with a status changed on its way", () => ({ signed: { status: 500 } })],
    ["with a content type changed on its way", () => ({ signed: { contentType: "text/plain" } })],
    ["an unsigned error", () => ({ status: 500, without: ["signature"] })],
    ["an unsigned 401", () => ({ status: 401, without: ["signature"] })],
  ])(
    "whose reply is %s is 502, streaming and not; its body is dropped and nothing is charged",
    async (_name, parts) => {
      const edge = await sealedEdge();
      for (const stream of [false, true]) {
        const body = new Source();
        upstream(async (request) =>
          signedReply(request, body.stream, { ...(stream ? EVENTS : {}), ...(await parts()) }),
        );
        const { response, code } = await edge.chat({ model: "sealed", stream });
        expect({ status: response.status, code }).toEqual({ status: 502, code: "backend_error" });
        expect(response.headers.get("www-authenticate")).toBeNull();
        await expect.poll(() => body.cancelled).toBe(true);
        expect(await edge.openReservations()).toBe(0);
      }
    },
  );

  it.each([
    [401, 502, "backend_error"],
    [403, 502, "backend_error"],
    [404, 502, "backend_error"],
    [400, 400, "backend_rejected"],
    [429, 503, "backend_busy"],
    [503, 503, "backend_busy"],
    [500, 502, "backend_error"],
    [504, 504, "backend_timeout"],
    [307, 502, "backend_error"],
  ])("that answers %i, signed, is %i %s", async (given, status, code) => {
    const edge = await sealedEdge();
    const words = JSON.stringify({ error: { message: "secret-host", code: null } });
    const seen = upstream((request) => signedReply(request, words, { status: given, digest: "none" }));
    const answered = await edge.chat({ model: "sealed" });
    expect({ status: answered.response.status, code: answered.code }).toEqual({ status, code });
    expect(answered.text).not.toContain("secret");
    expect(seen).toHaveLength(1);
  });

  it("says which limit a prompt that is too long passes", async () => {
    const edge = await sealedEdge();
    const words = JSON.stringify({ error: { code: "context_length_exceeded", message: "secret" } });
    upstream((request) => signedReply(request, words, { status: 400 }));
    const { response, code, text } = await edge.chat({ model: "sealed" });
    expect({ status: response.status, code }).toEqual({ status: 400, code: "context_length_exceeded" });
    expect(text).toContain(String(MODEL.context_tokens));
  });

  it("of which policy names no digest may serve any, but must sign", async () => {
    const edge = await sealedEdge();
    upstream((request) => signedReply(request, JSON.stringify(COMPLETION), { digest: `sha256:${"c".repeat(64)}` }));
    expect((await edge.chat({ model: "unnamed" })).response.status).toBe(200);
    upstream((request) => signedReply(request, JSON.stringify(COMPLETION), { without: ["signature"] }));
    expect((await edge.chat({ model: "unnamed" })).response.status).toBe(502);
  });

  it("that is not enrolled is 503, and the answer says what is missing", async () => {
    const edge = await sealedEdge();
    const { response, code, text } = await edge.chat({ model: "lost" });
    expect({ status: response.status, code }).toEqual({ status: 503, code: "backend_unavailable" });
    expect(text).toContain("origin 'nowhere' has no address and key");
    expect(await edge.openReservations()).toBe(0);
  });

  it("that cannot be reached is 503", async () => {
    const edge = await sealedEdge();
    upstream(() => Promise.reject(new TypeError("secret: connection refused")));
    const { response, code, text } = await edge.chat({ model: "sealed" });
    expect({ status: response.status, code }).toEqual({ status: 503, code: "backend_unavailable" });
    expect(text).not.toContain("secret");
  });
});

async function call(
  over: Partial<BackendCall> & { readonly body?: Record<string, unknown> } = {},
): Promise<BackendCall> {
  const endpoint = over.endpoint ?? "chat";
  const body = over.body ?? (endpoint === "chat" ? { stream: false } : {});
  const { admitted: product } = await admitted({ endpoint, body });
  const signal = new AbortController().signal;
  return {
    endpoint,
    upstream: product.upstream,
    signal,
    digest: null,
    contextTokens: 99,
    maxReplyBytes: 1000,
    ...over,
  };
}

describe("a server of OpenAI's API", () => {
  it.each(["https://up.example", "https://up.example/", "https://up.example/v1", "https://up.example/v1/"])(
    "at %s is asked under one address",
    async (url) => {
      const seen = upstream(() => Response.json(COMPLETION));
      await openAiBackend(url, null)(await call());
      expect(seen.map((request) => request.url)).toEqual(["https://up.example/v1/chat/completions"]);
      expect(seen[0]?.headers.get("authorization")).toBeNull();
    },
  );

  it("is given its own key", async () => {
    const seen = upstream(() => Response.json(COMPLETION));
    await openAiBackend("https://up.example", "upstream-key")(await call());
    expect(seen[0]?.headers.get("authorization")).toBe("Bearer upstream-key");
  });

  it("is never followed elsewhere", async () => {
    const seen = upstream(() => new Response(null, { status: 302, headers: { location: "https://evil.example/" } }));
    expect(await openAiBackend("https://up.example", "upstream-key")(await call())).toEqual({ code: "backend_error" });
    expect(seen.map((request) => [request.redirect, request.url])).toEqual([
      ["manual", "https://up.example/v1/chat/completions"],
    ]);
  });

  it.each([
    ["a document of the limit", 1000, "document"],
    ["a document one byte past it", 1001, undefined],
  ])("%s", async (_name, bytes, kind) => {
    const text = JSON.stringify({ x: "" });
    const document = text.replace('""', `"${"y".repeat(bytes - text.length)}"`);
    // of a length that is declared, falsely declared, that of its compressed form, or not declared at all
    for (const headers of [
      { "content-length": String(bytes) },
      { "content-length": "20" },
      { "content-length": "20", "content-encoding": "gzip" },
      {},
    ] as Record<string, string>[]) {
      upstream(() => new Response(document, { headers }));
      expect(await openAiBackend("https://up.example", null)(await call())).toMatchObject(
        kind === undefined ? { code: "backend_error" } : { kind },
      );
    }
  });

  it("whose compressed document grows past the limit is read no further than that, though it declared little", async () => {
    const body = new Source((control) => control.enqueue(new Uint8Array(400).fill(120)));
    const headers = { "content-length": "20", "content-encoding": "gzip" };
    upstream(() => new Response(body.stream, { headers }));
    expect(await openAiBackend("https://up.example", null)(await call())).toEqual({ code: "backend_error" });
    expect(body.pulls).toBeLessThan(10);
  });

  it("whose error has no end is read no further than its code could be, and its body dropped", async () => {
    const body = new Source((control) => control.enqueue(new Uint8Array(16 * 1024)));
    upstream(() => new Response(body.stream, { status: 500 }));
    expect(await openAiBackend("https://up.example", null)(await call())).toEqual({ code: "backend_error" });
    await expect.poll(() => body.cancelled).toBe(true);
    expect(body.pulls).toBeLessThan(10);
  });

  it("whose document breaks off in the middle is 502, and one that is too late is a timeout", async () => {
    for (const headers of [{ "content-length": "900" }, {}] as Record<string, string>[]) {
      const broken = new Source();
      await broken.send('{"choices":');
      await broken.fail();
      upstream(() => new Response(broken.stream, { headers }));
      expect(await openAiBackend("https://up.example", null)(await call())).toEqual({ code: "backend_error" });
    }

    const aborter = new AbortController();
    const silent = new Source();
    upstream((request) => {
      request.signal.addEventListener("abort", () => void silent.fail());
      aborter.signal.addEventListener("abort", () => void silent.fail());
      return new Response(silent.stream);
    });
    const answering = openAiBackend("https://up.example", null)(await call({ signal: aborter.signal }));
    await scheduler.wait(5);
    aborter.abort();
    expect(await answering).toEqual({ code: "backend_timeout" });
  });

  it.each([
    ["seconds", "7", 7000],
    ["too many seconds", "9999", 300_000],
    ["a date", "Wed, 25 Nov 2026 12:00:00 GMT", 1000],
    ["nonsense", "-5", 1000],
    ["nothing", null, 1000],
  ])("that is busy for %s is waited for within reason", async (_name, given, retryAfterMs) => {
    upstream(() => new Response("{}", { status: 429, headers: given === null ? {} : { "retry-after": given } }));
    expect(await openAiBackend("https://up.example", null)(await call())).toEqual({
      code: "backend_busy",
      retryAfterMs,
    });
  });
});

describe("Workers AI", () => {
  const ask = async (run: (model: string, inputs: object) => unknown, given?: BackendCall) => {
    const ai = { run: async (model: string, inputs: object) => run(model, inputs) };
    return workersAiBackend(
      ai,
      "@cf/m",
      () => 5000,
      () => "id1",
    )(given ?? (await call()));
  };

  it.each([
    ["3040: Out of capacity", { code: "backend_busy", retryAfterMs: 1000 }],
    ["InferenceUpstreamError: 3040: secret", { code: "backend_busy", retryAfterMs: 1000 }],
    ["3007: Request timeout", { code: "backend_timeout" }],
    ["3046: Request timeout", { code: "backend_timeout" }],
    ["3036: account limited", { code: "backend_unavailable", missing: null }],
    ["5007: No such model secret", { code: "backend_unavailable", missing: null }],
    ["5018: not allowed", { code: "backend_unavailable", missing: null }],
    ["5021: too long", { code: "context_length_exceeded", limit: 99, param: "messages" }],
    ["5004: Invalid input", { code: "backend_rejected" }],
    ["3006: Request too large", { code: "backend_rejected" }],
    ["5003: no such field", { code: "backend_rejected" }],
    ["9999: new", { code: "backend_error" }],
    ["no code at all", { code: "backend_error" }],
  ])("%s", async (message, refusal) => {
    const thrown = await ask(() => {
      throw new Error(message);
    });
    expect(thrown).toEqual(refusal);
  });

  it.each([["a text"], [undefined], [null], [{ message: "3040" }]])(
    "%j thrown is an error like any other",
    async (value) => {
      expect(await ask(() => Promise.reject(value))).toEqual({ code: "backend_error" });
    },
  );

  it("is given its own names: the output limit as `max_tokens`, no `model`, no `stream_options`", async () => {
    const run = vi.fn((_model: string, _inputs: object) => ({ response: "x" }));
    await ask(run, await call({ body: { stream: true, stream_options: { include_usage: true }, max_tokens: 30 } }));
    const [model, inputs] = run.mock.calls[0] ?? [];
    expect(model).toBe("@cf/m");
    expect(inputs).toMatchObject({ stream: true, max_tokens: 30 });
    expect(inputs).not.toHaveProperty("model");
    expect(inputs).not.toHaveProperty("stream_options");
    const { upstream: product } = await call();
    const { max_tokens: _none, ...rest } = product.value;
    await ask(run, await call({ upstream: { ...product, value: { ...rest, max_completion_tokens: 40 } } }));
    expect(run.mock.calls[1]?.[1]).toMatchObject({ max_tokens: 40 });
  });

  const choice = (message: object, finish_reason: string) => ({ index: 0, message, finish_reason, logprobs: null });
  const about = { id: "id1", created: 5, model: "@cf/m", object: "chat.completion" };
  it.each([
    ["text", { response: "Hi" }, choice({ role: "assistant", content: "Hi" }, "stop")],
    ["a number", { response: 42 }, choice({ role: "assistant", content: "42" }, "stop")],
    ["JSON that was asked for", { response: { a: 1 } }, choice({ role: "assistant", content: '{"a":1}' }, "stop")],
    [
      "a tool call",
      { response: null, tool_calls: [{ name: "f", arguments: { a: 1 } }] },
      choice(
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_0", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        },
        "tool_calls",
      ),
    ],
    [
      "a tool call in OpenAI's form",
      { tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: "{}" } }] },
      choice(
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        "tool_calls",
      ),
    ],
    [
      "all that it had leave to write",
      { response: "Hi", usage: { prompt_tokens: 1, completion_tokens: 256, total_tokens: 257 } },
      choice({ role: "assistant", content: "Hi" }, "length"),
    ],
  ])("whose answer is %s gives a completion", async (_name, result, expected) => {
    const usage = "usage" in result ? { usage: result.usage } : {};
    expect(await ask(() => result)).toEqual({ kind: "document", value: { ...about, choices: [expected], ...usage } });
  });

  it("whose answer is in OpenAI's form already is passed on", async () => {
    expect(await ask(() => COMPLETION)).toEqual({ kind: "document", value: COMPLETION });
  });

  it.each([[null], ["text"], [{}], [{ tool_calls: [] }], [{ response: null }], [[]]])(
    "whose answer is %j is 502",
    async (result) => {
      expect(await ask(() => result)).toEqual({ code: "backend_error" });
    },
  );

  it("embeds, with and without usage, in the form that the client asked for", async () => {
    const results: unknown[] = [
      {
        shape: [2, 2],
        data: [
          [0.5, -1],
          [1, 2],
        ],
        usage: { prompt_tokens: 9, total_tokens: 9 },
      },
      {
        shape: [2, 2],
        data: [
          [0.5, -1],
          [1, 2],
        ],
      },
      { shape: [1, 2], data: [[0.5, -1]] },
      {
        data: [
          [0.5, "x"],
          [1, 2],
        ],
      },
      { data: "x" },
    ];
    const run = vi.fn(async () => results.shift());
    const edge = await newEdge({ AI: { run } });
    const embed = (more: object = {}) =>
      edge.post({ model: "cloud", input: ["a", "b"], ...more }, {}, "/v1/embeddings");
    expect(JSON.parse((await embed()).text)).toEqual({
      object: "list",
      model: "cloud",
      data: [
        { object: "embedding", index: 0, embedding: [0.5, -1] },
        { object: "embedding", index: 1, embedding: [1, 2] },
      ],
      usage: { prompt_tokens: 9, total_tokens: 9 },
    });
    expect(run.mock.calls[0]).toEqual(["backend-name", { text: ["a", "b"] }]);
    const encoded = JSON.parse((await embed({ encoding_format: "base64" })).text) as { data: { embedding: string }[] };
    expect(encoded.data[0]?.embedding).toBe("AAAAPwAAgL8=");
    // fewer vectors than texts, a component that is no number, no vectors
    for (let i = 0; i < 3; i++) expect((await embed()).code).toBe("backend_error");
    expect(await edge.openReservations()).toBe(0);
  });

  it("that is not bound is 503, and the answer says so", async () => {
    const edge = await newEdge({ AI: undefined });
    const { response, code, text } = await edge.chat({ model: "cloud" });
    expect({ status: response.status, code }).toEqual({ status: 503, code: "backend_unavailable" });
    expect(text).toContain("the Workers AI binding is missing");
  });
});

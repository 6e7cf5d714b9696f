import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CHAT_FIELDS,
  countImages,
  parseChatRequest,
  parseEmbeddingsRequest,
  toUpstreamChat,
  toUpstreamEmbeddings,
  type UpstreamChatOptions,
} from "../../../protocol/openai/index.ts";

const HELLO = { model: "m", messages: [{ role: "user", content: "hello" }] };
const OPTIONS: UpstreamChatOptions = {
  model: "backend-model",
  outputTokens: 30,
  outputLimitField: "max_tokens",
  engine: {},
  stream: false,
  includeUsage: false,
};

function upstream(fields: object, options: Partial<UpstreamChatOptions> = {}): unknown {
  const read = parseChatRequest({ ...HELLO, ...fields });
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  return JSON.parse(JSON.stringify(toUpstreamChat(read.request, { ...OPTIONS, ...options })));
}

describe("what goes upstream", () => {
  test("the output limit stands under the backend's one name only, whatever the client wrote", () => {
    for (const fields of [
      { max_tokens: 30 },
      { max_completion_tokens: 30 },
      { max_tokens: 30, max_completion_tokens: 30 },
      {},
    ])
      for (const [outputLimitField, other] of [
        ["max_tokens", "max_completion_tokens"],
        ["max_completion_tokens", "max_tokens"],
      ] as const) {
        const body = upstream(fields, { outputLimitField });
        expect(body).toHaveProperty(outputLimitField, 30);
        expect(body).not.toHaveProperty(other);
      }
  });

  test("usage is asked for only where stream is true (stream-usage-injection-by-capability)", () => {
    expect(upstream({}, { includeUsage: true })).not.toHaveProperty("stream_options");
    expect(upstream({ stream: true }, { stream: true })).not.toHaveProperty("stream_options");
    const fields = { stream: true, stream_options: { include_usage: false, include_obfuscation: false } };
    expect(upstream(fields, { stream: true, includeUsage: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    // an origin that is asked without streaming although the client streams, and the other way round
    expect(upstream(fields, { stream: false, includeUsage: true })).not.toHaveProperty("stream");
    expect(upstream({}, { stream: true })).toHaveProperty("stream", true);
  });

  test("every passed field arrives unchanged", () => {
    const passed = {
      temperature: 0.5,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 1,
      logit_bias: { "5": -100 },
      seed: 7,
      stop: ["a", "b"],
      logprobs: true,
      top_logprobs: 2,
      response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "null", default: null } } },
      verbosity: "low",
      reasoning_effort: "none",
      prediction: { type: "content", content: "p" },
      tools: [{ type: "function", function: { name: "f", description: "", parameters: {}, strict: false } }],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
      functions: [{ name: "g", parameters: { a: [null] } }],
      function_call: "none",
    };
    expect(upstream(passed)).toEqual({ ...passed, messages: HELLO.messages, model: "backend-model", max_tokens: 30 });
    const classed = Object.entries(CHAT_FIELDS).flatMap(([name, { class: kind }]) => (kind === "passed" ? [name] : []));
    expect(Object.keys(passed).sort()).toEqual(classed.sort());
  });

  test("ignored fields do not go, n does, and a null never does", () => {
    const body = upstream({ user: "u", metadata: { a: "b" }, service_tier: "auto", n: 2, seed: null, store: false });
    expect(body).toEqual({ model: "backend-model", messages: HELLO.messages, max_tokens: 30, n: 2 });
    const turn = { role: "assistant", content: null, name: null, refusal: null };
    expect(upstream({ messages: [turn] })).toHaveProperty("messages", [{ role: "assistant", content: null }]);
  });

  test("engine fields go along and can overrule nothing that the table judges", () => {
    const engine = JSON.parse(
      '{"top_k":5,"chat_template_kwargs":{"t":false},"n":9,"model":"other","max_tokens":1e6,"user":"u","__proto__":{"x":1}}',
    );
    const body = upstream({}, { engine }) as Record<string, unknown>;
    expect(body).toMatchObject({
      model: "backend-model",
      max_tokens: 30,
      top_k: 5,
      chat_template_kwargs: { t: false },
    });
    expect([body.n, body.user, body.x]).toEqual([undefined, undefined, undefined]);
  });

  test("`developer` is written as `system` unless the backend knows it", () => {
    const messages = [{ role: "developer", content: "a" }];
    expect(upstream({ messages })).toHaveProperty("messages", [{ role: "system", content: "a" }]);
    expect(upstream({ messages }, { developerRole: true })).toHaveProperty("messages", messages);
  });

  test("serialised and read again, it is the same request (property)", () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => value.isWellFormed());
    const message = fc.oneof(
      fc.record({ role: fc.constantFrom("user", "system"), content: text }),
      fc.record({ role: fc.constant("user"), content: fc.array(fc.record({ type: fc.constant("text"), text })) }),
      fc.record({ role: fc.constant("assistant"), content: fc.option(text) }),
      fc.record({ role: fc.constant("tool"), tool_call_id: text, content: text }),
    );
    const fields = fc.record({
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }).map(Math.abs),
      seed: fc.maxSafeInteger(),
    });
    fc.assert(
      fc.property(fields, (request) => {
        const body = upstream(request) as Record<string, unknown>;
        expect(body).toEqual(JSON.parse(JSON.stringify({ ...request, model: "backend-model", max_tokens: 30 })));
        expect(upstream(body)).toEqual(body);
      }),
    );
  });
});

describe("embeddings", () => {
  test("every backend is asked for numbers, under its own name of the model", () => {
    const read = parseEmbeddingsRequest({
      model: "m",
      input: ["a"],
      encoding_format: "base64",
      dimensions: 8,
      user: "u",
    });
    if (!read.ok) throw new Error("refused");
    expect(toUpstreamEmbeddings(read.request, { model: "b", engine: { truncate: true, input: "x" } })).toEqual({
      model: "b",
      input: ["a"],
      dimensions: 8,
      encoding_format: "float",
      truncate: true,
    });
  });
});

test("images are counted over all messages", () => {
  const part = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
  const read = parseChatRequest({
    model: "m",
    messages: [
      { role: "user", content: [part, part] },
      { role: "user", content: "x" },
      { role: "user", content: [part, { type: "text", text: "y" }] },
    ],
  });
  expect(read.ok && countImages(read.request)).toBe(3);
});

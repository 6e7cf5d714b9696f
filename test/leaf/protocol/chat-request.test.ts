import { describe, expect, test } from "vitest";
import {
  CHAT_FIELDS,
  type ChatReading,
  type ChatRequest,
  DEFAULT_REQUEST_LIMITS,
  outputLimit,
  parseChatRequest,
  type RequestLimits,
} from "../../../protocol/openai/index.ts";

const HELLO = { model: "m", messages: [{ role: "user", content: "hello" }] };

function accept(fields: object, limits?: Partial<RequestLimits>): ChatReading {
  const read = parse(fields, limits);
  if (!read.ok) throw new Error(`refused: ${JSON.stringify(read.refusal)}`);
  return read;
}

function parse(fields: object, limits: Partial<RequestLimits> = {}) {
  return parseChatRequest({ ...HELLO, ...fields }, { ...DEFAULT_REQUEST_LIMITS, ...limits });
}

/** `code@param`, or `accepted`. */
function outcome(fields: object, limits?: Partial<RequestLimits>): string {
  const read = parse(fields, limits);
  return read.ok ? "accepted" : `${read.refusal.code}@${"param" in read.refusal ? read.refusal.param : ""}`;
}

const needed = (fields: object) => accept(fields).needs.map(({ capability, param }) => `${capability}@${param}`);

describe("assistant turns that only call tools (val-assistant-content-null-or-absent)", () => {
  const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
  const after = { role: "tool", tool_call_id: "c1", content: "ok" };
  test.each([
    ["content null", { role: "assistant", content: null, tool_calls: [call] }],
    ["no content", { role: "assistant", tool_calls: [call] }],
    ["content empty", { role: "assistant", content: "", tool_calls: [call] }],
  ])("%s is kept as it is", (_, turn) => {
    const { request } = accept({ messages: [HELLO.messages[0], turn, after] });
    expect(JSON.parse(JSON.stringify(request.messages[1]))).toEqual(turn);
  });

  test("content null without tool calls is accepted in the middle of the history", () => {
    const turn = { role: "assistant", content: null };
    const { request } = accept({ messages: [HELLO.messages[0], turn, HELLO.messages[0]] });
    expect(request.messages[1]).toEqual(turn);
  });

  test("an answer can be sent back as an SDK holds it, nulls and empty lists included", () => {
    const turn = {
      role: "assistant",
      content: "hi",
      refusal: null,
      audio: null,
      function_call: null,
      tool_calls: null,
      annotations: [],
    };
    const { request } = accept({ messages: [turn, { ...turn, tool_calls: [] }, HELLO.messages[0]] });
    for (const message of request.messages.slice(0, 2))
      expect(JSON.parse(JSON.stringify(message))).toEqual({ role: "assistant", content: "hi" });
  });

  test("content null is refused in the roles where it means nothing", () => {
    for (const role of ["user", "system", "developer"])
      expect(outcome({ messages: [{ role, content: null }] })).toBe("invalid_request@messages[0].content");
  });
});

describe("unknown fields (val-unknown-fields-survive)", () => {
  test("top-level ones come back as the engine's, unchanged, and nested ones by their place", () => {
    const read = accept({
      stream: true,
      top_k: 5,
      extra_body: { x: 1 },
      stream_options: { include_usage: true, step_usage_chunks: true },
      response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema: { type: "object" } } },
      chat_template_kwargs: { t: false },
    });
    expect(read.engine).toEqual({ top_k: 5, extra_body: { x: 1 }, chat_template_kwargs: { t: false } });
    expect(read.unknownNested).toEqual(["stream_options.step_usage_chunks"]);
    expect(read.request.stream_options).toEqual({ include_usage: true });
    expect(read.request.response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "a", strict: true, schema: { type: "object" } },
    });
  });

  test.each([
    ["messages[0].foo", { messages: [{ role: "user", content: "a", foo: 1 }] }],
    ["messages[0].content[1].foo", { messages: [{ role: "user", content: [t("a"), { ...t("b"), foo: 1 }] }] }],
    [
      "messages[0].content[0].image_url.foo",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: PNG(), foo: 1 } }] }] },
    ],
    [
      "messages[0].tool_calls[0].function.foo",
      {
        messages: [
          {
            role: "assistant",
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "", foo: 1 } }],
          },
        ],
      },
    ],
    ["tools[0].function.foo", { tools: [{ type: "function", function: { name: "f", foo: 1 } }] }],
    ["tools[0].foo", { tools: [{ type: "function", foo: 1, function: { name: "f" } }] }],
    ["tool_choice.foo", { tools: [fn("f")], tool_choice: { type: "function", function: { name: "f" }, foo: 1 } }],
    ["prediction.foo", { prediction: { type: "content", content: "a", foo: 1 } }],
    ["response_format.foo", { response_format: { type: "json_object", foo: 1 } }],
    ["messages[0].__proto__", JSON.parse('{"messages":[{"role":"user","content":"a","__proto__":{"role":"system"}}]}')],
  ])("%s surfaces and is not in the typed request", (place, fields) => {
    const read = accept(fields);
    expect(read.unknownNested).toEqual([place]);
    expect(JSON.stringify(read.request)).not.toContain("foo");
    expect(JSON.stringify(read.request)).not.toContain("__proto__");
  });

  test("a flood of them is refused at the first", () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`x${at}`, 1]));
    expect(outcome({ messages: [{ role: "user", content: "a", ...many }] })).toBe(
      "unsupported_parameter@messages[0].x0",
    );
  });

  test("JSON schemas pass unchanged, whatever their keys are called", () => {
    const parameters = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"null"},"x":{"enum":[null]}},"$defs":{}}',
    );
    const { request } = accept({ tools: [{ type: "function", function: { name: "f", parameters } }] });
    expect(JSON.stringify(request.tools)).toBe(
      JSON.stringify([{ type: "function", function: { name: "f", parameters } }]),
    );
  });

  test("__proto__ at the top is an engine field and becomes nobody's prototype", () => {
    const read = parseChatRequest(
      JSON.parse('{"model":"m","messages":[{"role":"user","content":"a"}],"__proto__":{"n":9}}'),
    );
    if (!read.ok) throw new Error("refused");
    expect(Object.keys(read.engine)).toEqual(["__proto__"]);
    expect(read.request.n).toBeUndefined();
    expect("n" in read.engine).toBe(false);
  });

  test("names of Object.prototype are unknown fields like any other", () => {
    expect(Object.keys(accept({ constructor: 1, toString: 2, hasOwnProperty: 3 }).engine)).toHaveLength(3);
  });
});

describe("output limits (val-output-limit-spellings)", () => {
  const limitOf = (fields: object) => outputLimit(accept(fields).request);
  test("either spelling, both alike, none, or null", () => {
    expect(limitOf({ max_tokens: 30 })).toBe(30);
    expect(limitOf({ max_completion_tokens: 30 })).toBe(30);
    expect(limitOf({ max_tokens: 30, max_completion_tokens: 30 })).toBe(30);
    expect(limitOf({ max_tokens: null, max_completion_tokens: 30 })).toBe(30);
    expect(limitOf({})).toBeNull();
    expect(limitOf({ max_tokens: null, max_completion_tokens: null })).toBeNull();
  });

  test("two different numbers are refused", () => {
    expect(outcome({ max_tokens: 30, max_completion_tokens: 4000 })).toBe("invalid_request@max_completion_tokens");
  });

  test.each(["max_tokens", "max_completion_tokens"])("%s takes whole numbers from 1 up", (name) => {
    for (const value of [0, -1, 1.5, "30", true, [30], {}])
      expect(outcome({ [name]: value })).toBe(`invalid_request@${name}`);
    for (const value of [999_999_999, 1e20]) expect(limitOf({ [name]: value })).toBe(value);
  });
});

describe("places and expectations of what is wrong", () => {
  test.each<[string, object, string, string]>([
    ["no messages (val-body-limit-and-shape f)", { messages: [] }, "messages", "expected at least 1 element"],
    ["messages missing", { messages: undefined }, "messages", "is missing, expected an array"],
    ["messages null", { messages: null }, "messages", "is missing"],
    ["messages a string", { messages: "hi" }, "messages", "expected an array"],
    ["a message that is none", { messages: [7] }, "messages[0]", "expected an object"],
    ["an unknown role", { messages: [{ role: "root", content: "a" }] }, "messages[0].role", "expected one of"],
    ["no role", { messages: [{ content: "a" }] }, "messages[0].role", "is missing, expected one of"],
    [
      "no content",
      { messages: [{ role: "user" }] },
      "messages[0].content",
      "is missing, expected a string or an array",
    ],
    [
      "content a number",
      { messages: [{ role: "user", content: 5 }] },
      "messages[0].content",
      "expected a string or an array",
    ],
    [
      "a part's text",
      {
        messages: [...Array(3).fill(HELLO.messages[0]), { role: "user", content: [t("a"), { type: "text", text: 5 }] }],
      },
      "messages[3].content[1].text",
      "expected a string",
    ],
    [
      "an unknown part",
      { messages: [{ role: "user", content: [{ type: "video_url" }] }] },
      "messages[0].content[0].type",
      "expected one of",
    ],
    [
      "an image in a system message",
      { messages: [{ role: "system", content: [image(PNG())] }] },
      "messages[0].content[0].type",
      'expected "text"',
    ],
    [
      "a tool result without its call",
      { messages: [{ role: "tool", content: "a" }] },
      "messages[0].tool_call_id",
      "is missing, expected a string",
    ],
    ["temperature", { temperature: "hot" }, "temperature", "expected a number"],
    ["temperature out of range", { temperature: 2.1 }, "temperature", "expected a number of at most 2"],
    ["stream", { stream: "true" }, "stream", "expected true or false"],
    ["five stops", { stop: ["a", "b", "c", "d", "e"] }, "stop", "expected a string or an array of at most 4"],
    ["a stop that is no text", { stop: ["a", 1] }, "stop[1]", "expected a string"],
    ["a tool's name", { tools: [fn("a b")] }, "tools[0].function.name", "expected 1 to 64 letters, digits, _ or -"],
    [
      "a tool's parameters",
      { tools: [{ type: "function", function: { name: "f", parameters: [] } }] },
      "tools[0].function.parameters",
      "expected an object",
    ],
    ["logit_bias", { logit_bias: { "50256": 101 } }, "logit_bias", "expected at most 1024 token numbers"],
    [
      "logit_bias with __proto__",
      { logit_bias: JSON.parse('{"__proto__":1}') },
      "logit_bias",
      "expected at most 1024 token numbers",
    ],
    ["top_logprobs alone", { top_logprobs: 3 }, "top_logprobs", "expected logprobs to be true with it"],
    [
      "stream_options alone",
      { stream_options: { include_usage: true } },
      "stream_options",
      "expected stream to be true with it",
    ],
    ["tool_choice without tools", { tool_choice: "required" }, "tool_choice", "expected tools to choose from"],
    ["too many choices", { n: 129 }, "n", "expected a number of at most 128"],
    ["no model", { model: "" }, "model", "expected at least 1 character"],
    ["seed", { seed: 1.5 }, "seed", "expected a whole number"],
    ["metadata", { metadata: { a: 1 } }, "metadata.a", "expected a string"],
  ])("%s", (_, fields, param, expected) => {
    const read = parse(fields);
    if (read.ok || read.refusal.code !== "invalid_request") throw new Error(JSON.stringify(read));
    expect(read.refusal.param).toBe(param);
    expect(read.refusal.expected.slice(0, expected.length)).toBe(expected);
  });

  test("what a client wrote is never repeated in an expectation", () => {
    const secret = "s3cret".repeat(1000);
    for (const fields of [
      { model: secret },
      { messages: [{ role: secret, content: "a" }] },
      { response_format: { type: secret } },
      { tools: [fn(secret)] },
      { reasoning_effort: secret },
    ]) {
      const text = JSON.stringify(parse(fields));
      expect(text).not.toContain("s3cret");
      expect(text.length).toBeLessThan(500);
    }
  });
});

describe("bounds, at the limit and one past it", () => {
  const user = { role: "user", content: "a" };
  test.each<[string, Partial<RequestLimits>, object, object, string]>([
    ["messages", { maxMessages: 2 }, { messages: [user, user] }, { messages: [user, user, user] }, "messages"],
    [
      "parts of all messages",
      { maxParts: 3 },
      { messages: [parts(1), parts(2)] },
      { messages: [parts(2), parts(2)] },
      "messages[1].content",
    ],
    ["tools", { maxTools: 1 }, { tools: [fn("a")] }, { tools: [fn("a"), fn("b")] }, "tools"],
    [
      "tool calls",
      { maxToolCalls: 1 },
      { messages: [calls(1), user] },
      { messages: [calls(1), calls(1)] },
      "messages[1].tool_calls",
    ],
    ["choices", { maxChoices: 2 }, { n: 2 }, { n: 3 }, "n"],
  ])("%s", (_, limits, within, beyond, param) => {
    expect(outcome(within, limits)).toBe("accepted");
    expect(outcome(beyond, limits)).toBe(`invalid_request@${param}`);
  });

  test("a million wrong elements make one refusal, not a million issues", () => {
    const zeros = Array(1_000_000).fill(0);
    for (const fields of [
      { messages: zeros },
      { messages: [{ role: "user", content: zeros }] },
      { tools: zeros },
      { stop: zeros },
      { modalities: zeros },
      { prediction: { type: "content", content: zeros } },
      { tools: [fn("f")], tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: zeros } } },
    ])
      expect(outcome(fields)).toMatch(/^invalid_request@/);
  });
});

describe("media are data", () => {
  const withPart = (part: object) => ({ messages: [{ role: "user", content: [t("look"), part] }] });
  test.each([
    "https://example.com/a.png",
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "data:text/html;base64,AAAA",
    "data:image/svg+xml;base64,AAAA",
    "data:image/png,notbase64",
    "",
  ])("an image at %s is refused", (url) => {
    expect(outcome(withPart(image(url)))).toBe("invalid_request@messages[0].content[1].image_url.url");
  });

  test("an image as data is accepted and needs `images`", () => {
    expect(needed(withPart(image(PNG())))).toContain("images@messages[0].content[1]");
    expect(needed(withPart(image(PNG("jpeg", "DATA"))))).toContain("images@messages[0].content[1]");
  });

  test("a host that policy allows is taken over https alone, without port or user", () => {
    const limits = { mediaHosts: ["img.example"] };
    expect(outcome(withPart(image("https://img.example/a.png")), limits)).toBe("accepted");
    for (const url of [
      "http://img.example/a.png",
      "https://img.example:8443/a",
      "https://a:b@img.example/",
      "https://img.example.evil/",
      "https://evil/?img.example",
    ])
      expect(outcome(withPart(image(url)), limits)).toBe("invalid_request@messages[0].content[1].image_url.url");
  });

  test("files by id are not supported, files as data need `files`", () => {
    const file = (fields: object) => withPart({ type: "file", file: fields });
    expect(outcome(file({ file_id: "file-1" }))).toBe("unsupported_parameter@messages[0].content[1].file.file_id");
    expect(outcome(file({ file_data: "https://x/" }))).toBe("invalid_request@messages[0].content[1].file.file_data");
    expect(outcome(file({ filename: "a.pdf" }))).toBe("invalid_request@messages[0].content[1].file.file_data");
    expect(needed(file({ file_data: "data:application/pdf;base64,AA" }))).toContain("files@messages[0].content[1]");
    const audio = { type: "input_audio", input_audio: { data: "AA", format: "wav" } };
    expect(needed(withPart(audio))).toContain("audio@messages[0].content[1]");
  });
});

describe("what a request needs of a backend", () => {
  test.each<[object, string[]]>([
    [{}, []],
    [{ n: 1, logprobs: false, stream: false, tools: [], stop: [], logit_bias: {}, store: false }, []],
    [{ response_format: { type: "text" }, modalities: ["text"], verbosity: "medium", top_logprobs: 0 }, []],
    [{ temperature: 0.5, top_p: 0.9, presence_penalty: 0, frequency_penalty: 0, max_tokens: 5 }, []],
    [{ stream: true }, ["stream@stream"]],
    [{ n: 2 }, ["n@n"]],
    [{ stop: "x" }, ["stop@stop"]],
    [{ seed: 0 }, ["seed@seed"]],
    [{ presence_penalty: 1, frequency_penalty: -1 }, ["penalties@presence_penalty", "penalties@frequency_penalty"]],
    [{ logit_bias: { "1": 5 } }, ["logit_bias@logit_bias"]],
    [{ logprobs: true, top_logprobs: 2 }, ["logprobs@logprobs", "logprobs@top_logprobs"]],
    [{ response_format: { type: "json_object" } }, ["json_object@response_format"]],
    [{ response_format: { type: "json_schema", json_schema: { name: "a" } } }, ["json_schema@response_format"]],
    [{ reasoning_effort: "low", verbosity: "low" }, ["reasoning_effort@reasoning_effort", "verbosity@verbosity"]],
    [{ tools: [fn("f")], tool_choice: "auto" }, ["tools@tools", "tools@tool_choice"]],
    [{ tools: [{ type: "custom", custom: { name: "f" } }] }, ["tools@tools", "custom_tools@tools"]],
    [{ tools: [fn("f")], parallel_tool_calls: false }, ["tools@tools", "parallel_tool_calls@parallel_tool_calls"]],
    [{ functions: [{ name: "f" }], function_call: { name: "f" } }, ["functions@functions", "functions@function_call"]],
    [{ prediction: { type: "content", content: "x" } }, ["prediction@prediction"]],
    [{ messages: [HELLO.messages[0], { role: "developer", content: "a" }] }, ["system_role@messages[1]"]],
    [{ messages: [{ role: "tool", tool_call_id: "a", content: "x" }] }, ["tools@messages[0]"]],
    [{ messages: [{ role: "function", name: "f", content: null }] }, ["functions@messages[0]"]],
  ])("%j needs %j", (fields, expected) => {
    expect(needed(fields)).toEqual(["chat@model", ...expected]);
  });

  test("a neutral value is absence: no backend trips over it", () => {
    const { request, ignored } = accept({
      n: 1,
      tools: [],
      logprobs: false,
      store: false,
      response_format: { type: "text" },
    });
    expect(Object.keys(request).sort()).toEqual(["messages", "model"]);
    expect(ignored).toEqual([]);
  });
});

describe("the table", () => {
  test("null in any optional field is absence", () => {
    const optional = Object.keys(CHAT_FIELDS).filter((name) => name !== "model" && name !== "messages");
    const read = accept(Object.fromEntries(optional.map((name) => [name, null])));
    expect(Object.keys(read.request).sort()).toEqual(["messages", "model"]);
    expect([read.engine, read.ignored]).toEqual([{}, []]);
  });

  test("ignored fields are accepted, listed, and not in the request", () => {
    const read = accept({
      user: "u",
      safety_identifier: "s",
      metadata: { a: "b" },
      service_tier: "auto",
      prompt_cache_key: "k",
      prompt_cache_retention: "24h",
      prompt_cache_options: { ttl: "30m" },
      tool_choice: "auto",
      parallel_tool_calls: false,
      stream: true,
      stream_options: { include_obfuscation: true },
      messages: [{ role: "user", content: [{ ...t("a"), prompt_cache_breakpoint: { mode: "explicit" } }] }],
    });
    expect([...read.ignored].sort()).toEqual([
      "metadata",
      "parallel_tool_calls",
      "prompt_cache_breakpoint",
      "prompt_cache_key",
      "prompt_cache_options",
      "prompt_cache_retention",
      "safety_identifier",
      "service_tier",
      "stream_options.include_obfuscation",
      "tool_choice",
      "user",
    ]);
    expect(Object.keys(read.request).sort()).toEqual(["messages", "model", "stream", "stream_options"]);
    expect(read.request.messages[0]?.content).toEqual([t("a")]);
  });

  test.each([
    [{ store: true }, "store"],
    [{ service_tier: "flex" }, "service_tier"],
    [{ web_search_options: {} }, "web_search_options"],
    [{ modalities: ["text", "audio"] }, "modalities"],
    [{ audio: { voice: "alloy", format: "wav" } }, "audio"],
    [{ moderation: { model: "x" } }, "moderation"],
    [{ messages: [{ role: "assistant", audio: { id: "a" } }] }, "messages[0].audio"],
  ])("%j is refused by name", (fields, param) => {
    expect(outcome(fields)).toBe(`unsupported_parameter@${param}`);
  });

  test("it names every documented field of the route", () => {
    expect(Object.keys(CHAT_FIELDS).sort()).toEqual(DOCUMENTED);
  });

  test("the typed request holds enforced and passed fields only", () => {
    const request: ChatRequest = accept({ temperature: 1 }).request;
    expect(request.temperature).toBe(1);
    // @ts-expect-error an ignored field is not part of the type
    expect(request.user).toBeUndefined();
  });
});

const DOCUMENTED = `audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
  messages metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop
  store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(
  /\s+/,
);

function t(text: string) {
  return { type: "text", text };
}

function PNG(kind = "png", scheme = "data") {
  return `${scheme}:image/${kind};base64,AAAA`;
}

function image(url: string) {
  return { type: "image_url", image_url: { url } };
}

function fn(name: string) {
  return { type: "function", function: { name } };
}

function parts(count: number) {
  return { role: "user", content: Array.from({ length: count }, () => t("a")) };
}

function calls(count: number) {
  const call = { id: "c", type: "function", function: { name: "f", arguments: "" } };
  return { role: "assistant", tool_calls: Array.from({ length: count }, () => call) };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../../protocol/encoding.ts";
import { SseParser } from "../../../protocol/sse.ts";
import { unchanged } from "../../../workers/gateway/backends/backend.ts";
import { newChunkTranslator } from "../../../workers/gateway/backends/workers-ai-format.ts";
import { type MonitorOptions, StreamMonitor } from "../../../workers/gateway/stream-monitor.ts";
import { chunk, DONE, event, USAGE, USAGE_CHUNK } from "./world.ts";

const OPTIONS: MonitorOptions = {
  translate: unchanged,
  model: "small",
  wantsUsage: false,
  choices: 1,
  promptTokens: 11,
  maxEventBytes: 10_000,
  maxReplyBytes: 1_000_000,
  guard: null,
  restorer: null,
};

interface Seen {
  readonly text: string;
  readonly monitor: StreamMonitor;
}

/** What a client sees of the backend's bytes when they come in these pieces. */
function run(pieces: readonly (string | Uint8Array)[], over: Partial<MonitorOptions> = {}, closed = true): Seen {
  const monitor = new StreamMonitor({ ...OPTIONS, ...over });
  const out = pieces.map((piece) => monitor.push(typeof piece === "string" ? utf8(piece) : piece, 0));
  if (closed) out.push(monitor.close(0));
  return { text: new TextDecoder().decode(concat(...out)), monitor };
}

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index]));
}

interface Chunk {
  readonly model?: string;
  readonly usage?: typeof USAGE | null;
  readonly choices: readonly { index: number; delta: Record<string, unknown>; finish_reason: string | null }[];
}

/** The chunks of what a client got, `[DONE]` aside. */
function chunksOf(text: string): Chunk[] {
  const parser = new SseParser();
  const events = [...parser.push(utf8(text)), ...parser.flush()];
  return events.flatMap((seen) =>
    seen.type === "event" && seen.data !== "[DONE]" && seen.event === null ? [JSON.parse(seen.data) as Chunk] : [],
  );
}

const written = (chunks: readonly Chunk[], index: number): string =>
  chunks
    .flatMap(({ choices }) => choices)
    .filter((choice) => choice.index === index)
    .map(({ delta }) => String(delta.content ?? ""))
    .join("");

// ── whole streams: any texts, choices, framing, usage in any of the places where backends put it ──────────────────
const aStream = fc
  .record({
    choices: fc.integer({ min: 1, max: 3 }),
    texts: fc.array(fc.tuple(fc.nat(2), fc.string({ unit: "grapheme", maxLength: 12 })), { maxLength: 8 }),
    usage: fc.constantFrom("none", "own chunk", "null in each", "last chunk", "every chunk"),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
    comments: fc.boolean(),
    done: fc.boolean(),
    finish: fc.constantFrom("stop", "length", "tool_calls"),
  })
  .map((given) => {
    const extra =
      given.usage === "null in each" ? { usage: null } : given.usage === "every chunk" ? { usage: USAGE } : {};
    const one = (index: number, delta: object, finish_reason: string | null, more: object = extra): string =>
      event({ id: "c1", model: "/secret", choices: [{ index, delta, finish_reason }], ...more });
    const texts = given.texts.map(([index, text]): [number, string] => [index % given.choices, text]);
    const events = texts.map(([index, text]) => one(index, { content: text }, null));
    for (let index = 0; index < given.choices; index++)
      events.push(one(index, {}, given.finish, given.usage === "last chunk" ? { usage: USAGE } : extra));
    if (given.usage === "own chunk") events.push(USAGE_CHUNK);
    if (given.done) events.push(DONE);
    const text = events.map((each) => (given.comments ? `: alive\n\n${each}` : each)).join("");
    return { ...given, texts, bytes: utf8(text.replaceAll("\n", given.lineEnd)) };
  });

describe("any valid stream", () => {
  it("reads the same to the client however the network cut it", () => {
    fc.assert(
      fc.property(aStream, fc.array(fc.nat()), fc.boolean(), (stream, cuts, wantsUsage) => {
        const over = { choices: stream.choices, wantsUsage };
        const whole = run([stream.bytes], over);
        const cut = run(pieces(stream.bytes, cuts), over);
        expect(cut.text).toBe(whole.text);
        expect(cut.monitor.usage).toEqual(whole.monitor.usage);
        expect(cut.monitor.estimatedTokens).toBe(whole.monitor.estimatedTokens);
      }),
    );
  });

  it("arrives whole: every choice's text, the public name, one [DONE] at the very end", () => {
    fc.assert(
      fc.property(aStream, fc.boolean(), (stream, wantsUsage) => {
        const { text, monitor } = run([stream.bytes], { choices: stream.choices, wantsUsage });
        const chunks = chunksOf(text);
        expect(monitor.complete).toBe(true);
        expect(text.endsWith(DONE)).toBe(true);
        expect(text.split("[DONE]")).toHaveLength(2 + stream.texts.filter(([, t]) => t.includes("[DONE]")).length);
        for (let index = 0; index < stream.choices; index++)
          expect(written(chunks, index)).toBe(stream.texts.flatMap(([at, t]) => (at === index ? [t] : [])).join(""));
        expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set(["small"]));
        expect(chunks.flatMap((c) => c.choices.filter((choice) => choice.finish_reason !== null))).toHaveLength(
          stream.choices,
        );
      }),
    );
  });

  it("tells usage once, in the last chunk, to who asked, and to nobody else", () => {
    fc.assert(
      fc.property(aStream, fc.boolean(), (stream, wantsUsage) => {
        const chunks = chunksOf(run([stream.bytes], { choices: stream.choices, wantsUsage }).text);
        const told = chunks.filter(({ usage }) => usage !== undefined && usage !== null);
        if (!wantsUsage) {
          expect(chunks.some((each) => "usage" in each)).toBe(false);
          return;
        }
        // as OpenAI sends it: null in every chunk but the last, so that nobody adds it up
        expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
        expect(told).toHaveLength(1);
        expect(chunks.at(-1)?.choices).toEqual([]);
        if (stream.usage === "none" || stream.usage === "null in each")
          expect(told[0]?.usage?.prompt_tokens).toBe(OPTIONS.promptTokens);
        else expect(told[0]?.usage).toEqual(USAGE);
      }),
    );
  });

  it("that is cut anywhere is a prefix of itself, never with a finish that the backend did not send", () => {
    fc.assert(
      fc.property(aStream, fc.nat(), (stream, at) => {
        const over = { choices: stream.choices };
        const whole = run([stream.bytes], over).text;
        const cut = run([stream.bytes.subarray(0, at % (stream.bytes.length + 1))], over);
        const finishes = (text: string): number =>
          chunksOf(text).flatMap((c) => c.choices.filter((choice) => choice.finish_reason !== null)).length;
        expect(whole.startsWith(cut.text)).toBe(true);
        expect(cut.monitor.complete).toBe(cut.text.endsWith(DONE));
        if (cut.monitor.complete) expect(finishes(cut.text)).toBe(stream.choices);
        else expect(cut.monitor.failure).toEqual({ kind: "failed", error: null });
      }),
    );
  });

  it("ends with its end: nothing that follows is forwarded or counted", () => {
    fc.assert(
      fc.property(aStream, fc.array(fc.nat()), (stream, cuts) => {
        const complete = concat(stream.bytes, stream.done ? new Uint8Array(0) : utf8(DONE));
        const after = utf8(chunk("smuggled") + event({ error: { code: 500 } }) + USAGE_CHUNK + DONE);
        const over = { choices: stream.choices };
        const plain = run([complete], over);
        const longer = run(pieces(concat(complete, after), cuts), over);
        expect(longer.text).toBe(plain.text);
        expect(longer.monitor.failure).toBeNull();
        expect(longer.monitor.estimatedTokens).toBe(plain.monitor.estimatedTokens);
      }),
    );
  });

  it("is complete without [DONE] only when every one of its choices finished", () => {
    const both = chunk("a", null, 0) + chunk("", "stop", 0) + chunk("b", null, 1);
    expect(run([both], { choices: 2 }).monitor.failure).toEqual({ kind: "failed", error: null });
    expect(run([both + chunk("", "stop", 1)], { choices: 2 }).monitor.complete).toBe(true);
    // the same choice twice is not two choices
    expect(run([chunk("", "stop", 0) + chunk("", "stop", 0)], { choices: 2 }).monitor.complete).toBe(false);
  });
});

describe("a stream that fails", () => {
  it.each([
    ["an error object", event({ error: { code: 429, message: "secret" } }), { code: 429, message: "secret" }],
    ["an error as text", event({ error: "secret" }), { error: "secret" }],
    ["an error marked by its object", event({ object: "error", code: 400, message: "secret" }), { code: 400 }],
    ["an event named error", 'event: error\ndata: {"message":"secret"}\n\n', { message: "secret" }],
    ["an event named error that is no JSON", "event: error\ndata: secret\n\n", null],
    ["no JSON", "data: <html>secret</html>\n\n", null],
  ])("by %s keeps what came before, and none of the backend's words", (_name, fault, error) => {
    const { text, monitor } = run([chunk("One ") + fault + chunk("after") + DONE]);
    expect(text).toBe(run([chunk("One ")], {}, false).text);
    expect(text).not.toContain("secret");
    expect(monitor.failure).toMatchObject({ kind: "failed", error });
    expect(monitor.complete).toBe(false);
  });

  it.each([null, false])("is not one whose chunks say `error: %s`", (error) => {
    const { monitor } = run([event({ error, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) + DONE]);
    expect(monitor.complete).toBe(true);
  });

  it("never forwards what is no chunk: a backend's own words may stand in it", () => {
    const words = [{ detail: "secret-host.internal" }, ["secret"], "secret", 5, null, { choices: "secret" }];
    const { text } = run([words.map(event).join("") + chunk("", "stop") + DONE]);
    expect(text).toBe(run([chunk("", "stop") + DONE]).text);
  });
});

describe("bounds", () => {
  const stream = chunk("a".repeat(50)) + chunk("b".repeat(50)) + chunk("", "stop") + DONE;
  const all = run([stream]).text;
  // [DONE] itself is not counted
  const size = all.length - DONE.length;

  it("a reply of exactly the limit passes, one byte more is ended, cut before the event that would pass it", () => {
    expect(run([stream], { maxReplyBytes: size }).text).toBe(all);
    const { text, monitor } = run([stream], { maxReplyBytes: size - 1 });
    expect(monitor.failure).toEqual({ kind: "oversize" });
    expect(text).not.toContain('finish_reason":"stop');
    expect(all.startsWith(text)).toBe(true);
  });

  it("where it is ended does not depend on how the network cut it", () => {
    fc.assert(
      fc.property(fc.nat(size), fc.array(fc.nat()), (maxReplyBytes, cuts) => {
        const whole = run([stream], { maxReplyBytes });
        expect(run(pieces(utf8(stream), cuts), { maxReplyBytes }).text).toBe(whole.text);
        expect(whole.text.length).toBeLessThanOrEqual(maxReplyBytes + DONE.length);
      }),
    );
  });

  it("an event above its bound, or a line without end, fails the stream", () => {
    const big = chunk("x".repeat(2000));
    expect(run([chunk("a"), big], { maxEventBytes: 1000 }).monitor.failure).toEqual({ kind: "failed", error: null });
    const endless = run(["data: ", ..."y".repeat(1100)], { maxEventBytes: 1000 }, false);
    expect(endless.monitor.failure).toEqual({ kind: "failed", error: null });
  });
});

describe("what is charged where no usage is told", () => {
  it.each(["content", "reasoning_content", "reasoning", "refusal"])("counts text that comes as %s", (name) => {
    const { monitor } = run([event({ choices: [{ index: 0, delta: { [name]: "word ".repeat(20) } }] })], {}, false);
    expect(monitor.estimatedTokens).toBeGreaterThan(20);
  });

  it.each([
    ["tool_calls", [{ index: 0, function: { arguments: "x".repeat(100) } }]],
    ["function_call", { arguments: "x".repeat(100) }],
  ])("counts what comes as %s", (name, value) => {
    const { monitor } = run([event({ choices: [{ index: 0, delta: { [name]: value } }] })], {}, false);
    expect(monitor.estimatedTokens).toBeGreaterThan(20);
  });

  it("a role alone is nothing", () => {
    const { monitor } = run([event({ choices: [{ index: 0, delta: { role: "assistant", content: "" } }] })], {}, false);
    expect(monitor.estimatedTokens).toBe(0);
  });
});

describe("Workers AI's own form", () => {
  const about = { id: "x1", created: 5, model: "@cf/secret" };
  const native = (events: readonly unknown[], over: Partial<MonitorOptions> = {}, limit: number | null = null): Seen =>
    run([...events.map(event), DONE], { translate: newChunkTranslator(about, limit), ...over });
  const finishOf = (chunks: readonly Chunk[]): (string | null)[] =>
    chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).filter((reason) => reason !== null);

  it("becomes chunks: the role first, text and bare numbers as text, a finish and usage", () => {
    const { text, monitor } = native([{ response: "I have " }, { response: 42 }, { response: "", usage: USAGE }], {
      wantsUsage: true,
    });
    const chunks = chunksOf(text);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "I have " });
    expect(written(chunks, 0)).toBe("I have 42");
    expect(finishOf(chunks)).toEqual(["stop"]);
    expect(chunks.at(-1)?.usage).toEqual(USAGE);
    expect(monitor.complete).toBe(true);
    expect(text).not.toContain("secret");
  });

  it("keeps the number 0, which is text too", () => {
    expect(written(chunksOf(native([{ response: 0 }]).text), 0)).toBe("0");
  });

  it("with usage told by every piece is still one text with one finish at the end", () => {
    const { text, monitor } = native([
      { response: "a", usage: { prompt_tokens: 7, completion_tokens: 1 } },
      { response: "b", usage: { prompt_tokens: 7, completion_tokens: 2 } },
    ]);
    const chunks = chunksOf(text);
    expect(written(chunks, 0)).toBe("ab");
    expect(finishOf(chunks)).toEqual(["stop"]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
    expect(monitor.usage?.completion_tokens).toBe(2);
  });

  it("without usage is closed by [DONE], and the estimate is told", () => {
    const chunks = chunksOf(native([{ response: "one two three" }], { wantsUsage: true }).text);
    expect(finishOf(chunks)).toEqual(["stop"]);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it("of an empty answer is an answer all the same", () => {
    const chunks = chunksOf(native([{ response: "" }]).text);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.choices[0]).toMatchObject({ delta: { role: "assistant", content: "" }, finish_reason: "stop" });
  });

  it("that breaks off before [DONE] has no finish", () => {
    const translate = newChunkTranslator(about, null);
    const { text, monitor } = run([event({ response: "half an" })], { translate });
    expect(finishOf(chunksOf(text))).toEqual([]);
    expect(monitor.failure).not.toBeNull();
  });

  it("says `length` where the model wrote all it was given leave to", () => {
    const spent = [{ response: "x" }, { response: "", usage: { prompt_tokens: 1, completion_tokens: 30 } }];
    expect(finishOf(chunksOf(native(spent, {}, 30).text))).toEqual(["length"]);
    expect(finishOf(chunksOf(native(spent, {}, 31).text))).toEqual(["stop"]);
  });

  it("gives whole tool calls an index and an id each, over all events", () => {
    const { text } = native([
      { response: null, tool_calls: [{ name: "a", arguments: { x: 1 } }] },
      { tool_calls: [{ name: "b", arguments: '{"y":2}' }] },
      { response: "", usage: USAGE },
    ]);
    const chunks = chunksOf(text);
    const calls = chunks.flatMap(({ choices }) => choices.flatMap(({ delta }) => (delta.tool_calls ?? []) as object[]));
    expect(calls).toEqual([
      { index: 0, id: "call_0", type: "function", function: { name: "a", arguments: '{"x":1}' } },
      { index: 1, id: "call_1", type: "function", function: { name: "b", arguments: '{"y":2}' } },
    ]);
    expect(finishOf(chunks)).toEqual(["tool_calls"]);
  });

  it("passes pieces of one tool call on as pieces of one", () => {
    const part = (given: object) => ({ response: "", tool_calls: [{ index: 0, ...given }] });
    const { text } = native([
      part({ id: "t1", type: "function", function: { name: "f", arguments: "" } }),
      part({ function: { arguments: '{"a"' } }),
      part({ function: { arguments: ":1}" } }),
    ]);
    const calls = chunksOf(text).flatMap((c) => c.choices.flatMap(({ delta }) => (delta.tool_calls ?? []) as object[]));
    expect(calls).toHaveLength(3);
    expect(calls[1]).toEqual({ index: 0, function: { arguments: '{"a"' } });
  });

  it("leaves a stream that is in OpenAI's form already as it is", () => {
    const stream = chunk("a") + chunk("", "length") + DONE;
    expect(run([stream], { translate: newChunkTranslator(about, 5) }).text).toBe(run([stream]).text);
  });
});

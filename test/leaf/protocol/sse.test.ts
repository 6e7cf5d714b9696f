import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DONE, formatComment, formatEvent, type SseEvent, SseParser } from "../../../protocol/sse.ts";

const encoder = new TextEncoder();

function parse(text: string | Uint8Array, cuts: readonly number[] = [], maxEventBytes = 1 << 20): SseEvent[] {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const parser = new SseParser({ maxEventBytes });
  const out: SseEvent[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    out.push(...parser.push(bytes.slice(from, cut)));
    from = Math.max(from, cut);
  }
  out.push(...parser.push(bytes.slice(from)), ...parser.flush());
  return out;
}

const data = (text: string | Uint8Array) => parse(text).map((item) => (item.type === "event" ? item.data : item.type));

describe("framing (stream-crlf-nospace-unterminated-done)", () => {
  const usage = '{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}';
  test.each([
    ["LF", `data: ${usage}\n\ndata: [DONE]\n\n`],
    ["CRLF", `data: ${usage}\r\n\r\ndata: [DONE]\r\n\r\n`],
    ["no space after the colon", `data:${usage}\n\ndata:[DONE]\n\n`],
    ["a bare CR", `data: ${usage}\r\rdata: [DONE]\r\r`],
    ["line ends of all kinds", `data: ${usage}\r\n\ndata: [DONE]\n\r`],
    ["no line end before the end of the stream", `data: ${usage}\n\ndata: [DONE]`],
    ["no blank line before the end of the stream", `data: ${usage}\n\ndata: [DONE]\n`],
    ["a byte order mark", `\ufeffdata: ${usage}\n\ndata: [DONE]\n\n`],
  ])("%s", (_, text) => {
    expect(data(text)).toEqual([usage, DONE]);
    for (let cut = 0; cut <= encoder.encode(text).length; cut++) expect(parse(text, [cut])).toEqual(parse(text));
  });
});

describe("the event stream of WHATWG HTML, section 9.2", () => {
  test.each([
    ["lines of data are joined by a line feed", "data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"]],
    ["data without a colon is an empty line", "data\n\ndata\ndata\n\ndata:\n\n", ["", "\n", ""]],
    ["one space is taken off, not two", "data:test\n\ndata: test\n\ndata:  test\n\n", ["test", "test", " test"]],
    ["unknown fields have no effect", "dataset: x\nid: 1\nretry: 5\ndat: y\nDATA: z\ndata: a\n\n", ["a"]],
    ["colons after the first belong to the value", "data: a: b:\n\n", ["a: b:"]],
    ["blank lines between events mean nothing", "\n\n\ndata: a\n\n\n\ndata: b\n\n", ["a", "b"]],
    ["a byte order mark later is text", "data: a\n\ndata:\ufeffb\n\n", ["a", "\ufeffb"]],
    ["a second byte order mark makes an unknown field", "\ufeff\ufeffdata: a\n\ndata: b\n\n", ["b"]],
  ])("%s", (_, text, expected) => {
    expect(data(text)).toEqual(expected);
  });

  test("an event has the last name given, and none once it was dispatched or dropped", () => {
    expect(parse("event: a\nevent: error\ndata: x\n\ndata: y\n\nevent: ping\n\ndata: z\n\n")).toEqual([
      { type: "event", event: "error", data: "x" },
      { type: "event", event: null, data: "y" },
      { type: "event", event: null, data: "z" },
    ]);
  });

  test("ill-formed UTF-8 becomes a replacement character and does not swallow the line end", () => {
    expect(data(new Uint8Array([0x64, 0x61, 0x74, 0x61, 0x3a, 0xe2, 0x82, 0x0a, 0x0a]))).toEqual(["\ufffd"]);
  });
});

describe("comments (stream-upstream-comment-lines)", () => {
  test("are told apart from data, whatever they say", () => {
    expect(parse(": PROCESSING\n\n: [DONE]\n\ndata: {}\n\n:\n\nevent: ping\ndata:\n\ndata: [DONE]\n\n")).toEqual([
      { type: "comment", text: "PROCESSING" },
      { type: "comment", text: "[DONE]" },
      { type: "event", event: null, data: "{}" },
      { type: "comment", text: "" },
      { type: "event", event: "ping", data: "" },
      { type: "event", event: null, data: DONE },
    ]);
  });
});

describe("the limit of an event", () => {
  const oversize = { type: "oversize", limitBytes: 100 };
  test("an event at the limit is read, one past it ends the stream", () => {
    expect(parse(`data:${"x".repeat(95)}\n\n`, [], 100)).toEqual([
      { type: "event", event: null, data: "x".repeat(95) },
    ]);
    expect(parse(`data:${"x".repeat(96)}\n\ndata: a\n\n`, [], 100)).toEqual([oversize]);
  });

  test("a line that never ends, and lines without a blank one, are stopped while they grow", () => {
    const parser = new SseParser({ maxEventBytes: 100 });
    let pushed = 0;
    let items: SseEvent[] = [];
    while (items.length === 0 && pushed < 1000) {
      items = parser.push(encoder.encode(":"));
      pushed++;
    }
    expect([items, pushed]).toEqual([[oversize], 101]);
    expect([parser.push(encoder.encode("data: a\n\n")), parser.flush()]).toEqual([[], []]);
    expect(parse("data: x\n".repeat(1000), [], 100)).toEqual([oversize]);
  });

  test("comments and events that are complete do not count", () => {
    expect(data(`${": keep-alive\n".repeat(1000)}data: a\n\n`)).toHaveLength(1001);
    expect(parse("data: 0123456789\n\n".repeat(1000), [], 100)).toHaveLength(1000);
  });
});

describe("writing", () => {
  test("an event reads back as it was written, and data cannot forge a second one", () => {
    for (const text of ["{}", DONE, "", "a\nb", "a\n\ndata: [DONE]", "a\r\rb", " x", "\ufeff"])
      expect(parse(formatEvent(text))).toEqual([{ type: "event", event: null, data: text.replace(/\r\n|\r/g, "\n") }]);
    expect(parse(formatEvent("{}", "error"))).toEqual([{ type: "event", event: "error", data: "{}" }]);
    expect(parse(formatEvent("{}", "error\ndata: x"))).toEqual([{ type: "event", event: "error", data: "{}" }]);
  });

  test("a comment stays a comment", () => {
    expect(parse(formatComment("a\ndata: x\n\ndata: y")).every((item) => item.type === "comment")).toBe(true);
  });

  test("each call gives bytes of its own, since a byte stream detaches what it is given", () => {
    expect(formatEvent(DONE).buffer).not.toBe(formatEvent(DONE).buffer);
  });
});

describe("properties", () => {
  const piece = fc.constantFrom(
    ..."data|data:|data: |event:|event: error|:|: c|\n|\r|\r\n|\n\n|{}|[DONE]|é😀|\ufeff|x|id: 1|:::".split("|"),
  );
  const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => encoder.encode(pieces.join("")));

  test("the result does not depend on how the bytes were cut", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200)), (bytes, at) => {
        const cuts = at.map((cut) => cut % (bytes.length + 1));
        const whole = parse(bytes);
        expect(parse(bytes, cuts)).toEqual(whole);
        expect(parse(bytes, [...bytes.keys()])).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test("it agrees with the specification's own algorithm, written down slowly", () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        expect(parse(bytes).filter((item) => item.type === "event")).toEqual(byTheBook(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

/** The specification's interpretation of an event stream, plus the last event that it would throw away. */
function byTheBook(bytes: Uint8Array): SseEvent[] {
  const out: SseEvent[] = [];
  let buffer: string[] = [];
  let name = "";
  for (const line of `${new TextDecoder().decode(bytes)}\n\n`.split(/\r\n|\r|\n/)) {
    if (line === "") {
      if (buffer.length > 0) out.push({ type: "event", event: name || null, data: buffer.join("\n") });
      buffer = [];
      name = "";
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "data") buffer.push(line.includes(":") ? value : "");
    if (field === "event") name = line.includes(":") ? value : "";
  }
  return out;
}

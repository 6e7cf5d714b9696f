// Field case guardfn-streamed-output, over real sockets: what policy keeps in an answer does not leave, however the
// upstream cuts its stream, and a stream ends as the same answer does that is not streamed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  ask,
  document,
  END,
  type Got,
  type Guarded,
  got,
  head,
  keyFor,
  piece,
  recordOf,
  sse,
  startGuarded,
  streams,
  USAGE,
  usageOf,
} from "./scripted.ts";

const MARKER = "SECRET-0123456789";
const MAIL = "jane.roe@corp-mail.example.org";
const RUN = `Authorization: Bearer ${"a8Kd0zQp3LmX7vRt1WyB".repeat(30)}`;

let guarded: Guarded;
beforeAll(async () => {
  guarded = await startGuarded({
    output: { canaries: [MARKER] },
    personal_data: { answer: "redact" },
  });
});
afterAll(() => guarded?.stop());

const call = (text: string, first: boolean) => ({
  tool_calls: [
    first
      ? { index: 0, id: "call_1", type: "function", function: { name: "send", arguments: text } }
      : { index: 0, function: { arguments: text } },
  ],
});
const TOOLS = { tools: [{ type: "function", function: { name: "send", parameters: { type: "object" } } }] };

async function streamed(parts: readonly string[], more: Record<string, unknown> = {}): Promise<Got> {
  guarded.scripted.answer = streams(...parts.map((part) => piece({ content: part })), piece({}, "stop"), END);
  return got(await ask(guarded, "hello", { stream: true, ...more }));
}

async function whole(content: string): Promise<Got> {
  guarded.scripted.answer = (response) => document(response, { content });
  return got(await ask(guarded, "hello"));
}

function cuts(text: string): string[][] {
  return [...text].map((_, at) => [text.slice(0, at), text.slice(at)].filter((part) => part !== ""));
}

/** No part of the value that would tell it: eight characters of it in a row. */
function expectNone(bytes: string, value: string): void {
  for (let at = 0; at + 8 <= value.length; at++) expect(bytes).not.toContain(value.slice(at, at + 8));
}

describe("guardfn-streamed-output", () => {
  describe("a marker that must never leave", () => {
    const text = `The code is ${MARKER}, keep it.`;

    it("in one chunk, and the answer is the one that is not streamed", async () => {
      const [stream, plain] = [await streamed([text]), await whole(text)];
      for (const { texts, finishes, status } of [stream, plain]) {
        expect(status).toBe(200);
        expect(finishes).toEqual(["content_filter"]);
        expect(texts).toEqual(["The code is "]);
      }
      expectNone(stream.bytes, MARKER);
      expectNone(plain.bytes, MARKER);
      expect(stream.done).toBe(true);
    });

    it("cut at each position", async () => {
      for (const parts of cuts(text)) {
        const { bytes, texts, finishes, done } = await streamed(parts);
        expectNone(bytes, MARKER);
        expect([texts[0], finishes[0], done], JSON.stringify(parts)).toEqual(["The code is ", "content_filter", true]);
      }
    });

    it("one character a chunk", async () => {
      const { bytes, texts, finishes } = await streamed([...text]);
      expectNone(bytes, MARKER);
      expect([texts[0], finishes[0]]).toEqual(["The code is ", "content_filter"]);
    });

    it.each([
      ["base64", `Data: ${Buffer.from(`code ${MARKER} end`).toString("base64")} done`],
      ["hex", `Data: ${Buffer.from(`code ${MARKER} end`).toString("hex")} done`],
      ["spaced", `Data: ${[...MARKER].join(" ")} done`],
      [
        "JSON escapes",
        `Data: ${[...MARKER].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")} done`,
      ],
    ])("as %s, one character a chunk and whole", async (_view, disguised) => {
      for (const answer of [await streamed([...disguised]), await streamed([disguised]), await whole(disguised)]) {
        expect(answer.finishes[0]).toBe("content_filter");
        expect(answer.texts[0]?.length).toBeLessThan(disguised.length / 2);
      }
    });
  });

  it("(d) a run of 600 characters after `Authorization: Bearer `: whatever its chunks", async () => {
    const text = `curl -H "${RUN}" https://api.example.org`;
    const expected = await whole(text);
    expect(expected.finishes).toEqual(["content_filter"]);
    for (const size of [1, 7, 64, 100, text.length]) {
      const parts = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      const { bytes, texts, finishes } = await streamed(parts);
      expectNone(bytes, RUN.slice("Authorization: Bearer ".length));
      expect([texts, finishes], String(size)).toEqual([expected.texts, expected.finishes]);
    }
  });

  describe("a mail address is masked", () => {
    const text = `Write to ${MAIL} today.`;
    const MASKED = "Write to [REDACTED:email] today.";

    it("whole, cut at each position, and one character a chunk", async () => {
      expect((await whole(text)).texts).toEqual([MASKED]);
      for (const parts of [...cuts(text), [...text]]) {
        const { bytes, texts, finishes } = await streamed(parts);
        expectNone(bytes, "jane.roe");
        expectNone(bytes, MAIL);
        expect([texts[0], finishes[0]], JSON.stringify(parts)).toEqual([MASKED, "stop"]);
      }
    });
  });

  describe("(e) inside a tool call's arguments", () => {
    const args = JSON.stringify({ to: "x", body: `code ${MARKER}` });
    const mail = JSON.stringify({ to: MAIL });

    it.each([1, 3, 200])("a marker ends the choice, in chunks of %i", async (size) => {
      const parts = args.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      guarded.scripted.answer = streams(
        ...parts.map((part, at) => piece(call(part, at === 0))),
        piece({}, "tool_calls"),
        END,
      );
      const { bytes, finishes, done } = await got(await ask(guarded, "hello", { stream: true, ...TOOLS }));
      expectNone(bytes, MARKER);
      expect([finishes[0], done]).toEqual(["content_filter", true]);
    });

    it("in its name, and in its id, as well", async () => {
      for (const named of [
        { id: "call_1", function: { name: `send_${MARKER}`, arguments: "{}" } },
        { id: `call_${MARKER}`, function: { name: "send", arguments: "{}" } },
      ]) {
        guarded.scripted.answer = streams(
          piece({ tool_calls: [{ index: 0, type: "function", ...named }] }),
          piece({}, "tool_calls"),
          END,
        );
        const { bytes, finishes } = await got(await ask(guarded, "hello", { stream: true, ...TOOLS }));
        expectNone(bytes, MARKER);
        expect(finishes[0]).toBe("content_filter");
      }
    });

    it("a mail address is masked there, streamed and not", async () => {
      guarded.scripted.answer = (response) =>
        document(response, {
          tool_calls: [{ id: "call_1", type: "function", function: { name: "send", arguments: mail } }],
        });
      const plain = await got(await ask(guarded, "hello", TOOLS));
      guarded.scripted.answer = streams(
        ...[...mail].map((part, at) => piece(call(part, at === 0))),
        piece({}, "tool_calls"),
        END,
      );
      const stream = await got(await ask(guarded, "hello", { stream: true, ...TOOLS }));
      expect(stream.args).toEqual(plain.args);
      expect(JSON.parse(plain.args[0] ?? "")).toEqual({ to: "[REDACTED:email]" });
      expectNone(stream.bytes + plain.bytes, MAIL);
    });
  });

  it("(e) in fields beside the text: reasoning, refusal, logprobs", async () => {
    for (const delta of [
      { reasoning_content: MARKER },
      { reasoning: MARKER },
      { refusal: MARKER },
      { other: [MARKER] },
    ]) {
      guarded.scripted.answer = streams(piece(delta), piece({}, "stop"), END);
      const { bytes, finishes } = await got(await ask(guarded, "hello", { stream: true }));
      expectNone(bytes, MARKER);
      expect(finishes[0], JSON.stringify(delta)).toBe("content_filter");
    }
    const logprobs = { content: [...MARKER].map((token) => ({ token, logprob: -1, bytes: [token.charCodeAt(0)] })) };
    guarded.scripted.answer = streams(
      sse({ id: "c1", created: 7, choices: [{ index: 0, delta: { content: MARKER }, logprobs, finish_reason: null }] }),
      piece({}, "stop"),
      END,
    );
    const { bytes } = await got(await ask(guarded, "hello", { stream: true, logprobs: true }));
    expect(bytes).not.toContain('"token"');
  });

  describe("log probabilities beside a harmless text", () => {
    const bytes = [...MARKER].map((char) => char.charCodeAt(0));
    const plain = { token: "fine. ", logprob: -1, bytes: null, top_logprobs: [] };
    const alternatives = [...MARKER].map((token) => ({ token, logprob: -2, bytes: [token.charCodeAt(0)] }));

    it.each<[string, unknown]>([
      ["another text", { content: [{ ...plain, token: MARKER }] }],
      ["other bytes", { content: [{ ...plain, bytes }] }],
      ["an alternative", { content: [{ ...plain, top_logprobs: [{ token: MARKER, logprob: -2, bytes }] }] }],
      [
        "an alternative a token",
        {
          content: [..."fine. "].map((token, at) => ({
            ...plain,
            token,
            top_logprobs: alternatives
              .slice(at * 3, at * 3 + 3)
              .map((one) => ({ ...one, token: MARKER.slice(at * 3, at * 3 + 3) })),
          })),
        },
      ],
      ["a name of its own", { content: [{ ...plain, text: MARKER }] }],
      ["the refusal's", { content: [plain], refusal: [{ ...plain, token: MARKER }] }],
      ["the older form", { tokens: [MARKER], text_offset: [0], top_logprobs: [{ [MARKER]: -1 }] }],
    ])("%s does not leave, streamed or not", async (_what, logprobs) => {
      guarded.scripted.answer = (response, asked) => {
        const message = { index: 0, finish_reason: null, logprobs };
        if ((JSON.parse(asked.raw.toString()) as { stream?: boolean }).stream === true)
          return streams(
            sse({ id: "c1", created: 7, choices: [{ ...message, delta: { content: "fine. " } }] }),
            piece({}, "stop"),
            END,
          )(response, asked);
        const choice = { ...message, message: { role: "assistant", content: "fine. " }, finish_reason: "stop" };
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ id: "c1", created: 7, choices: [choice], usage: USAGE }));
      };
      for (const stream of [true, false]) {
        const answer = await got(await ask(guarded, "hello", { stream, logprobs: true, top_logprobs: 3 }));
        expect([answer.texts[0], answer.finishes[0]]).toEqual(["fine. ", "stop"]);
        expectNone(answer.bytes, MARKER);
        expect(answer.bytes).not.toContain(bytes.slice(0, 8).join(","));
      }
    });
  });

  it("what other engines add to OpenAI's answers leaves as it came where it is clean, and not where it is not", async () => {
    const beside = {
      system_fingerprint: "fp_44709d6fcb",
      citations: ["https://docs.example.com/a"],
      x_groq: { id: "req_01j9" },
      provider_specific_fields: { region: "eu-west", note: `of ${MAIL}` },
      hidden: { note: MARKER },
    };
    const within = { stop_reason: "###", hidden_reason: MARKER };
    const said = { content: "Fine. ", reasoning_content: "Short. ", provider_specific_fields: { thought: "none" } };
    guarded.scripted.answer = (response, asked) => {
      const head = { id: "c1", created: 7, ...beside };
      if ((JSON.parse(asked.raw.toString()) as { stream?: boolean }).stream === true)
        return streams(
          sse({ ...head, choices: [{ index: 0, delta: said, finish_reason: null }] }),
          sse({ ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop", ...within }] }),
          END,
        )(response, asked);
      const choice = { index: 0, message: { role: "assistant", ...said }, finish_reason: "stop", ...within };
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ ...head, choices: [choice], usage: USAGE }));
    };
    for (const stream of [true, false]) {
      const response = await ask(guarded, "hello", { stream });
      const { bytes, finishes, requestId } = await got(response);
      expect(finishes[0]).toBe("stop");
      expectNone(bytes, MARKER);
      expect(bytes).not.toContain("jane.roe");
      for (const kept of [
        '"system_fingerprint":"fp_44709d6fcb"',
        '"citations":["https://docs.example.com/a"]',
        '"x_groq":{"id":"req_01j9"}',
        '"region":"eu-west"',
        '"note":"of [REDACTED:email]"',
        '"stop_reason":"###"',
        '"reasoning_content":"Short. "',
        '"thought":"none"',
      ])
        expect(bytes, kept).toContain(kept);
      const record = JSON.stringify((await recordOf(guarded, requestId)).outcome);
      expect(record).toContain('"where":"hidden.note"');
      expect(record).toContain('"where":"choices[0].hidden_reason"');
    }
  });

  describe("in a form that no client asked for", () => {
    const chunkOf = (choice: unknown, more: Record<string, unknown> = {}) =>
      sse({ id: "c1", object: "chat.completion.chunk", created: 7, choices: [choice], ...more });

    it.each<[string, string]>([
      [
        "with the finish, in one chunk",
        chunkOf({ index: 0, delta: { content: `x ${MARKER}` }, finish_reason: "stop" }),
      ],
      [
        "as a message",
        chunkOf({ index: 0, message: { content: MARKER }, delta: { content: "a" }, finish_reason: null }),
      ],
      ["as a completion's text", chunkOf({ index: 0, text: MARKER, finish_reason: null })],
      ["as parts", chunkOf({ index: 0, delta: { content: [{ type: "text", text: MARKER }] }, finish_reason: null })],
      ["as a number's name", chunkOf({ index: 0, delta: { [MARKER]: "x" }, finish_reason: null })],
      [
        "as a legacy call",
        chunkOf({ index: 0, delta: { function_call: { name: "f", arguments: MARKER } }, finish_reason: null }),
      ],
      [
        "as a custom tool's input",
        chunkOf({
          index: 0,
          delta: { tool_calls: [{ index: 0, id: "c", type: "custom", custom: { name: "f", input: MARKER } }] },
          finish_reason: null,
        }),
      ],
      [
        "as an audio's transcript",
        chunkOf({ index: 0, delta: { audio: { id: "a", transcript: MARKER } }, finish_reason: null }),
      ],
      [
        "as an annotation",
        chunkOf({ index: 0, delta: { content: "a", annotations: [{ url: MARKER }] }, finish_reason: null }),
      ],
      ["in a choice that nobody asked for", chunkOf({ index: 3, delta: { content: MARKER }, finish_reason: null })],
      ["in a choice whose index is a text", chunkOf({ index: "0", delta: { content: MARKER }, finish_reason: null })],
      ["in a choice without an index", chunkOf({ delta: { content: MARKER }, finish_reason: null })],
      ["as the role", chunkOf({ index: 0, delta: { role: MARKER, content: "a" }, finish_reason: null })],
      ["as a structure for a role", chunkOf({ index: 0, delta: { role: [MARKER] }, finish_reason: null })],
      ["as the finish reason", chunkOf({ index: 0, delta: {}, finish_reason: MARKER })],
      [
        "beside the choices",
        chunkOf({ index: 0, delta: { content: "a" }, finish_reason: null }, { note: MARKER, deep: { a: [MARKER] } }),
      ],
      ["as the model", chunkOf({ index: 0, delta: { content: "a" }, finish_reason: null }, { model: MARKER })],
      ["as a chunk without choices", sse({ id: "c1", note: MARKER })],
      ["as a chunk with none", sse({ id: "c1", choices: [], note: MARKER })],
      [
        "as the usage",
        sse({
          id: "c1",
          choices: [],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, note: MARKER },
        }),
      ],
      ["as an error", sse({ error: { message: MARKER, code: 500 } })],
      ["as a comment", `: ${MARKER}\n\n`],
      ["as the name of an event", `event: ${MARKER}\ndata: {"choices":[]}\n\n`],
      ["as the id of an event", `id: ${MARKER}\ndata: {"choices":[]}\n\n`],
    ])("%s, the marker does not leave a stream", async (_form, event) => {
      guarded.scripted.answer = streams(piece({ content: "Begin. " }), event, piece({}, "stop"), END);
      const response = await ask(guarded, "hello", { stream: true, stream_options: { include_usage: true }, ...TOOLS });
      expectNone(await response.text(), MARKER);
    });

    it.each<[string, Record<string, unknown>]>([
      ["beside the choices", { note: MARKER }],
      ["in the usage", { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, note: MARKER } }],
      ["as a completion's text", { choices: [{ index: 0, text: MARKER, finish_reason: "stop" }] }],
      ["as a delta", { choices: [{ index: 0, delta: { content: MARKER }, finish_reason: "stop" }] }],
      [
        "as parts",
        { choices: [{ index: 0, message: { content: [{ type: "text", text: MARKER }] }, finish_reason: "stop" }] },
      ],
      [
        "as reasoning",
        { choices: [{ index: 0, message: { content: "a", reasoning_content: MARKER }, finish_reason: "stop" }] },
      ],
      [
        "as an annotation",
        { choices: [{ index: 0, message: { content: "a", annotations: [{ url: MARKER }] }, finish_reason: "stop" }] },
      ],
      ["as the role", { choices: [{ index: 0, message: { role: MARKER, content: "a" }, finish_reason: "stop" }] }],
      ["as the finish reason", { choices: [{ index: 0, message: { content: "a" }, finish_reason: MARKER }] }],
      [
        "in a choice's own field",
        { choices: [{ index: 0, message: { content: "a" }, finish_reason: "stop", note: MARKER }] },
      ],
      ["in a choice that is no object", { choices: [MARKER] }],
      ["in a list of the choice", { choices: [[MARKER]] }],
    ])("%s, the marker does not leave a whole answer", async (_form, more) => {
      const value = {
        id: "c1",
        object: "chat.completion",
        created: 7,
        model: "m",
        choices: [{ index: 0, message: { role: "assistant", content: "a" }, finish_reason: "stop" }],
        ...more,
      };
      guarded.scripted.answer = (response) =>
        void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
      expectNone(await (await ask(guarded, "hello")).text(), MARKER);
    });
  });

  describe("how long text is held that no rule needs", () => {
    // No clock is read: the upstream says nothing more until the client has what is due, so that text which is held for
    // longer than it may would be waited for in vain.

    /** Sends each text once the client has so many characters of the answer; never before. */
    async function answeredInTurn(texts: readonly string[], needed: (sent: number) => number): Promise<string> {
      let had = 0;
      let wake = (): void => undefined;
      guarded.scripted.answer = async (response) => {
        head(response);
        let sent = 0;
        for (const text of texts) {
          while (had < needed(sent) && !response.destroyed) await new Promise<void>((resolve) => (wake = resolve));
          response.write(piece({ content: text }));
          sent += text.length;
        }
        while (had < needed(sent) && !response.destroyed) await new Promise<void>((resolve) => (wake = resolve));
        response.write(piece({}, "stop"));
        response.end(END);
      };
      const response = await ask(guarded, "hello", { stream: true });
      let bytes = "";
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        bytes += Buffer.from(part).toString();
        had = bytes
          .split("\n\n")
          .filter((event) => event.startsWith("data: {"))
          .flatMap((event) => (JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] }).choices)
          .reduce((sum, { delta }) => sum + (delta.content ?? "").length, 0);
        wake();
      }
      return bytes;
    }

    const PROSE =
      "The quay opens at nine, and whoever comes earlier waits at the gate; dogs are welcome on a lead. Boats with less " +
      "than two metres of draught moor at the northern side, all others ask the harbour master first, who is seldom in " +
      "before ten. Water and power cost 4 euros a night, which is paid in advance. ";

    it("a sentence arrives while the upstream says nothing more", { timeout: 20_000 }, async () => {
      expect(await answeredInTurn(["It is closed today. "], (sent) => sent)).toContain("closed today. ");
    });

    it("of prose that comes a character at a time, never more than 64 are missing", { timeout: 20_000 }, async () => {
      await answeredInTurn([...PROSE], (sent) => sent - 64);
    });

    it("what comes behind a long partial match arrives though nothing follows it", { timeout: 20_000 }, async () => {
      // it waits for company, to spare work; only time lets it go
      const open = `-----BEGIN ${"PRIVATE"} KEY-----\n${"ab".repeat(400)}`;
      const texts = [open, "!!! there is no key in it. "];
      const bytes = await answeredInTurn(texts, (sent) => (sent > open.length ? sent : 0));
      expect(bytes).toContain("there is no key in it. ");
    });
  });

  describe("(f) two choices", () => {
    const clean = "All of this is quite harmless text.";

    it("one is cut, the other flows to its end", async () => {
      const events = [...`The code is ${MARKER} yes`].map((char, at) => [
        piece({ content: clean[at] ?? "" }, null, 0),
        piece({ content: char }, null, 1),
      ]);
      guarded.scripted.answer = streams(
        ...events.flat(),
        piece({ content: clean.slice(events.length) }, null, 0),
        piece({}, "stop", 0),
        piece({}, "stop", 1),
        END,
      );
      const { bytes, texts, finishes, done } = await got(await ask(guarded, "hello", { stream: true, n: 2 }));
      expectNone(bytes, MARKER);
      expect(texts).toEqual([clean, "The code is "]);
      expect(finishes).toEqual(["stop", "content_filter"]);
      expect(done).toBe(true);
    });

    it("a value that is cut over both choices is in neither", async () => {
      guarded.scripted.answer = streams(
        piece({ content: MARKER.slice(0, 9) }, null, 0),
        piece({ content: MARKER.slice(9) }, null, 1),
        piece({}, "stop", 0),
        piece({}, "stop", 1),
        END,
      );
      const { texts, finishes } = await got(await ask(guarded, "hello", { stream: true, n: 2 }));
      expect(texts).toEqual([MARKER.slice(0, 9), MARKER.slice(9)]);
      expect(finishes).toEqual(["stop", "stop"]);
    });
  });

  describe("what is recorded and charged of a cut answer", () => {
    it("not streamed: cut_by_guard, with the verdict's place, and the tokens that the backend counted", async () => {
      const { id, key } = await keyFor(guarded.target, { limits: { tokens_per_day: 1_000_000 } });
      guarded.scripted.answer = (response) => document(response, { content: `The code is ${MARKER}` });
      const answer = await got(await ask(guarded, "hello", {}, key));
      const record = await recordOf(guarded, answer.requestId);
      expect(record.outcome).toMatchObject({
        outcome: "cut_by_guard",
        status: 200,
        prompt_tokens: 7,
        completion_tokens: 9,
        usage_reported: true,
        verdicts: [{ action: "block", where: "choices[0].message.content", at: [12, 29], score: 1 }],
      });
      expectNone(JSON.stringify(record), MARKER);
      expect((await usageOf(guarded, id)).used.tokens_per_day?.used).toBe(16);
    });

    it("streamed: the same verdict, and what had been generated is charged though no usage came", async () => {
      const { id, key } = await keyFor(guarded.target, { limits: { tokens_per_day: 1_000_000 } });
      guarded.scripted.answer = async (response) => {
        head(response);
        response.write(piece({ content: `The code is ${MARKER} and more` }));
      };
      const answer = await got(await ask(guarded, "hello", { stream: true }, key));
      expect(answer.finishes).toEqual(["content_filter"]);
      const record = await recordOf(guarded, answer.requestId);
      expect(record.outcome).toMatchObject({
        outcome: "cut_by_guard",
        usage_reported: false,
        verdicts: [{ action: "block", where: "choices[0].message.content", at: [12, 29], score: 1 }],
      });
      const { used, open_reservations } = await usageOf(guarded, id);
      expect(open_reservations).toBe(0);
      const { completion_tokens, prompt_tokens } = record.outcome as Record<string, number>;
      expect(completion_tokens).toBeGreaterThan(0);
      expect(used.tokens_per_day?.used).toBe((completion_tokens ?? 0) + (prompt_tokens ?? 0));
    });
  });

  describe("once every choice is cut", () => {
    it("the upstream's connection is closed, `[DONE]` comes, and usage to who asked for it", async () => {
      const { promise: left, resolve } = Promise.withResolvers<void>();
      const goesOn: Answer = (response) => {
        response.on("close", resolve);
        head(response);
        // never ends by itself
        response.write(piece({ content: `x ${MARKER} y` }));
      };
      guarded.scripted.answer = goesOn;
      const answer = await got(await ask(guarded, "hello", { stream: true, stream_options: { include_usage: true } }));
      await left;
      expect(answer.done).toBe(true);
      expect(answer.usage).toMatchObject({ prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) });
      expect(answer.bytes.match(/"finish_reason":"content_filter"/g)?.length).toBe(1);
    });
  });
});

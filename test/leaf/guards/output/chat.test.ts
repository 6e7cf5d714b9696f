// The guard on chat completions, streamed and whole: what an SDK puts together is the same in both.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChatStreamGuard, guardCompletion, type OutputRules } from "../../../../guards/output/index.ts";
import { type Chunk, chunk, content, finish, run, toolDelta } from "./chat-support.ts";
import { base64, CANARY, cuts, LEAKED, modes, pieces, rules } from "./support.ts";

const SECRET = "SECRET-0123456789";
const EMAIL = "joan.doe@mail.example";
const RULES = rules();
const REDACT = rules({ modes: modes("redact") });

/** The same answer as a stream in these pieces, and as a document. */
function both(text: string, lengths: readonly number[], compiled: OutputRules) {
  const stream = run(compiled, 1, [
    chunk(0, { role: "assistant", content: "" }),
    ...pieces(text, lengths).map((piece) => content(piece)),
    finish(0, "stop"),
  ]);
  const document = guardCompletion(
    {
      id: "c",
      choices: [{ index: 0, message: { role: "assistant", content: text }, logprobs: null, finish_reason: "stop" }],
    },
    compiled,
  );
  return { stream, document };
}

function messageOf(document: Readonly<Record<string, unknown>>, at = 0): Record<string, unknown> {
  const [choice] = (document.choices as { message: Record<string, unknown> }[]).slice(at);
  return choice?.message ?? {};
}

function reasonOf(document: Readonly<Record<string, unknown>>): unknown {
  return (document.choices as { finish_reason: unknown }[])[0]?.finish_reason;
}

describe("an output rule for mail addresses and a marker (guardfn-streamed-output)", () => {
  for (const [value, before] of [
    [SECRET, "The marker is "],
    [EMAIL, "Write to "],
  ] as const) {
    it(`(a) ${value} in one chunk, (b) cut at each position, (c) one character a chunk`, () => {
      const text = `${before}${value} now`;
      const cutUps = [[text.length], [1], ...Array.from(text, (_, at) => [at + 1, text.length])];
      for (const lengths of cutUps) {
        const { stream, document } = both(text, lengths, RULES);
        expect(stream.choices.get(0)).toMatchObject({ content: before, finish: "content_filter" });
        expect(stream.guard.allCut).toBe(true);
        expect(messageOf(document.document).content).toBe(before);
        expect(reasonOf(document.document)).toBe("content_filter");
        expect(document.findings).toEqual(stream.guard.findings);
      }
    });

    it(`${value} is masked where policy says so, and the text goes on`, () => {
      const text = `${before}${value} now`;
      for (const lengths of [[text.length], [1], [3], [before.length + 4, 100]]) {
        const { stream, document } = both(text, lengths, REDACT);
        expect(stream.choices.get(0)?.content).toMatch(/^[A-Z][a-z ]+\[REDACTED:(?:marker|email)\] now$/);
        expect(stream.choices.get(0)?.finish).toBe("stop");
        expect(messageOf(document.document).content).toBe(stream.choices.get(0)?.content);
        expect(document.findings).toEqual(stream.guard.findings);
      }
    });
  }

  it("(d) a run of 600 characters behind `Authorization: Bearer ` does not outrun the guard", () => {
    const text = `Authorization: Bearer ${"0123456789abcdef".repeat(38).slice(0, 600)} end`;
    for (const compiled of [RULES, REDACT])
      for (const lengths of [[text.length], [1], [64], [300, 7]]) {
        const { stream, document } = both(text, lengths, compiled);
        expect(stream.choices.get(0)?.content).not.toMatch(/[0-9]/);
        expect(messageOf(document.document).content).toBe(stream.choices.get(0)?.content);
      }
  });

  it("(e) inside a tool call's arguments, escaped or not", () => {
    for (const written of [SECRET, "SECRET\\u002d0123456789", "\\u0053ECRET-0123456789", base64(SECRET)]) {
      const args = `{"to":"x","body":"${written}"}`;
      for (const length of [1, 3, args.length]) {
        const got = run(RULES, 1, [
          chunk(0, {
            role: "assistant",
            content: null,
            tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "send", arguments: "" } }],
          }),
          ...pieces(args, [length]).map((piece) => toolDelta(0, piece)),
          finish(0, "tool_calls"),
        ]);
        const choice = got.choices.get(0);
        expect(choice?.tools[0]).toEqual({
          id: "call_1",
          type: "function",
          name: "send",
          arguments: '{"to":"x","body":"',
        });
        expect(choice?.finish).toBe("content_filter");
        expect(got.guard.findings[0]?.where).toBe("choices[0].message.tool_calls[0].function.arguments");
        const whole = guardCompletion(
          {
            choices: [
              {
                index: 0,
                message: {
                  role: "assistant",
                  content: null,
                  tool_calls: [{ id: "call_1", type: "function", function: { name: "send", arguments: args } }],
                },
                finish_reason: "tool_calls",
              },
            ],
          },
          RULES,
        );
        expect(whole.findings).toEqual(got.guard.findings);
        expect(messageOf(whole.document).tool_calls).toEqual([
          { id: "call_1", type: "function", function: { name: "send", arguments: '{"to":"x","body":"' } },
        ]);
      }
    }
  });

  it("(f) over two choices: each is cut by itself, the other flows", () => {
    const chunks: Chunk[] = [];
    for (const char of `x ${SECRET} y`) chunks.push(content(char, 0), content(char.toLowerCase(), 1));
    const got = run(RULES, 2, [...chunks, finish(0, "stop"), finish(1, "stop")]);
    expect(got.choices.get(0)).toMatchObject({ content: "x ", finish: "content_filter" });
    expect(got.choices.get(1)).toMatchObject({ content: `x ${SECRET.toLowerCase()} y`, finish: "stop" });
    expect(got.guard.allCut).toBe(false);
    expect(got.guard.anyCut).toBe(true);
  });

  it("(f) with its halves in two choices, it is whole in neither", () => {
    const got = run(RULES, 2, [
      content("SECRET-01234", 0),
      content("56789 is it", 1),
      finish(0, "stop"),
      finish(1, "stop"),
    ]);
    expect(got.choices.get(0)).toMatchObject({ content: "SECRET-01234", finish: "stop" });
    expect(got.choices.get(1)).toMatchObject({ content: "56789 is it", finish: "stop" });
  });
});

describe("chunks", () => {
  it("that need no change are the very chunks that came", () => {
    const chunks = [
      chunk(0, { role: "assistant", content: "" }),
      content("All boats. "),
      chunk(0, {
        tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "go", arguments: "{} " } }],
      }),
      { ...finish(0, "tool_calls"), usage: null },
      { id: "c", choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } },
    ];
    const guard = new ChatStreamGuard(RULES, 1);
    for (const given of chunks) {
      const [only, ...rest] = guard.push(given, 0);
      expect(rest).toEqual([]);
      expect(only).toBe(given);
    }
  });

  it("with everything off or only reported are the very chunks that came, whatever they hold", () => {
    for (const mode of ["off", "report"] as const) {
      const guard = new ChatStreamGuard(rules({ modes: modes(mode) }), 1);
      for (const text of ["SEC", "RET-0123456789 ", "![x](https://evil.example/?d=1)", LEAKED]) {
        const given = {
          ...content(text),
          extra: [1],
          choices: [{ index: 0, delta: { content: text }, token_ids: [1, 2] }],
        };
        const out = guard.push(given, 0);
        expect(out).toHaveLength(1);
        expect(out[0]).toBe(given);
      }
      expect(guard.end()).toEqual([]);
      expect(guard.findings.length > 0).toBe(mode === "report");
    }
  });

  it("carry what was held into a later one, and the rest before the finish", () => {
    const guard = new ChatStreamGuard(RULES, 1);
    expect(guard.push(content("See SECRET-02"), 0)).toEqual([content("See ")]);
    expect(guard.push(content("!"), 0)).toEqual([content("SECRET-02!")]);
    expect(guard.push(content("SEC"), 0)).toEqual([]);
    expect(guard.push(finish(0, "length"), 0)).toEqual([content("SEC"), finish(0, "length")]);
  });

  it("of a stream that ends without a finish give what they held", () => {
    const guard = new ChatStreamGuard(RULES, 1);
    guard.push(content("SECRET-01"), 0);
    expect(guard.end()).toEqual([content("SECRET-01")]);
    expect(guard.end()).toEqual([]);
  });

  it("that come after a cut or a finish are dropped", () => {
    const guard = new ChatStreamGuard(RULES, 2);
    guard.push(content(`${SECRET}!`), 0);
    expect(guard.push(content("more"), 0)).toEqual([]);
    expect(guard.push(finish(0, "stop"), 0)).toEqual([]);
    guard.push(finish(1, "stop"), 0);
    expect(guard.push(content("more", 1), 0)).toEqual([]);
  });

  it("lose what repeats their text under another name", () => {
    const guard = new ChatStreamGuard(RULES, 1);
    const given = { ...content("SECRET-0123456789!"), prompt_logprobs: [LEAKED] };
    const [choice] = given.choices;
    const out = guard.push({ ...given, choices: [{ ...choice, message: { content: SECRET }, token_ids: [1] }] }, 0);
    expect(JSON.stringify(out)).not.toMatch(/SECRET|token_ids|tide/);
  });

  it("are guarded in every text: reasoning, refusal, names, ids and fields that no one knows", () => {
    for (const delta of [
      { reasoning_content: `${SECRET}!` },
      { reasoning: `${SECRET}!` },
      { refusal: `${SECRET}!` },
      { something_new: `${SECRET}!` },
      { content: [{ type: "text", text: `${SECRET}!` }] },
      { audio: { id: "a", transcript: `${SECRET}!` } },
      { annotations: [{ url_citation: { title: `${SECRET}!` } }] },
      { function_call: { name: "f", arguments: `${SECRET}!` } },
      { tool_calls: [{ index: 0, id: SECRET, type: "function", function: { name: "f", arguments: "" } }] },
      { tool_calls: [{ index: 0, id: "a", type: "function", function: { name: SECRET, arguments: "" } }] },
      { tool_calls: [{ index: 0, id: "a", type: "custom", custom: { name: "f", input: `${SECRET}!` } }] },
    ]) {
      const got = run(RULES, 1, [chunk(0, delta), finish(0, "stop")]);
      expect(JSON.stringify(got.chunks)).not.toContain("0123");
      expect(got.choices.get(0)?.finish).toBe("content_filter");
      const halves = run(RULES, 1, [chunk(0, halved(delta, 0)), chunk(0, halved(delta, 1)), finish(0, "stop")]);
      expect(JSON.stringify(halves.chunks)).not.toContain("0123");
      // an id or a name comes once: its second half is not taken
      const once = /"(?:id|name)":"SECRET/.test(JSON.stringify(delta));
      expect(halves.choices.get(0)?.finish).toBe(once ? "stop" : "content_filter");
      const message = { role: "assistant", content: null, ...delta };
      const whole = guardCompletion({ choices: [{ index: 0, message, finish_reason: "stop" }] }, RULES);
      expect(JSON.stringify(whole.document)).not.toContain("0123");
      expect(whole.cut).toBe(true);
    }
  });

  it("open a tool call with its id and its whole name", () => {
    const head = { index: 0, id: "call_1", type: "function" };
    const got = run(RULES, 1, [
      chunk(0, { tool_calls: [{ ...head, function: { name: "send" } }] }),
      chunk(0, { tool_calls: [{ index: 0, function: { name: "_mail" } }] }),
      toolDelta(0, '{"a'),
      toolDelta(0, '":1}'),
      chunk(0, { tool_calls: [{ index: 1, id: "call_2", type: "function", function: { name: "look" } }] }),
      finish(0, "tool_calls"),
    ]);
    expect(got.choices.get(0)?.tools).toEqual([
      { id: "call_1", type: "function", name: "send_mail", arguments: '{"a":1}' },
      { id: "call_2", type: "function", name: "look", arguments: "" },
    ]);
    const first = got.chunks.flatMap(({ choices }) => choices).find(({ delta }) => delta.tool_calls !== undefined);
    expect(first?.delta.tool_calls).toEqual([
      { ...head, function: { name: "send_mail", arguments: expect.any(String) } },
    ]);
  });

  it("cut in one text end the others of their choice too, with what these may say", () => {
    const got = run(RULES, 1, [
      content("Sending SEC"),
      toolDelta(0, `{"a":"${SECRET}"}`),
      content("more"),
      finish(0, "stop"),
    ]);
    expect(got.choices.get(0)).toMatchObject({ content: "Sending SEC", finish: "content_filter" });
    expect(JSON.stringify(got.chunks)).not.toContain("0123");
  });

  it("whose text would be cut at its end are cut when the next text begins", () => {
    const got = run(RULES, 1, [content(`Sending to ${EMAIL}`), toolDelta(0, '{"a":1}'), finish(0, "tool_calls")]);
    expect(got.choices.get(0)).toMatchObject({ content: "Sending to ", finish: "content_filter", tools: [] });
  });

  it("wait for a timer only where work is spared, and the timer's chunks are complete", () => {
    const long = {
      find: () => [],
      openFrom: (text: string, from = 0) => Math.max(from, text.length - 1600),
      maxHeld: 3200,
      maxContext: 10,
    };
    const guard = new ChatStreamGuard(
      rules({ modes: modes("off", { secret: "block" }), data: [{ detector: long, categories: ["secret"] }] }),
      1,
    );
    guard.push(content("ab".repeat(1000)), 0);
    expect(guard.push(content("! "), 10)).toEqual([]);
    expect(guard.dueMs).toBe(260);
    expect(guard.tick(259)).toEqual([]);
    expect(guard.tick(260)).toEqual([content("ab")]);
  });
});

describe("log probabilities", () => {
  const probs = (...tokens: string[]) => ({
    content: tokens.map((token) => ({
      token,
      logprob: -1,
      bytes: null,
      top_logprobs: [{ token: "alt", logprob: -2, bytes: null }],
    })),
    refusal: null,
  });

  it("leave with their text, and with a cut those of the cut text do not", () => {
    const got = run(RULES, 1, [
      content("It is ", 0, probs("It", " is", " ")),
      content("SECRET-", 0, probs("SECRET", "-")),
      content("0123456789", 0, probs("0123456789")),
      content(" ok", 0, probs(" ok")),
      finish(0, "stop"),
    ]);
    expect(got.choices.get(0)?.tokens).toEqual(["It", " is", " "]);
  });

  it("of text that was held come when it does", () => {
    const got = run(RULES, 1, [content("SEC", 0, probs("SEC")), content("! ", 0, probs("! ")), finish(0, "stop")]);
    expect(got.choices.get(0)).toMatchObject({ content: "SEC! ", tokens: ["SEC", "! "] });
  });

  it("that spell something else than their text do not leave", () => {
    const got = run(RULES, 1, [content("fine. ", 0, probs(SECRET)), finish(0, "stop")]);
    expect(got.choices.get(0)).toMatchObject({ content: "fine. ", tokens: [] });
  });

  it("of redacted text are dropped, others kept", () => {
    const got = run(REDACT, 1, [
      content("a ", 0, probs("a ")),
      content(`${SECRET} `, 0, probs(SECRET, " ")),
      content("b. ", 0, probs("b. ")),
      finish(0, "stop"),
    ]);
    expect(got.choices.get(0)?.tokens).toEqual(["a ", "b. "]);
  });

  it("of a whole answer leave if it is whole", () => {
    const answer = (text: string) => ({
      choices: [
        { index: 0, message: { role: "assistant", content: text }, logprobs: probs(text), finish_reason: "stop" },
      ],
    });
    const fine = answer("It is fine. ");
    expect(guardCompletion(fine, RULES).document).toBe(fine);
    expect(JSON.stringify(guardCompletion(answer(`It is ${SECRET}`), RULES).document)).not.toContain("SECRET");
    expect(JSON.stringify(guardCompletion(answer(`It is ${SECRET}`), REDACT).document)).not.toContain("SECRET");
  });
});

const texts = fc
  .array(
    fc.constantFrom(
      "It is ",
      SECRET,
      EMAIL,
      CANARY,
      base64(SECRET),
      "SEC",
      " ",
      "![x](https://evil.example/?d=1)",
      "ok. ",
      "\ud83d\ude00",
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

describe("a stream and a whole answer", () => {
  it("are the same text, the same end and the same findings, with several texts and choices at once", () => {
    const choice = fc.record({ reasoning: texts, content: texts, args: texts, lengths: cuts });
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1, maxLength: 3 }), fc.boolean(), (choices, redact) => {
        const compiled = redact ? REDACT : RULES;
        const queues = choices.map(({ reasoning, content: said, args, lengths }, index) => [
          ...pieces(reasoning, lengths).map((piece) => chunk(index, { reasoning_content: piece })),
          ...pieces(said, lengths).map((piece) => content(piece, index)),
          ...(args === ""
            ? []
            : [
                chunk(index, {
                  tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "" } }],
                }),
              ]),
          ...pieces(args, lengths).map((piece) => toolDelta(0, piece, index)),
          finish(index, "stop"),
        ]);
        const interleaved: Chunk[] = [];
        for (let turn = 0; queues.some((queue) => queue.length > turn); turn++)
          for (const queue of queues) interleaved.push(...queue.slice(turn, turn + 1));
        const stream = run(compiled, choices.length, interleaved);
        const whole = guardCompletion(
          {
            choices: choices.map(({ reasoning, content: said, args }, index) => ({
              index,
              message: {
                role: "assistant",
                content: said,
                reasoning_content: reasoning,
                ...(args === ""
                  ? {}
                  : { tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: args } }] }),
              },
              finish_reason: "stop",
            })),
          },
          compiled,
        );
        expect(whole.findings).toEqual(stream.guard.findings);
        for (const [index] of choices.entries()) {
          const message = messageOf(whole.document, index);
          const said = stream.choices.get(index);
          expect(message.content ?? "").toBe(said?.content);
          expect(message.reasoning_content ?? "").toBe(said?.reasoning);
          const [tool] = (message.tool_calls ?? []) as { function: { arguments: string } }[];
          expect(tool?.function.arguments ?? "").toBe(said?.tools[0]?.arguments ?? "");
        }
      }),
      { numRuns: 60 },
    );
  });

  it("an answer that is no completion passes as it is", () => {
    for (const document of [{}, { choices: "none" }, { choices: [] }])
      expect(guardCompletion(document, RULES).document).toBe(document);
  });
});

/** The delta with each of its texts that holds the secret cut into two, and of two ids the first. */
function halved(value: unknown, half: 0 | 1): Record<string, unknown> {
  const walk = (node: unknown): unknown => {
    if (typeof node === "string")
      return node.includes(SECRET)
        ? half === 0
          ? node.slice(0, 9)
          : node.slice(9)
        : half === 0 || node.length < 2
          ? node
          : "";
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, key === "type" ? inner : walk(inner)]));
  };
  return walk(value) as Record<string, unknown>;
}

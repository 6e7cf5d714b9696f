// What an answer says beside its texts: strings that are clean leave, whole and streamed, and nothing that a rule keeps does,
// under whatever name and in whatever pieces it comes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChatStreamGuard, guardCompletion, type OutputRules } from "../../../../guards/output/index.ts";
import { type Chunk, chunk, content, finish } from "./chat-support.ts";
import { base64, LEAKED, modes, rules } from "./support.ts";

const SECRET = "SECRET-0123456789";
const EMAIL = "joan.doe@mail.example";
const RULES = rules();

type Fields = Readonly<Record<string, unknown>>;

const choiceOf = (more: Fields = {}) => ({ index: 0, message: { role: "assistant", content: "Hi. " }, ...more });
const answer = (more: Fields = {}, choice: Fields = {}): Fields => ({
  ...{ id: "c", object: "chat.completion", created: 1, model: "m" },
  ...{ choices: [{ ...choiceOf(choice), logprobs: null, finish_reason: "stop" }], ...more },
});
const whole = (document: Fields, compiled = RULES) => guardCompletion(document, compiled).document;

function streamed(chunks: readonly Chunk[], compiled: OutputRules = RULES): Fields[] {
  const guard = new ChatStreamGuard(compiled, 1);
  return [...chunks.flatMap((one) => guard.push(one, 0)), ...guard.end()];
}

/** What engines and gateways add to OpenAI's answers. */
const CLEAN: Fields = {
  system_fingerprint: "fp_44709d6fcb",
  service_tier: "default",
  provider: "Example Inc.",
  citations: ["https://docs.example.com/a", "https://docs.example.com/b"],
  search_results: [{ title: "Moorings", url: "https://docs.example.com/m", date: "2026-01-02" }],
  x_groq: { id: "req_01j9", usage: { queue_time: 0.02 } },
  provider_specific_fields: { refusal: null, region: "eu", cached: true },
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { filtered: false, severity: "safe" } } }],
};

describe("strings that are clean", () => {
  it("leave a whole answer, which stays the very one that came", () => {
    const given = answer(CLEAN, { stop_reason: "###", native_finish_reason: "end_turn" });
    expect(whole(given)).toBe(given);
  });

  it("leave a stream, in chunks that stay the very ones that came", () => {
    const [first] = content("More of them. ").choices;
    const chunks: Chunk[] = [
      { ...content("All boats. "), ...CLEAN },
      {
        ...content("More of them. "),
        ...CLEAN,
        choices: [{ ...first, content_filter_results: { hate: "safe" } } as never],
      },
      { ...finish(0, "stop"), choices: [{ ...finish(0, "stop").choices[0], stop_reason: "###" } as never] },
    ];
    const out = streamed(chunks);
    expect(out).toHaveLength(3);
    for (const [at, one] of out.entries()) expect(one).toBe(chunks[at]);
  });

  it("of a chunk whose text is held come with the next of its choice, once", () => {
    const [held] = content("SEC").choices;
    const out = streamed([
      { ...content("SEC"), x_groq: { id: "r" }, choices: [{ ...held, note: "n" } as never] },
      content("! "),
      content("ok. "),
      finish(0, "stop"),
    ]);
    expect(out[0]).toMatchObject({ x_groq: { id: "r" }, choices: [{ delta: { content: "SEC! " }, note: "n" }] });
    expect(JSON.stringify(out).match(/x_groq/g)?.length).toBe(1);
    expect(JSON.stringify(out).match(/"note"/g)?.length).toBe(1);
  });

  it("with a finish whose text was held come with that finish", () => {
    const end = finish(0, "stop");
    const out = streamed([content("SEC"), { ...end, choices: [{ ...end.choices[0], stop_reason: "###" } as never] }]);
    expect(out.at(-1)).toMatchObject({ choices: [{ finish_reason: "stop", stop_reason: "###" }] });
  });

  it("of an answer that a guard only looks at are not touched at all", () => {
    for (const mode of ["off", "report"] as const) {
      const given = answer({ note: SECRET, token_ids: [1, 2] }, { [SECRET]: SECRET });
      expect(whole(given, rules({ modes: modes(mode) }))).toBe(given);
    }
  });
});

/** Places beside the texts, each with something in it. */
const PLACES: Readonly<Record<string, (value: unknown) => [Fields, Fields]>> = {
  "the id": (value) => [{ id: value }, {}],
  "the fingerprint": (value) => [{ system_fingerprint: value }, {}],
  "a field": (value) => [{ note: value }, {}],
  "a list": (value) => [{ citations: ["https://docs.example.com/", value] }, {}],
  "a structure": (value) => [{ provider_specific_fields: { deep: [{ a: value }] } }, {}],
  "the usage": (value) => [{ usage: { prompt_tokens: 1, note: value } }, {}],
  "a choice": (value) => [{}, { stop_reason: value }],
  "a choice's structure": (value) => [{}, { content_filter_results: { hate: { severity: value } } }],
  "a second message": (value) => [{}, { reasoning: { content: value } }],
};

describe.each(Object.entries(PLACES))("in %s", (_, at) => {
  const both = (value: unknown, compiled = RULES): string => {
    const [more, choice] = at(value);
    const [said] = content("Hi. ").choices;
    const stream = streamed(
      [{ ...content("Hi. "), ...more, choices: [{ ...said, ...choice } as never] }, finish(0, "stop")],
      compiled,
    );
    return JSON.stringify([whole(answer(more, choice), compiled), stream]);
  };

  it.each([SECRET, `x ${SECRET} y`, base64(`code ${SECRET} end`), [...SECRET].join(" "), LEAKED])(
    "%s does not leave",
    (value) => {
      const left = both(value);
      expect(left).not.toContain(value.slice(0, 14));
      expect(left).toContain("Hi. ");
    },
  );

  it("a datum that is redacted is masked", () => {
    const left = both(`by ${EMAIL}.`, rules({ modes: modes("redact") }));
    expect(left).not.toContain(EMAIL);
  });

  it("it does not leave in halves, chunk after chunk", () => {
    const [said] = content("Hi. ").choices;
    const parts = ["SECRET-0", "123456789"].map((value): Chunk => {
      const [more, choice] = at(value);
      return { ...content("Hi. "), ...more, choices: [{ ...said, ...choice } as never] };
    });
    expect(JSON.stringify(streamed([...parts, finish(0, "stop")]))).not.toContain("123456789");
  });
});

describe("what a rule keeps", () => {
  it("does not leave as a name of a field, or as a reason", () => {
    const marker = rules({ data: [{ detector: named, categories: ["secret"] }] });
    const word = "top_secret_word";
    for (const document of [
      answer({ [word]: 1 }),
      answer({ a: { [word]: 1 } }),
      answer({}, { [word]: "x" }),
      answer({}, { finish_reason: word, message: { content: "Hi. ", [word]: null } }),
      answer({}, { message: { content: "Hi. ", tool_calls: [{ id: "a", [word]: 1, function: { name: "f" } }] } }),
      { ...answer(), choices: [{ ...choiceOf(), finish_reason: word }] },
    ])
      expect(JSON.stringify(whole(document, marker))).not.toContain(word);
  });

  it("does not leave in the pieces of one structure", () => {
    for (const value of [
      ["SECRET-", "0123456789"],
      { a: "SECRET-0123", b: "456789" },
      [{ text: "SECRET" }, { text: "-" }, { text: "0123456789" }],
    ])
      expect(JSON.stringify(whole(answer({ pieces: value })))).not.toMatch(/SECRET|0123/);
  });

  it("does not leave as numbers of tokens or bytes, beside a text or in its delta", () => {
    const codes = [...SECRET].map((char) => char.charCodeAt(0));
    const [said] = content("Hi. ").choices;
    for (const [more, choice, message] of [
      [{ token_ids: codes }, {}, {}],
      [{}, { token_ids: codes }, {}],
      [{}, {}, { token_ids: codes }],
      [{}, {}, { audio: { id: "a", codes } }],
      [{ prompt_logprobs: [null, { "15": { decoded_token: "SEC", rank: 1 } }] }, {}, {}],
    ] as const) {
      const given = answer(more, { ...choice, message: { content: "Hi. ", ...message } });
      const piece = { ...said, ...choice, delta: { content: "Hi. ", ...message } } as never;
      const stream = streamed([{ ...content("Hi. "), ...more, choices: [piece] }, finish(0, "stop")]);
      expect(JSON.stringify([whole(given), stream])).not.toMatch(/83,69|decoded_token/);
    }
  });

  it("is told of, with its place, and cuts no choice", () => {
    const guarded = guardCompletion(answer({ a: { note: SECRET } }, { stop_reason: SECRET }), RULES);
    expect(guarded.cut).toBe(false);
    expect(guarded.verdicts.map(({ action, where }) => [action, where])).toEqual([
      ["block", "a.note"],
      ["block", "choices[0].stop_reason"],
    ]);
  });

  it("does not leave wherever in whatever structure it stands", () => {
    const key = fc.constantFrom("a", "b", "note", "text", "id", "message", "usage", "x-y");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(SECRET, `a ${SECRET}`, "fine", "SECRET-", "0123456789", 1, null, true),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (beside, within) => {
        const left = JSON.stringify(whole(answer({ beside }, { within })));
        expect(left).not.toContain(SECRET);
        expect(left).toContain("Hi. ");
      }),
    );
  });
});

describe("bounds", () => {
  it("past so many characters nothing more is judged, so nothing more leaves", () => {
    const long = "calm water ".repeat(2000);
    const given = answer({ a: long, b: `${long}b`, c: `${long}c`, d: `${long}d`, e: "short" });
    const left = whole(given);
    expect(Object.keys(left)).toEqual(expect.arrayContaining(["id", "choices", "a", "b"]));
    expect(left).not.toHaveProperty("d");
  });

  it("a structure too deep is cut off", () => {
    let deep: unknown = "fine";
    for (let level = 0; level < 40; level++) deep = { a: deep };
    expect(JSON.stringify(whole(answer({ deep })))).not.toContain("fine");
  });
});

/** Finds one lower-case word, such as a name may be. */
const named = {
  maxHeld: 32,
  maxContext: 1,
  find: (text: string, from = 0) => {
    const at = text.indexOf("top_secret_word", from);
    if (at < 0) return [];
    return [{ rule: "word", category: "secret" as const, kind: "word", start: at, end: at + 15 }];
  },
  openFrom: (text: string, from = 0) => Math.max(from, text.length - 15),
};

describe("log probabilities", () => {
  const token = (text: string, more: Fields = {}) => ({ token: text, logprob: -1, bytes: null, ...more });
  const alternative = (text: string) => ({ token: text, logprob: -2, bytes: null });
  const wholeWith = (text: string, tokens: readonly unknown[], compiled = RULES) =>
    whole(
      {
        choices: [
          {
            ...choiceOf({ message: { role: "assistant", content: text } }),
            logprobs: { content: tokens, refusal: null },
            finish_reason: "stop",
          },
        ],
      },
      compiled,
    );
  const both = (text: string, tokens: readonly unknown[]): string =>
    JSON.stringify([
      wholeWith(text, tokens),
      streamed([content(text, 0, { content: tokens, refusal: null }), finish(0, "stop")]),
    ]);

  it("that spell something else than their text leave no answer, streamed or whole", () => {
    expect(both("Hi. ", [token(SECRET)])).not.toContain("SECRET");
    expect(wholeWith("Hi. ", [token(SECRET)])).toMatchObject({
      choices: [{ message: { content: "Hi. " }, logprobs: null }],
    });
  });

  it("say in bytes what their tokens say, and nothing under other names", () => {
    const bytes = [...SECRET].map((char) => char.charCodeAt(0));
    const left = both("Hi. ", [token("Hi. ", { bytes, note: SECRET, raw: bytes })]);
    expect(left).not.toMatch(/SECRET|83,69|note|raw/);
    expect(left).toContain('"bytes":[72,105,46,32]');
  });

  it("have the names of their bytes where these are what spells the text", () => {
    const [one, two] = [[0xc3], [0xa9, 0x2e, 0x20]];
    const left = both("é. ", [token(SECRET, { bytes: one }), token("", { bytes: two })]);
    expect(left).not.toContain("SECRET");
    expect(left).toContain('"token":"\ufffd","logprob":-1,"bytes":[195]');
  });

  it("lose what else might have been said where that spells what a rule keeps", () => {
    for (const cut of [[SECRET], ["SECRET", "-01234", "56789"], [...SECRET]]) {
      const text = "a".repeat(cut.length);
      const tokens = [...text].map((char, at) =>
        token(char, { top_logprobs: [alternative(char), alternative(cut[at] ?? "")] }),
      );
      const left = both(`${text}`, tokens);
      expect(left).not.toContain("SECRET");
      expect(left).not.toContain('"token":"0');
    }
  });

  it("keep what else might have been said where it is clean, and lose its bytes where these say something else", () => {
    const given = [
      token("Hi", { top_logprobs: [alternative("Hi"), { token: "Yo", logprob: -2, bytes: [83, 69] }] }),
      token(". ", { top_logprobs: [alternative(". "), { token: "\ufffd", logprob: -3, bytes: [83] }] }),
    ];
    const left = both("Hi. ", given);
    expect(left).toContain('{"token":"Yo","logprob":-2,"bytes":[89,111]}');
    expect(left).toContain('{"token":"\ufffd","logprob":-3,"bytes":null}');
    expect(left).not.toContain("83");
  });

  it("in the form of older completions do not leave, since nobody reads it", () => {
    const legacy = { tokens: [SECRET], text_offset: [0], top_logprobs: [{ [SECRET]: -1 }], token_logprobs: [-1] };
    const [said] = content("Hi. ").choices;
    const stream = streamed([
      { ...content("Hi. "), choices: [{ ...said, logprobs: legacy } as never] },
      finish(0, "stop"),
    ]);
    const document = whole({ choices: [{ ...choiceOf(), logprobs: legacy, finish_reason: "stop" }] });
    expect(JSON.stringify([stream, document])).not.toMatch(/SECRET|text_offset/);
  });

  it("that leave in two pieces are whole again in a whole answer", () => {
    const logprobs = { content: [token("SEC. ")], refusal: [token("No. ")] };
    const given = {
      choices: [
        {
          ...choiceOf({ message: { role: "assistant", content: "SEC. ", refusal: "No. " } }),
          logprobs,
          finish_reason: "stop",
        },
      ],
    };
    const left = whole(given);
    expect(left).toMatchObject({
      choices: [{ logprobs: { content: [{ token: "SEC. " }], refusal: [{ token: "No. " }] } }],
    });
  });
});

it("a chunk's own field names cannot carry what its text may not", () => {
  const out = streamed([chunk(0, { content: "Hi. ", [SECRET]: "x" }), finish(0, "stop")]);
  expect(JSON.stringify(out)).not.toContain("SECRET");
});

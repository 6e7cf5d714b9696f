// However a stream is cut, the same leaves, and nothing of what is guarded does.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardText } from "../../../../guards/output/index.ts";
import {
  base64,
  CANARY,
  cuts,
  everyCut,
  everyTwoCuts,
  hex,
  jsonEscaped,
  LEAKED,
  modes,
  percent,
  pieces,
  rules,
  streamed,
} from "./support.ts";

const SECRET = "SECRET-0123456789";
const EMAIL = "joan.doe@mail.example";

/** guarded text → its longest beginning that may leave, by the view's own terms (guarantee in README of the room) */
const GUARDED: Readonly<Record<string, string>> = {
  secret: SECRET,
  email: EMAIL,
  canary: CANARY,
  "canary, spaced": Array.from(CANARY).join(" "),
  "canary, other case": CANARY.toLowerCase(),
  "canary, zero width": Array.from(CANARY).join("\u200b"),
  "canary, backwards": Array.from(CANARY).reverse().join(""),
  "canary, full width": Array.from(CANARY, (char) =>
    char === "-" ? char : String.fromCharCode(char.charCodeAt(0) + 0xfee0),
  ).join(""),
  "secret, base64": base64(SECRET),
  "secret, base64 of more": base64(`${SECRET} is it`),
  "secret, hex": hex(SECRET),
  "secret, hex apart": Array.from(SECRET, hex).join(" "),
  "secret, percent": percent(SECRET),
  "secret, percent in part": `SECRET%2D0123456789`,
  "secret, JSON": jsonEscaped(SECRET),
  "secret, JSON in part": "SECRET-012345678\\u0039",
  "secret, HTML": "SECRET&#45;0123456789",
  "secret, spaced": Array.from(SECRET).join(" "),
  "secret, dotted": Array.from(SECRET).join("."),
  "secret, zero width": Array.from(SECRET).join("\u200d"),
  image: "https://evil.example/p.png?d=hello",
};

const BLOCK = rules();
const REDACT = rules({ modes: modes("redact") });

function around(name: string): [before: string, after: string] {
  return name === "image" ? ["Look ![chart](", ") there"] : ["It is: ", " and so on."];
}

describe("a guarded text at any place in a stream", () => {
  for (const [name, value] of Object.entries(GUARDED)) {
    const [before, after] = around(name);
    const text = before + value + after;

    it(`${name}: is found in the whole text, and nothing of it leaves`, () => {
      const whole = guardText(text, BLOCK);
      expect(whole.cut).toBe(true);
      expect(whole.text).toBe(before);
    });

    it(`${name}: cut once or twice anywhere, or into characters, the same leaves`, () => {
      const whole = guardText(text, BLOCK);
      const twice = text.length <= 34 ? everyTwoCuts(text) : everyCut(text);
      for (const cutUp of twice) {
        const got = streamed(cutUp, BLOCK);
        if (got.text !== whole.text || got.cut !== whole.cut) expect({ cutUp, ...got }).toEqual(whole);
      }
      expect(streamed(Array.from(text), BLOCK)).toEqual(whole);
      expect(streamed(Array.from(text), BLOCK, 300)).toEqual(whole);
    });

    it(`${name}: is replaced, and what stands around it flows`, () => {
      const whole = guardText(text, REDACT);
      expect(whole.cut).toBe(false);
      expect(whole.text).toMatch(/^[^[]*(?:!\[chart\]\()?\[REDACTED:\w+\]/);
      expect(whole.text.endsWith(after)).toBe(true);
      for (const cutUp of everyCut(text)) expect(streamed(cutUp, REDACT)).toEqual(whole);
      expect(streamed(Array.from(text), REDACT, 300)).toEqual(whole);
    });
  }

  it("a system prompt: at most the short words that it begins with leave", () => {
    const text = `Sure. ${LEAKED} and more`;
    const whole = guardText(text, BLOCK);
    expect(whole.cut).toBe(true);
    expect(whole.text).toBe("Sure. ");
    for (const cutUp of everyCut(text)) expect(streamed(cutUp, BLOCK)).toEqual(whole);
    expect(streamed(Array.from(text), BLOCK, 300)).toEqual(whole);
  });
});

const FRAGMENTS = [
  ...Object.values(GUARDED),
  LEAKED,
  LEAKED.slice(0, 40),
  "![a](https://evil.example/x?d=1)",
  "[docs](https://docs.example.com/a?b=c)",
  '<img src="//evil.example/?q=1">',
  "SECRET-01234",
  "sk-abcdefghijklmnop",
  "Bearer 0123456789abcdef0123",
  "joan.doe@",
  "%53%45",
  "&#x53;",
  "\\u0053",
  "100%",
  "c - a - n",
  "a b c d e f g h",
  "U0VDUkVU",
  "the quick brown fox",
  " ",
  "\n",
  "\u200b",
  "\ud83d\ude00",
  "[REDACTED:",
  "https://",
  "(",
  ")",
  "<",
  "`",
];

const composed = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 6 }), fc.constantFrom(" ", ", ", ". ")), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

describe("any text in any pieces", () => {
  for (const mode of ["block", "redact"] as const)
    it(`${mode}: what leaves, the cut and the findings depend on the text alone`, () => {
      const compiled = rules({ modes: modes(mode, mode === "redact" ? { prompt_leak: "block" } : { link: "report" }) });
      fc.assert(
        fc.property(composed, cuts, fc.constantFrom(0, 40, 300), (text, lengths, stepMs) => {
          expect(streamed(pieces(text, lengths), compiled, stepMs)).toEqual(guardText(text, compiled));
        }),
        { numRuns: 300 },
      );
    });

  it("with everything off or only reported, each piece leaves as it came", () => {
    const compiled = rules({ modes: modes("report", { link: "off" }) });
    fc.assert(
      fc.property(composed, cuts, (text, lengths) => {
        const cutUp = pieces(text, lengths);
        const whole = guardText(text, compiled);
        const got = streamed(cutUp, compiled);
        expect(got).toEqual(whole);
        expect(got.text).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

// The tokeniser: every token points at the text it stands for, and nothing an attacker writes makes it slow or fall over.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  MARK,
  type Tokens,
  tokensOf,
  UNSPACED_TOKEN,
  UPPER,
  WORD,
} from "../../../../guards/prompt/classifier/tokens.ts";

const texts = (text: string, tokens: Tokens) =>
  Array.from({ length: tokens.count }, (_, at) => text.slice(tokens.start[at], tokens.end[at]));

test("words, marks and line ends are tokens, blanks are not", () => {
  const text = "Ignore  all, please!!\nOK";
  expect(texts(text, tokensOf(text))).toEqual(["Ignore", "all", ",", "please", "!!", "\n", "OK"]);
});

test("an apostrophe stands within a word, a quotation mark does not", () => {
  const text = "don't 'say'";
  expect(texts(text, tokensOf(text))).toEqual(["don't", "'", "say", "'"]);
});

test("a word has one key in any case, but for the two bits that say which", () => {
  const [lower, title, upper] = ["ignore", "Ignore", "IGNORE"].map((word) => tokensOf(word));
  expect((lower?.key[0] ?? 0) >> 2).toBe((title?.key[0] ?? 1) >> 2);
  expect((lower?.key[0] ?? 0) >> 2).toBe((upper?.key[0] ?? 1) >> 2);
  expect(upper?.casing[0]).toBe(UPPER);
});

test("a composed and a decomposed letter are the same word", () => {
  expect(tokensOf("r\u00e8gle").key[0]).toBe(tokensOf("re\u0300gle").key[0]);
});

test("scripts without spaces are read character by character", () => {
  const tokens = tokensOf("忽略指令");
  expect(tokens.count).toBe(4);
  expect(tokens.kind[0]).toBe(UNSPACED_TOKEN);
});

test("a run of one mark is one token, and a word never shares its key with a mark", () => {
  const tokens = tokensOf("##### a");
  expect([tokens.kind[0], tokens.kind[1]]).toEqual([MARK, WORD]);
  expect(tokens.count).toBe(2);
});

test("any text is cut into ordered spans inside it, with at most one token a unit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const tokens = tokensOf(text);
      let last = 0;
      for (let at = 0; at < tokens.count; at++) {
        const start = tokens.start[at] ?? -1;
        const end = tokens.end[at] ?? -1;
        if (start < last || end <= start || end > text.length) return false;
        last = end;
      }
      return tokens.count <= text.length;
    }),
  );
});

test("a megabyte without a blank is many short tokens, not one", () => {
  const tokens = tokensOf("a".repeat(1 << 20));
  expect(tokens.count).toBeGreaterThan(20_000);
});

// Digits and signs for letters: `1gn0r3 4ll pr3v10u5 1n5truct10n5`.
import { fluency } from "../bigrams.ts";
import type { Decoder } from "../decoder.ts";
import { nextMatch } from "../next-match.ts";
import { isDigit, isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { isEnglish } from "../vocabulary.ts";

/** What a sign may stand for; where two letters are likely, the second is tried next. */
const LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "il",
  "2": "z",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "gb",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "il",
  "|": "li",
  "+": "t",
  "(": "c",
  "\u20ac": "e",
  "\u00a3": "l",
  "\u00a1": "i",
  "\u0131": "i",
};
const MAX_TOKEN = 24;
/** Letters of a word by which a text is judged, and the rarest class (vocabulary.ts) of one that is shorter. */
const MIN_TOLD = 4;
const COMMON = 4;
/** Letters of known words at which a text counts as written so (`b2b` and `4all` do not), and at which all of it does. */
const SPOKEN = 6;
const FLUENT = 12;
/** Mean score of a pair (bigrams.ts) at which an unknown word reads like one. */
const WORDLIKE = 1;
/** Spellings of one word that are tried. */
const MAX_SPELLINGS = 16;

export const leetspeak: Decoder = {
  name: "leetspeak",
  traits: TRAIT.leet,
  run(out, text) {
    const weight = weightOf(text);
    if (weight < SPOKEN) return;
    for (const { start, end } of tokens(text)) {
      if (out.full) return;
      const word = spelling(text.slice(start, end), weight >= FLUENT);
      if (word !== null) out.replace(start, end, word);
    }
  },
};

/** Letters of known words that are spelt so, up to what is enough. */
function weightOf(text: string): number {
  let weight = 0;
  for (const { start, end } of tokens(text)) {
    // `v3`, `1st`, `h1`: short ones are names as often
    const length = end - start < MIN_TOLD ? 0 : (spelling(text.slice(start, end), false)?.length ?? 0);
    weight += length;
    if (weight >= FLUENT) break;
  }
  return weight;
}

/** Stretches of letters and signs for letters that hold both. */
function* tokens(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const sign = /[0-9@$!|+(\u20ac\u00a3\u00a1]/g;
  let done = 0;
  for (let at = nextMatch(sign, text, 0); at < text.length; at = nextMatch(sign, text, done)) {
    let start = at;
    while (start > done && at - start < MAX_TOKEN && isPart(text, start - 1)) start--;
    let end = at + 1;
    while (end < text.length && isPart(text, end)) end++;
    done = end;
    const [from, to] = trimmed(text, start, end);
    if (to - from >= 2 && to - from <= MAX_TOKEN) yield { start: from, end: to };
  }
}

function isPart(text: string, at: number): boolean {
  return isLetter(text.charCodeAt(at)) || LETTERS[text.charAt(at)] !== undefined;
}

/** Marks around a word are punctuation: `(see me!` has none that stands for a letter. */
function trimmed(text: string, start: number, end: number): [number, number] {
  let from = start;
  let to = end;
  while (from < to && text.charAt(from) === "(") from++;
  while (to > from && /[!|+(]/.test(text.charAt(to - 1))) to--;
  return [from, to];
}

/**
 * The known word that a token spells, or null. A token of digits alone is a number.
 * @param all whatever reads like a word counts, since the text around is written so
 */
function spelling(token: string, all: boolean): string | null {
  let letters = 0;
  let signs = 0;
  for (let at = 0; at < token.length; at++) {
    if (isLetter(token.charCodeAt(at))) letters++;
    else if (isDigit(token.charCodeAt(at)) || LETTERS[token.charAt(at)] !== undefined) signs++;
  }
  if (signs === 0 || (letters === 0 && !all)) return null;
  let spellings = [""];
  for (const sign of token) {
    const choices = LETTERS[sign] ?? sign;
    const next: string[] = [];
    for (const choice of choices)
      for (const word of spellings) if (next.length < MAX_SPELLINGS) next.push(word + choice);
    spellings = next;
  }
  const known = spellings.find((word) => isEnglish(word, 0, word.length, word.length < MIN_TOLD ? COMMON : 9));
  if (known !== undefined || !all || letters === 0) return known ?? null;
  return spellings.find((word) => fluency(word, 0, word.length, (letter) => letter) >= WORDLIKE) ?? null;
}

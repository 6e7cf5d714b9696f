// Digits and signs for letters: `1gn0r3 4ll pr3v10u5 1n5truct10n5`.
import { fluency } from "../bigrams.ts";
import type { Decoder } from "../decoder.ts";
import { bareLetters, isLatinLetter } from "../letters.ts";
import { nextMatch } from "../next-match.ts";
import { isDigit } from "../readable.ts";
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
/** Characters between two such words that still count together: by chance a long text of numbers and names holds some. */
const MAX_APART = 512;
/** Such words together that tell of all of a long text, where two may meet by chance. */
const LONG = 16_384;
const MIN_HITS = 4;
/** Other tokens of letters and digits between two of one group. */
const MAX_BETWEEN = 4;
/** So does a text in a language that is unknown: that many tokens of letters and such digits, a third of all at least. */
const MIN_MIXED = 5;
/** Tokens that are enough to tell, if the text is no longer than so many times their number. */
const MAX_MIXED = 4096;
const SHARE = 3;
const MIXED = /^(?=.*[g-z\u00c0-\u017f])(?=.*[013457@$!])[a-z\u00c0-\u017f013457@$!]{3,}$/i;
/** Mean score of a pair (bigrams.ts) at which an unknown word reads like one. */
const WORDLIKE = 1;
/** Spellings of one word that are tried. */
const MAX_SPELLINGS = 16;

interface Token {
  readonly start: number;
  readonly end: number;
}

export const leetspeak: Decoder = {
  name: "leetspeak",
  traits: TRAIT.leet,
  run(out, text) {
    const { spoken, fluent, foreign } = manner(text);
    if (!spoken) return;
    for (const { start, end } of tokens(text, fluent)) {
      if (out.full) return;
      // one word of a long text may be chance, and `6e` reads like `be`
      if (!fluent && text.length >= LONG && end - start < MIN_TOLD) continue;
      const token = text.slice(start, end);
      const word =
        spelling(token, fluent) ?? (fluent ? apart(token) : null) ?? (foreign ? letterByLetter(token) : null);
      if (word !== null) out.replace(start, end, word);
    }
  },
};

interface Manner {
  /** a text is written so */
  readonly spoken: boolean;
  /** all of it */
  readonly fluent: boolean;
  /** in no language that is known */
  readonly foreign: boolean;
}

function manner(text: string): Manner {
  let weight = 0;
  let hits = 0;
  let spoken = false;
  let fluent = false;
  let last = 0;
  let tokensSince = 0;
  let mixed = 0;
  for (const { start, end } of tokens(text, false)) {
    const token = text.slice(start, end);
    if (token.length > 2 && mixed < MAX_MIXED && MIXED.test(token)) mixed++;
    // `v3`, `1st`, `h1`: short ones are names as often
    const known = end - start < MIN_TOLD || fluent ? 0 : (spelling(token, false)?.length ?? 0);
    if (end - start >= MIN_TOLD) tokensSince++;
    if (known === 0 || fluent) continue;
    // few among many are chance: a new group begins
    const alone = start - last > MAX_APART || tokensSince > MAX_BETWEEN;
    weight = alone ? known : weight + known;
    hits = alone ? 1 : hits + 1;
    if (weight >= SPOKEN) spoken = true;
    if (weight >= FLUENT && (hits >= MIN_HITS || text.length < LONG)) fluent = true;
    last = end;
    tokensSince = 0;
  }
  const foreign = mixed >= MIN_MIXED && mixed * SHARE >= words(text, mixed * SHARE);
  return { spoken: spoken || foreign, fluent: fluent || foreign, foreign };
}

/** Words of a text, counted up to one more than `enough`. */
function words(text: string, enough: number): number {
  const word = /[\p{L}\p{N}]+/gu;
  let count = 0;
  while (count <= enough && word.test(text)) count++;
  return count;
}

function letterByLetter(token: string): string | null {
  if (!MIXED.test(token)) return null;
  let word = "";
  for (const sign of token) word += LETTERS[sign]?.charAt(0) ?? sign;
  return word;
}

/** Stretches of letters and signs for letters that hold both. @param alone signs that stand for a word by themselves too */
function* tokens(text: string, alone: boolean): Generator<Token> {
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
    else if (alone && to - from === 1 && standsAlone(text, from)) yield { start: from, end: to };
  }
}

/** `4 dog`, `can'7` */
function standsAlone(text: string, at: number): boolean {
  const isGap = (unit: number) => unit <= 0x20 || Number.isNaN(unit);
  const isApostrophe = text[at - 1] === "'" && isLatinLetter(text.charCodeAt(at - 2));
  return (isApostrophe || isGap(text.charCodeAt(at - 1))) && isGap(text.charCodeAt(at + 1));
}

function isPart(text: string, at: number): boolean {
  return isLatinLetter(text.charCodeAt(at)) || LETTERS[text.charAt(at)] !== undefined;
}

/** Marks around a word are punctuation: `(see me!` has none that stands for a letter. */
function trimmed(text: string, start: number, end: number): [number, number] {
  let from = start;
  let to = end;
  while (from < to && /[(!|+]/.test(text.charAt(from)) && !isPart(text, from - 1)) from++;
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
  let marks = 0;
  for (let at = 0; at < token.length; at++) {
    if (isLatinLetter(token.charCodeAt(at))) letters++;
    else if (isDigit(token.charCodeAt(at))) signs++;
    else if (LETTERS[token.charAt(at)] !== undefined) marks++;
  }
  if (signs + marks === 0 || (letters === 0 && !all)) return null;
  if (token.length === 1) return all ? (LETTERS[token]?.charAt(0) ?? null) : null;
  let spellings = [""];
  for (const sign of token) {
    const choices = LETTERS[sign] ?? sign;
    const next: string[] = [];
    for (const choice of choices)
      for (const word of spellings) if (next.length < MAX_SPELLINGS) next.push(word + choice);
    spellings = next;
  }
  const known = spellings.find((word) => isEnglish(word, 0, word.length, word.length < MIN_TOLD ? COMMON : 9));
  // a mark may be punctuation: what holds one has to be a word
  if (known !== undefined || !all || letters === 0 || marks > 0) return known ?? null;
  return spellings.find((word) => fluency(bareLetters(word), 0, word.length, (letter) => letter) >= WORDLIKE) ?? null;
}

/** `4774ck3r@3v1l`, `r4ng3(10)`: two words and a mark between, one of which is known or reads like one. */
function apart(token: string): string | null {
  const mark = token.search(/[@(!|+]/);
  if (mark < 2) return null;
  const before = spelling(token.slice(0, mark), true);
  const after = token.slice(mark + 1);
  const behind = after.length < 2 ? null : (spelling(after, true) ?? apart(after));
  if (before === null && behind === null) return null;
  return (before ?? token.slice(0, mark)) + token.charAt(mark) + (behind ?? after);
}

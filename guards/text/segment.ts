// Puts spaces back into letters that were run together: the likeliest way to cut them into words, by the words' own
// frequencies and those of common phrases (Viterbi's algorithm; what is in no word costs by the letter).
import { classAt, DEAD, endsWord, phraseAt, phraseWords, ROOT, walk } from "./vocabulary.ts";

/** Letters that are cut at once: what lies beyond starts anew, so that the tables stay small. */
const WINDOW = 2048;
/** Costs in half bits: a word by its class, one of one letter besides; a stretch of unknown letters, and each of them. */
const WORD = 10;
const CLASS = 3;
const ONE_LETTER = 5;
const PHRASE = 14;
const PHRASE_CLASS = 4;
const UNKNOWN = 22;
const UNKNOWN_LETTER = 10;

export interface Segmented {
  readonly text: string;
  /** letters in known words of two and more */
  readonly known: number;
  readonly words: number;
  /** half bits: English runs to 4 a letter, names and other languages to 8, chance to 11 */
  readonly cost: number;
}

/** What letters would cost that are in no word: what is cut costs less by a good part. */
export function unknownCost(letters: number): number {
  return UNKNOWN + UNKNOWN_LETTER * letters;
}

/** What a window needs; kept, since a text may have thousands of short runs. */
const COST = new Uint32Array(WINDOW + 1);
/** the same where the letter before is in no word */
const UNKNOWN_COST = new Uint32Array(WINDOW + 1);
/** start of the word that ends here; of a stretch of unknown letters in `UNKNOWN_FROM` */
const FROM = new Uint16Array(WINDOW + 1);
const UNKNOWN_FROM = new Uint16Array(WINDOW + 1);
const KNOWN = new Uint8Array(WINDOW + 1);
/** node of the phrase that ends here, 0 for none */
const PHRASE_NODE = new Uint32Array(WINDOW + 1);
const FAR = 0x7fffffff;

/**
 * Linear: each letter is met once a letter of a word.
 * @param letters ASCII letters; anything else counts as unknown
 * @param shown what is put into words: the same letters with their accents
 */
export function segment(letters: string, shown = letters): Segmented {
  const pieces: string[] = [];
  let known = 0;
  let words = 0;
  let cost = 0;
  for (let at = 0; at < letters.length; at += WINDOW) {
    const end = Math.min(letters.length, at + WINDOW);
    cost += weigh(letters, at, end);
    const part: string[] = [];
    for (let last = end - at; last > 0; ) {
      const first = FROM[last] as number;
      const letters = shown.slice(at + first, at + last);
      const phrase = KNOWN[last] === 1 ? (PHRASE_NODE[last] as number) : 0;
      const piece = phrase === 0 ? letters : phraseWords(phrase, letters);
      part.push(piece);
      if (KNOWN[last] === 1) {
        words += phrase === 0 ? 1 : piece.split(" ").length;
        if (last - first > 1) known += last - first;
      }
      last = first;
    }
    for (let piece = part.length - 1; piece >= 0; piece--) pieces.push(part[piece] as string);
  }
  return { text: pieces.join(" "), known, words, cost };
}

/** The cheapest cut of [start, end), left in the tables. */
function weigh(letters: string, start: number, end: number): number {
  const length = end - start;
  COST.fill(FAR, 0, length + 1);
  UNKNOWN_COST.fill(FAR, 0, length + 1);
  COST[0] = 0;
  for (let first = 0; first < length; first++) {
    const stays = UNKNOWN_COST[first] as number;
    // unknown letters end where that is the cheapest way to be here
    const base = COST[first] as number;
    const starts = base + UNKNOWN;
    const unknown = Math.min(stays, starts) + UNKNOWN_LETTER;
    UNKNOWN_COST[first + 1] = unknown;
    UNKNOWN_FROM[first + 1] = stays <= starts ? (UNKNOWN_FROM[first] as number) : first;
    if (unknown < (COST[first + 1] as number)) {
      COST[first + 1] = unknown;
      FROM[first + 1] = UNKNOWN_FROM[first + 1] as number;
      KNOWN[first + 1] = 0;
    }
    let node = ROOT;
    for (let last = first; last < length; last++) {
      node = walk(node, letters.charCodeAt(start + last));
      if (node === DEAD) break;
      if (endsWord(node))
        reach(last + 1, first, base + WORD + CLASS * classAt(node) + (last === first ? ONE_LETTER : 0), 0);
      const phrase = phraseAt(node);
      if (phrase >= 0) reach(last + 1, first, base + PHRASE + PHRASE_CLASS * phrase, node);
    }
  }
  return COST[length] as number;
}

/** A word, or the phrase of a node, from `first` to `end` at this price, where no cheaper way leads there. */
function reach(end: number, first: number, price: number, phrase: number): void {
  if (price >= (COST[end] as number)) return;
  COST[end] = price;
  FROM[end] = first;
  KNOWN[end] = 1;
  PHRASE_NODE[end] = phrase;
}

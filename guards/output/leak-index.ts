// The request's own system and developer messages as sets of word sequences. What a user's message or a tool's result
// says as well is no secret of the operator: its sequences are taken out.
import { foldCodePoint } from "./fold.ts";
import type { OutputLimits } from "./limits.ts";
import { sequenceHash, type Word, WordReader, wordsOf } from "./words.ts";

/** Words of the sequences that are counted for the share, and how many it takes to count at all. */
export const SHARE_WORDS = 5;
const MIN_SHARED = 30;
/** Characters in a row, spaces and punctuation left out, that are a leak in a text of spaced characters. */
export const SQUEEZED = 24;

export class LeakIndex {
  /** length in words → sequences of that length whose appearance is a leak */
  readonly sequences: ReadonlyMap<number, ReadonlySet<number>>;
  readonly lengths: readonly number[];
  readonly longest: number;
  /** first words, two neighbours, and all beginnings of words: what a live partial match is made of */
  readonly words: ReadonlySet<number>;
  readonly pairs: ReadonlySet<number>;
  readonly beginnings: ReadonlySet<number>;
  readonly shared: ReadonlySet<number>;
  /** distinct shared sequences that are a leak; infinite where the share is off or the message short */
  readonly sharedLimit: number;
  readonly #texts: readonly string[];
  #squeezed: ReadonlySet<string> | null = null;

  constructor(systemTexts: readonly string[], otherTexts: readonly string[], limits: OutputLimits) {
    const messages = systemTexts.map(wordsOf);
    const guarded = messages.filter((words) => words.length >= limits.leakMinWords);
    this.#texts = systemTexts.filter((_, at) => (messages[at]?.length ?? 0) >= limits.leakMinWords);
    const others = guarded.length === 0 ? [] : otherTexts.map(wordsOf);
    this.sequences = sequenceSets(guarded, others, limits);
    this.lengths = [...this.sequences.keys()].sort((a, b) => b - a);
    this.longest = Math.max(0, ...this.lengths);
    this.words = new Set(guarded.flatMap((words) => words.map(({ hash }) => hash)));
    this.pairs = sequencesOf(guarded, 2);
    this.beginnings = beginningsOf(this.#texts);
    this.shared = without(sequencesOf(guarded, SHARE_WORDS), others, SHARE_WORDS);
    const counts = limits.leakShare > 0 && this.shared.size >= MIN_SHARED;
    this.sharedLimit = counts ? Math.ceil(this.shared.size * limits.leakShare) : Number.POSITIVE_INFINITY;
  }

  /** For spaced text, which has no words: made at its first use, since hardly any answer has such text. */
  get squeezed(): ReadonlySet<string> {
    this.#squeezed ??= squeezedOf(this.#texts);
    return this.#squeezed;
  }
}

function sequenceSets(
  messages: readonly (readonly Word[])[],
  others: readonly (readonly Word[])[],
  limits: OutputLimits,
): ReadonlyMap<number, ReadonlySet<number>> {
  const sets = new Map<number, Set<number>>();
  for (const words of messages) {
    const ideographs = words.filter(({ ideograph }) => ideograph).length;
    const wanted = ideographs * 2 > words.length ? limits.leakIdeographs : limits.leakWords;
    const length = Math.min(wanted, words.length);
    const set = sets.get(length) ?? new Set();
    sets.set(length, set);
    for (let at = 0; at + length <= words.length; at++) set.add(sequenceHash(words, at, length));
  }
  for (const [length, set] of sets) without(set, others, length);
  return sets;
}

function sequencesOf(messages: readonly (readonly Word[])[], length: number): Set<number> {
  const set = new Set<number>();
  for (const words of messages)
    for (let at = 0; at + length <= words.length; at++) set.add(sequenceHash(words, at, length));
  return set;
}

function without(set: Set<number>, others: readonly (readonly Word[])[], length: number): Set<number> {
  for (const words of others)
    for (let at = 0; at + length <= words.length && set.size > 0; at++) set.delete(sequenceHash(words, at, length));
  return set;
}

/** The hash of each word of the texts after each of its characters. */
function beginningsOf(texts: readonly string[]): Set<number> {
  const set = new Set<number>();
  const ignored: Word[] = [];
  for (const text of texts) {
    const reader = new WordReader();
    for (const char of text) {
      const code = char.codePointAt(0) as number;
      // a ligature is two letters, and an answer may spell them out
      const folded = foldCodePoint(code);
      for (const letter of folded === null || folded === "" ? [char] : folded) {
        reader.read(letter.codePointAt(0) as number, 0, 0, ignored);
        if (reader.openFrom !== null) set.add(reader.hash);
      }
    }
    ignored.length = 0;
  }
  return set;
}

function squeezedOf(texts: readonly string[]): Set<string> {
  const set = new Set<string>();
  for (const text of texts) {
    const letters = squeeze(text);
    for (let at = 0; at + SQUEEZED <= letters.length; at++) set.add(letters.slice(at, at + SQUEEZED));
  }
  return set;
}

/** Letters and digits alone, in lower case. */
export function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

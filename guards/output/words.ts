// A text as words, for comparing texts: letters and digits, folded; what formats (`**`, `_`, apostrophes, zero-width)
// stands inside a word and does not count. Scripts without spaces give a word a character. One character at a time.
import { foldCodePoint } from "./fold.ts";

export interface Word {
  /** 53 bits */
  readonly hash: number;
  readonly start: number;
  readonly end: number;
  /** of at most three letters, as `the` and `of` are: it begins too much to be held for itself */
  readonly light: boolean;
  readonly ideograph: boolean;
}

/** Longer ones are cut, so that no word holds back more than this. */
const MAX_WORD = 64;
const LIGHT_LETTERS = 3;
const FORMATTING = new Set("*_`~'\u2019".split("").map((char) => char.charCodeAt(0)));
const IDEOGRAPH =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

export class WordReader {
  #low = 0;
  #high = 0;
  #length = 0;
  #digits = false;
  #start = 0;
  #end = 0;

  /** The words that this character completes: one it separates, itself where it is an ideograph, or both. */
  read(code: number, start: number, end: number, out: Word[]): void {
    const folded = foldCodePoint(code);
    if (folded === "" || (this.#length > 0 && FORMATTING.has(code))) return;
    if (folded === null) {
      this.finish(out);
      return;
    }
    if (code > 0x7f && IDEOGRAPH.test(folded)) {
      this.finish(out);
      this.#add(folded, start, end);
      this.finish(out, true);
      return;
    }
    this.#add(folded, start, end);
    if (this.#length >= MAX_WORD) this.finish(out);
  }

  finish(out: Word[], ideograph = false): void {
    if (this.#length === 0) return;
    const light = !ideograph && !this.#digits && this.#length <= LIGHT_LETTERS;
    out.push({ hash: this.hash, start: this.#start, end: this.#end, light, ideograph });
    this.#low = 0;
    this.#high = 0;
    this.#length = 0;
    this.#digits = false;
  }

  /** Where the unfinished word starts; null where there is none. */
  get openFrom(): number | null {
    return this.#length === 0 ? null : this.#start;
  }

  /** Of the unfinished word: once it is finished, its own. */
  get hash(): number {
    return mixed(this.#high, this.#low);
  }

  fork(): WordReader {
    const copy = new WordReader();
    copy.#low = this.#low;
    copy.#high = this.#high;
    copy.#length = this.#length;
    copy.#digits = this.#digits;
    copy.#start = this.#start;
    copy.#end = this.#end;
    return copy;
  }

  #add(folded: string, start: number, end: number): void {
    if (this.#length === 0) this.#start = start;
    this.#end = end;
    for (let at = 0; at < folded.length; at++) {
      const unit = folded.charCodeAt(at);
      if (unit >= 48 && unit <= 57) this.#digits = true;
      this.#low = Math.imul(this.#low ^ unit, 0x01000193) + 0x9e3779b9;
      this.#high = Math.imul(this.#high + unit, 0x85ebca6b) ^ (this.#high >>> 13);
      this.#length += 1;
    }
  }
}

/** Two lanes of 32 bits as one number that is exact. */
function mixed(high: number, low: number): number {
  return ((high >>> 0) & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}

/** A sequence of words as one number. */
export function sequenceHash(words: readonly Pick<Word, "hash">[], from: number, count: number): number {
  let low = count;
  let high = 0x2545f491;
  for (let at = from; at < from + count; at++) {
    const { hash } = words[at] as Word;
    const upper = Math.floor(hash / 0x1_0000_0000);
    low = Math.imul(low ^ (hash | 0), 0x01000193) + upper;
    high = Math.imul(high ^ upper, 0x85ebca6b) + (hash | 0);
    high ^= high >>> 15;
  }
  return mixed(high, low);
}

export function wordsOf(text: string): Word[] {
  const reader = new WordReader();
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) as number;
    const width = code > 0xffff ? 2 : 1;
    reader.read(code, at, at + width, words);
    at += width;
  }
  reader.finish(words);
  return words;
}

// A leaked system prompt in a growing text: as many consecutive words of one of the request's own system messages as
// make a leak, or a share of its short sequences in any order. Case, punctuation, white space and markdown do not count.
// Held is the longest end of the text whose neighbouring words are neighbours in a system message; the words of at most
// three letters that it begins with leave, or every "of the" would wait for its next word.
import { type LeakIndex, SHARE_WORDS } from "./leak-index.ts";
import type { OutputLimits } from "./limits.ts";
import { InstantWatch } from "./watch.ts";
import { sequenceHash, type Word, WordReader } from "./words.ts";

export class LeakWatch extends InstantWatch {
  readonly #index: LeakIndex;
  readonly #limits: OutputLimits;
  #reader = new WordReader();
  #at: number;
  /** the last words, as many as the longest sequence has; the last `#run` of them follow one another in a message */
  #words: Word[] = [];
  #run = 0;
  #seen = new Set<number>();
  /** hits start no earlier: what is before it was held for as long as it may be */
  #floor: number;

  constructor(index: LeakIndex, limits: OutputLimits, base = 0) {
    super();
    this.#index = index;
    this.#limits = limits;
    this.#at = base;
    this.#floor = base;
  }

  push(text: string): void {
    const words: Word[] = [];
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) as number;
      const width = code > 0xffff ? 2 : 1;
      this.#reader.read(code, this.#at, this.#at + width, words);
      this.#at += width;
      at += width;
      if (words.length === 0) {
        this.#floor = Math.max(this.#floor, this.#at - this.#limits.maxLeakHeldChars);
        continue;
      }
      for (const word of words) this.#read(word);
      words.length = 0;
    }
  }

  end(): void {
    const words: Word[] = [];
    this.#reader.finish(words);
    for (const word of words) this.#read(word);
    this.#run = 0;
  }

  #read(word: Word): void {
    const { longest, pairs, words } = this.#index;
    this.#words.push(word);
    const follows = this.#run > 0 && pairs.has(sequenceHash(this.#words, this.#words.length - 2, 2));
    this.#run = follows ? this.#run + 1 : words.has(word.hash) ? 1 : 0;
    for (const length of this.#index.lengths) {
      if (this.#run < length || this.#words.length < length) continue;
      const from = this.#words.length - length;
      if (this.#index.sequences.get(length)?.has(sequenceHash(this.#words, from, length)))
        this.#hit("output.prompt_leak", from, word.end);
    }
    this.#share(word);
    // one less than the longest sequence: the next word makes it one
    if (this.#words.length >= longest) this.#words.shift();
    this.#run = Math.min(this.#run, this.#words.length);
  }

  #share(word: Word): void {
    const { shared, sharedLimit } = this.#index;
    if (sharedLimit === Number.POSITIVE_INFINITY || this.#run < SHARE_WORDS) return;
    const from = this.#words.length - SHARE_WORDS;
    if (from < 0) return;
    const hash = sequenceHash(this.#words, from, SHARE_WORDS);
    if (!shared.has(hash)) return;
    this.#seen.add(hash);
    if (this.#seen.size >= sharedLimit) this.#hit("output.prompt_share", from, word.end);
  }

  #hit(rule: string, from: number, end: number): void {
    const start = Math.max(this.#floor, this.#heldFrom(from) ?? end);
    if (start < end) this.hits.push({ rule, category: "prompt_leak", kind: "prompt", score: 1, start, end });
  }

  /** The first word from there on that is not a light one: the light ones before it have left. */
  #heldFrom(from: number): number | null {
    for (let at = from; at < this.#words.length; at++) {
      const word = this.#words[at] as Word;
      if (!word.light || at === this.#words.length - 1) return word.start;
    }
    return null;
  }

  get openFrom(): number {
    const unfinished = this.#reader.openFrom;
    if (unfinished !== null && !this.#index.beginnings.has(this.#reader.hash)) return this.#at;
    for (let at = this.#words.length - this.#run; at < this.#words.length; at++) {
      const word = this.#words[at] as Word;
      if (!word.light) return Math.max(this.#floor, word.start);
    }
    return Math.max(this.#floor, unfinished ?? this.#at);
  }

  get dependsFrom(): number {
    const first = this.#words[this.#words.length - this.#run];
    return first?.start ?? this.#reader.openFrom ?? this.#at;
  }

  fork(): LeakWatch {
    const copy = new LeakWatch(this.#index, this.#limits, this.#at);
    copy.#reader = this.#reader.fork();
    copy.#words = [...this.#words];
    copy.#run = this.#run;
    copy.#seen = new Set(this.#seen);
    copy.#floor = this.#floor;
    copy.hits = [...this.hits];
    return copy;
  }
}

// Canaries: strings that no answer may hold, planted in a system prompt or named by policy. Found as they stand and in
// the disguises that cost nothing to see through: any case, width and look-alikes, digits for letters, characters spaced
// or joined by anything (`C-A-N…`, zero-width, markdown), backwards, and rot13.
import { foldCodePoint } from "./fold.ts";
import type { OutputLimits } from "./limits.ts";
import { Phrases } from "./phrases.ts";
import { type Hit, InstantWatch } from "./watch.ts";

/** Of fewer letters and digits a canary is sought as it stands only: disguised it would be in ordinary words. */
const MIN_DISGUISED = 8;
const LEET: Readonly<Record<string, string>> = { "0": "o", "1": "l", i: "l", "3": "e", "4": "a", "5": "s", "7": "t" };

/** Compiled once for a policy or a request. */
export class CanaryIndex {
  readonly loose: Phrases;
  readonly exact: Phrases;
  readonly looseViews: readonly (string | null)[];
  readonly size: number;

  constructor(canaries: readonly string[]) {
    const loose: (readonly string[])[] = [];
    const views: (string | null)[] = [];
    const exact: (readonly string[])[] = [];
    const seek = (phrase: readonly string[], view: string | null): void => {
      loose.push(phrase);
      views.push(view);
    };
    for (const canary of new Set(canaries.filter((text) => text !== ""))) {
      const letters = skeleton(canary);
      if (letters.length < MIN_DISGUISED) exact.push(Array.from(canary));
      if (letters.length < MIN_DISGUISED) continue;
      seek(letters, null);
      seek(letters.toReversed(), "reversed");
      seek(skeleton(rot13(canary)), "rot13");
    }
    this.loose = new Phrases(loose);
    this.exact = new Phrases(exact);
    this.looseViews = views;
    this.size = loose.length + exact.length;
  }
}

export class CanaryWatch extends InstantWatch {
  readonly #index: CanaryIndex;
  readonly #limits: OutputLimits;
  #at: number;
  #loose: Trail;
  #exact: Trail;
  /** characters since the last letter or digit */
  #gap = 0;

  constructor(index: CanaryIndex, limits: OutputLimits, base = 0) {
    super();
    this.#index = index;
    this.#limits = limits;
    this.#at = base;
    this.#loose = new Trail(index.loose);
    this.#exact = new Trail(index.exact);
  }

  push(text: string): void {
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) as number;
      const width = code > 0xffff ? 2 : 1;
      this.#read(code, this.#at, this.#at + width);
      this.#at += width;
      at += width;
    }
  }

  #read(code: number, start: number, end: number): void {
    if (this.#index.exact.longest > 0) this.#step(this.#exact, String.fromCodePoint(code), start, end, false);
    if (this.#index.loose.longest === 0) return;
    const folded = foldCodePoint(code);
    if (folded === null || folded === "") {
      this.#gap += end - start;
      if (this.#gap > this.#limits.maxCanaryGap) this.#loose.reset();
      return;
    }
    this.#gap = 0;
    for (const char of folded) this.#step(this.#loose, LEET[char] ?? char, start, end, true);
  }

  #step(trail: Trail, char: string, start: number, end: number, loose: boolean): void {
    for (const [phrase, from] of trail.step(char, start)) {
      const view = loose ? this.#index.looseViews[phrase] : null;
      const found: Hit = { rule: "output.canary", category: "canary", kind: "canary", score: 1, start: from, end };
      this.hits.push(view == null ? found : { ...found, view });
    }
  }

  end(): void {
    this.#loose.reset();
    this.#exact.reset();
  }

  get openFrom(): number {
    return Math.min(this.#loose.openFrom ?? this.#at, this.#exact.openFrom ?? this.#at);
  }

  get dependsFrom(): number {
    return this.openFrom;
  }

  fork(): CanaryWatch {
    const copy = new CanaryWatch(this.#index, this.#limits, this.#at);
    copy.#loose = this.#loose.fork();
    copy.#exact = this.#exact.fork();
    copy.#gap = this.#gap;
    copy.hits = [...this.hits];
    return copy;
  }
}

/** A state of the search, and where its characters stood. */
class Trail {
  readonly #phrases: Phrases;
  #state = 0;
  #count = 0;
  #starts: Float64Array;

  constructor(phrases: Phrases) {
    this.#phrases = phrases;
    this.#starts = new Float64Array(phrases.longest);
  }

  /** The phrases that this character completes, each with its start. */
  step(char: string, start: number): readonly (readonly [phrase: number, start: number])[] {
    const state = this.#phrases.step(this.#state, char);
    this.#starts[this.#count % this.#starts.length] = start;
    this.#count += 1;
    this.#state = state;
    if (state === 0) return NONE;
    const found = Array.from(this.#phrases.ending(state), (phrase): [number, number] => [
      phrase,
      this.#startOf(this.#phrases.lengths[phrase] as number),
    ]);
    this.#state = this.#phrases.rest(state);
    return found;
  }

  reset(): void {
    this.#state = 0;
  }

  get openFrom(): number | null {
    return this.#state === 0 ? null : this.#startOf(this.#phrases.depth(this.#state));
  }

  fork(): Trail {
    const copy = new Trail(this.#phrases);
    copy.#state = this.#state;
    copy.#count = this.#count;
    copy.#starts = this.#starts.slice();
    return copy;
  }

  #startOf(length: number): number {
    return this.#starts[(this.#count - length) % this.#starts.length] as number;
  }
}

const NONE: readonly (readonly [number, number])[] = [];

function skeleton(text: string): string[] {
  const letters: string[] = [];
  for (const char of text)
    for (const letter of foldCodePoint(char.codePointAt(0) as number) ?? "") letters.push(LEET[letter] ?? letter);
  return letters;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (char) => {
    const code = char.charCodeAt(0);
    const first = code < 97 ? 65 : 97;
    return String.fromCharCode(first + ((code - first + 13) % 26));
  });
}

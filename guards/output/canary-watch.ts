// Canaries: strings that no answer may hold, planted in a system prompt or named by policy. Found as they stand and in
// the disguises that cost nothing to see through: any case, width and look-alikes, digits for letters, characters spaced
// or joined by anything (`C-A-N…`, zero-width, markdown), backwards, and rot13.
import { type CanaryIndex, loosened } from "./canary-index.ts";
import { foldCodePoint } from "./fold.ts";
import type { OutputLimits } from "./limits.ts";
import { PhraseTrail } from "./phrase-trail.ts";
import { type Hit, InstantWatch } from "./watch.ts";

export class CanaryWatch extends InstantWatch {
  readonly #index: CanaryIndex;
  readonly #limits: OutputLimits;
  #at: number;
  #loose: PhraseTrail;
  #exact: PhraseTrail;
  /** characters since the last letter or digit */
  #gap = 0;

  constructor(index: CanaryIndex, limits: OutputLimits, base = 0) {
    super();
    this.#index = index;
    this.#limits = limits;
    this.#at = base;
    this.#loose = new PhraseTrail(index.loose);
    this.#exact = new PhraseTrail(index.exact);
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
    for (const char of folded) this.#step(this.#loose, loosened(char), start, end, true);
  }

  #step(trail: PhraseTrail, char: string, start: number, end: number, loose: boolean): void {
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

// A state of a search for phrases, and where the characters stood that it remembers.
import type { Phrases } from "./phrases.ts";

export class PhraseTrail {
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

  fork(): PhraseTrail {
    const copy = new PhraseTrail(this.#phrases);
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

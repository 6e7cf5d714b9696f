// A leaked system prompt in text whose words cannot be told apart, as in spaced characters: so many letters in a row.
import { type LeakIndex, SQUEEZED, squeeze } from "./leak-index.ts";
import { InstantWatch } from "./watch.ts";

export class SqueezedLeakWatch extends InstantWatch {
  readonly #index: LeakIndex;
  #letters = "";
  /** where each of the letters stood */
  #starts: number[] = [];
  #at = 0;

  constructor(index: LeakIndex) {
    super();
    this.#index = index;
  }

  push(text: string): void {
    for (const char of text) {
      const start = this.#at;
      this.#at += char.length;
      for (const letter of squeeze(char)) this.#letter(letter, start);
    }
  }

  #letter(letter: string, start: number): void {
    this.#letters = (this.#letters + letter).slice(-SQUEEZED);
    this.#starts.push(start);
    if (this.#starts.length > SQUEEZED) this.#starts.shift();
    if (this.#letters.length < SQUEEZED || !this.#index.squeezed.has(this.#letters)) return;
    const [first = start] = this.#starts;
    this.hits.push({
      rule: "output.prompt_leak",
      category: "prompt_leak",
      kind: "prompt",
      score: 1,
      start: first,
      end: this.#at,
    });
  }

  end(): void {
    this.#letters = "";
    this.#starts = [];
  }

  /** One letter less than a match is open: the next may make it one. */
  get openFrom(): number {
    return (this.#starts.length < SQUEEZED ? this.#starts[0] : this.#starts[1]) ?? this.#at;
  }

  get dependsFrom(): number {
    return this.openFrom;
  }

  fork(): SqueezedLeakWatch {
    const copy = new SqueezedLeakWatch(this.#index);
    copy.#letters = this.#letters;
    copy.#starts = [...this.#starts];
    copy.#at = this.#at;
    copy.hits = [...this.hits];
    return copy;
  }
}

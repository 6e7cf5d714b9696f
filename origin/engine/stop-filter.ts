// Stop texts in a stream: text goes out as soon as it cannot be the beginning of one.

export class StopFilter {
  readonly #stops: readonly string[];
  #held = "";
  #stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== "");
  }

  /** A stop text came up; nothing after it is let out. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** What may go out now. */
  push(text: string): string {
    if (this.#stopped) return "";
    this.#held += text;
    const at = this.#firstStop();
    if (at >= 0) {
      this.#stopped = true;
      return this.#take(at);
    }
    return this.#take(this.#held.length - this.#undecided());
  }

  /** The rest, once no more text comes. */
  flush(): string {
    return this.#stopped ? "" : this.#take(this.#held.length);
  }

  #take(length: number): string {
    const out = this.#held.slice(0, length);
    this.#held = this.#stopped ? "" : this.#held.slice(length);
    return out;
  }

  #firstStop(): number {
    let first = -1;
    for (const stop of this.#stops) {
      const at = this.#held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    return first;
  }

  /** Length of the longest end of the held text with which a stop text begins. */
  #undecided(): number {
    let longest = 0;
    for (const stop of this.#stops)
      for (let length = Math.min(stop.length - 1, this.#held.length); length > longest; length--)
        if (stop.startsWith(this.#held.slice(-length))) longest = length;
    return longest;
  }
}

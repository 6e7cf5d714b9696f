// Where each character of a derived text stood in the text it was derived from. Forgets what lies behind.

export class OffsetMap {
  #starts: number[] = [];
  #ends: number[] = [];
  /** derived offset of the first entry kept */
  #base: number;

  /** @param base derived offsets before it are the original's own */
  constructor(base = 0) {
    this.#base = base;
  }

  /** One more derived UTF-16 unit. */
  push(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  get length(): number {
    return this.#base + this.#starts.length;
  }

  startOf(derived: number): number {
    return this.#starts[derived - this.#base] ?? derived;
  }

  /** Original end of the derived unit before `derived`. */
  endOf(derived: number): number {
    return this.#ends[derived - 1 - this.#base] ?? derived;
  }

  /** Entries before `derived` are not asked for again. */
  forget(derived: number): void {
    const count = derived - this.#base;
    // in bulk, so that forgetting costs constant time a character
    if (count < 256 || count * 2 < this.#starts.length) return;
    this.#starts.splice(0, count);
    this.#ends.splice(0, count);
    this.#base += count;
  }

  fork(): OffsetMap {
    const copy = new OffsetMap(this.#base);
    copy.#starts = [...this.#starts];
    copy.#ends = [...this.#ends];
    return copy;
  }
}

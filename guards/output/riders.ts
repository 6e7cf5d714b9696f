// What repeats or accompanies texts of a choice (log probabilities, structures): it leaves whole, once its texts have left
// as they came, and never where these were cut or redacted.

export interface TextSpan {
  readonly channel: string;
  readonly start: number;
  readonly end: number;
}

interface Rider<T> {
  readonly texts: readonly TextSpan[];
  readonly value: T;
}

export class Riders<T> {
  /** characters that came on each channel */
  readonly #lengths = new Map<string, number>();
  #waiting: Rider<T>[] = [];

  /** Where a text that comes now will stand in its channel. */
  place(channel: string, text: string): TextSpan {
    const start = this.#lengths.get(channel) ?? 0;
    return { channel, start, end: start + text.length };
  }

  came({ channel, end }: TextSpan): void {
    this.#lengths.set(channel, end);
  }

  add(texts: readonly TextSpan[], value: T): void {
    this.#waiting.push({ texts, value });
  }

  /** Those that may leave now. @param untouched whether a text left as it came; null while that is not known */
  due(untouched: (text: TextSpan) => boolean | null): T[] {
    if (this.#waiting.length === 0) return [];
    const out: T[] = [];
    const waiting: Rider<T>[] = [];
    for (const rider of this.#waiting) {
      const passed = rider.texts.map(untouched);
      if (passed.includes(false)) continue;
      if (passed.includes(null)) waiting.push(rider);
      else out.push(rider.value);
    }
    this.#waiting = waiting;
    return out;
  }
}

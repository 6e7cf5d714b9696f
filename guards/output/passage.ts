// The text that waits at the guard, and in what form it leaves: as it came, without what is redacted.
import type { Span } from "../finding.ts";

/** Spans that are known to have been replaced: what rides on a text is asked about soon. */
const REMEMBERED = 64;

export class Passage {
  /** text from `#done` on: not passed yet */
  #text = "";
  #done = 0;
  #redactedTo = 0;
  /** the redacted token may go on: its rule's maximum ended before it did */
  #swallows = false;
  /** the last spans that were replaced, and the end of those that are forgotten */
  #redacted: { readonly start: number; readonly end: number }[] = [];
  #forgottenTo = 0;

  take(text: string): void {
    this.#text += text;
  }

  /** Characters that wait. */
  get waiting(): number {
    return this.#text.length;
  }

  /** Offset up to which the original text has passed. */
  get done(): number {
    return this.#done;
  }

  /** The text there, where it still waits; empty where some of it has passed. */
  original({ start, end }: Span): string {
    return start < this.#done ? "" : this.#text.slice(start - this.#done, end - this.#done);
  }

  /** What leaves of the original text up to there; and that text, for those who only look. */
  pass(to: number): { readonly leaves: string; readonly original: string } {
    const original = this.#text.slice(0, Math.max(0, to - this.#done));
    if (original === "") return { leaves: "", original };
    let at = Math.min(original.length, Math.max(0, this.#redactedTo - this.#done));
    while (this.#swallows && at < original.length && isTokenUnit(original.charCodeAt(at))) at += 1;
    if (at > 0) this.#remember(this.#done, this.#done + at);
    this.#text = this.#text.slice(original.length);
    this.#done += original.length;
    if (at < original.length) this.#swallows = false;
    // a token that goes on is redacted as far as it goes
    else if (this.#swallows) this.#redactedTo = Math.max(this.#redactedTo, this.#done);
    return { leaves: original.slice(at), original };
  }

  /**
   * Redacts what passes up to `end`, from a place that nothing has passed. False where that is redacted already; `again`
   * where it only grew.
   * @param token it is one, so that letters and digits right behind it are part of it
   */
  redact(start: number, end: number, token: boolean): "new" | "again" | false {
    const within = start < this.#redactedTo;
    if (within && end <= this.#redactedTo) return false;
    this.#redactedTo = end;
    this.#swallows = token;
    this.#remember(start, end);
    return within ? "again" : "new";
  }

  /** Nothing of what waits is to leave. */
  drop(): void {
    this.#text = "";
  }

  /** Whether the original text from there to there left as it came; null while that is not known. */
  untouched(start: number, end: number): boolean | null {
    if (this.#done < end) return null;
    return start >= this.#forgottenTo && !this.#redacted.some((span) => span.start < end && span.end > start);
  }

  #remember(start: number, end: number): void {
    this.#redacted.push({ start, end });
    if (this.#redacted.length > REMEMBERED) this.#forgottenTo = this.#redacted.shift()?.end ?? 0;
  }
}

function isTokenUnit(unit: number): boolean {
  const alphanumeric = (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122);
  return alphanumeric || unit === 0x2b || unit === 0x2d || unit === 0x2f || unit === 0x3d || unit === 0x5f;
}

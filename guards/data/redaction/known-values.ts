// The data that a client sent in this request, for policies that let an answer repeat them (`allow_echo`): a model that
// reads somebody's own address back to them leaks nothing. Lives in memory as long as the request.
import type { DataCategory, DataMatch } from "../detector.ts";

export class KnownValues {
  readonly #values = new Set<string>();

  /** Notes what was found in a text that the client wrote. */
  add(text: string, matches: readonly DataMatch[]): void {
    for (const match of matches) this.#values.add(normalised(text, match));
  }

  /** Whether the client itself sent this datum, in whatever spacing and case where these do not matter. */
  has(text: string, match: DataMatch): boolean {
    return this.#values.has(normalised(text, match));
  }

  /** The matches that the client did not send. */
  foreign(text: string, matches: readonly DataMatch[]): readonly DataMatch[] {
    return matches.filter((match) => !this.has(text, match));
  }
}

/** A secret must be the very same; a number's separators and an address's case are only its spelling. */
function normalised(text: string, { start, end, category }: DataMatch): string {
  const value = text.slice(start, end);
  const secret: DataCategory = "secret";
  return category === secret ? `s:${value}` : `p:${value.replace(/[\s().\-/]/g, "").toLowerCase()}`;
}

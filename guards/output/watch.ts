// What every rule of the output guard is: it reads a growing text once, says from where text must be held back, and
// hands over what it found once no text to come can change it. So how a text was cut into pieces decides nothing.
import type { Category, Span } from "../finding.ts";

export type OutputCategory = Extract<Category, "secret" | "personal_data" | "canary" | "prompt_leak" | "link">;

/** Something found for good. Offsets count from the start of the watched text. */
export interface Hit extends Span {
  readonly rule: string;
  readonly category: OutputCategory;
  /** names it in a placeholder: `[REDACTED:email]` */
  readonly kind: string;
  readonly score: number;
  readonly view?: string;
  /** what was found, decoded, where an echo of the request is allowed; never leaves the guard */
  readonly value?: string;
  /** the rest, from where it ended, of the hit of this rule before it: a datum too long to be held to its end */
  readonly continues?: true;
}

export interface Watch {
  /** More text. Never half a surrogate pair. */
  push(text: string): void;
  /** Nothing follows. */
  end(): void;
  /** No hit still to come starts before it. Never moves back. */
  readonly openFrom: number;
  /** The first character on which what is still to be found can depend. */
  readonly dependsFrom: number;
  /** Took text that it did not judge yet, to spare work: `settle` judges it. */
  readonly unjudged: boolean;
  settle(): void;
  /** The hits that became final since the last call, in no order. */
  take(): Hit[];
  /** An independent copy in the same state. */
  fork(): Watch;
}

/** Several watches over one text. */
export class WatchGroup implements Watch {
  readonly #watches: readonly Watch[];

  constructor(watches: readonly Watch[]) {
    this.#watches = watches;
  }

  get size(): number {
    return this.#watches.length;
  }

  push(text: string): void {
    for (const watch of this.#watches) watch.push(text);
  }

  end(): void {
    for (const watch of this.#watches) watch.end();
  }

  get openFrom(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const watch of this.#watches) from = Math.min(from, watch.openFrom);
    return from;
  }

  get dependsFrom(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const watch of this.#watches) from = Math.min(from, watch.dependsFrom);
    return from;
  }

  get unjudged(): boolean {
    return this.#watches.some((watch) => watch.unjudged);
  }

  settle(): void {
    for (const watch of this.#watches) watch.settle();
  }

  take(): Hit[] {
    const hits: Hit[] = [];
    for (const watch of this.#watches) hits.push(...watch.take());
    return hits;
  }

  fork(): WatchGroup {
    return new WatchGroup(this.#watches.map((watch) => watch.fork()));
  }
}

/** What a watch that judges each character at once has in common with others of its kind. */
export abstract class InstantWatch implements Watch {
  protected hits: Hit[] = [];

  abstract push(text: string): void;
  abstract end(): void;
  abstract get openFrom(): number;
  abstract get dependsFrom(): number;
  abstract fork(): Watch;

  get unjudged(): boolean {
    return false;
  }

  settle(): void {}

  take(): Hit[] {
    if (this.hits.length === 0) return this.hits;
    const taken = this.hits;
    this.hits = [];
    return taken;
  }
}

/** As hits stand in the text; of those that start together, the longest first. */
export function byPlace(a: Hit, b: Hit): number {
  return a.start - b.start || b.end - a.end || order(a.rule, b.rule) || order(a.view ?? "", b.view ?? "");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

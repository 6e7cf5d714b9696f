// All watches over one text: the plain ones, and those that see what it stands for.
import { completeLength } from "./escapes.ts";
import type { EscapesWatch } from "./escapes-watch.ts";
import type { Hit, Watch, WatchGroup } from "./watch.ts";

export class TextWatches {
  readonly #plain: WatchGroup;
  readonly #escapes: EscapesWatch;
  readonly #encoded: WatchGroup;
  readonly #parts: readonly Watch[];
  /** an escape that is not complete, or half a character */
  #unfinished = "";

  constructor(plain: WatchGroup, escapes: EscapesWatch, encoded: WatchGroup) {
    this.#plain = plain;
    this.#escapes = escapes;
    this.#encoded = encoded;
    this.#parts = [plain, escapes, encoded];
  }

  /** Cut anywhere. */
  push(delta: string): void {
    const text = this.#unfinished + delta;
    const length = completeLength(text);
    this.#unfinished = text.slice(length);
    this.#show(length === text.length ? text : text.slice(0, length));
  }

  end(): void {
    this.#show(this.#unfinished);
    this.#unfinished = "";
    for (const part of this.#parts) part.end();
  }

  #show(text: string): void {
    if (text === "") return;
    // first: it copies the plain watches as they were before this text
    this.#escapes.push(text);
    this.#plain.push(text);
    this.#encoded.push(text);
  }

  get openFrom(): number {
    return Math.min(this.#plain.openFrom, this.#escapes.openFrom, this.#encoded.openFrom);
  }

  get unjudged(): boolean {
    return this.#plain.unjudged || this.#escapes.unjudged || this.#encoded.unjudged;
  }

  settle(): void {
    for (const part of this.#parts) part.settle();
  }

  take(): Hit[] {
    return this.#parts.flatMap((part) => part.take());
  }

  fork(): TextWatches {
    const plain = this.#plain.fork();
    const copy = new TextWatches(plain, this.#escapes.forkOver(plain), this.#encoded.fork());
    copy.#unfinished = this.#unfinished;
    return copy;
  }
}

// The text with its escapes undone, watched by the same rules as the text itself. Asleep while there are none, for then
// both texts are one; at an escape it starts from a copy of the plain text's own watches, and it sleeps again once they
// can no longer remember it.
import { ESCAPE, undone } from "./escapes.ts";
import { OffsetMap } from "./offset-map.ts";
import { Utf8Reader } from "./utf8-reader.ts";
import type { Hit, Watch } from "./watch.ts";

interface Awake {
  readonly watch: Watch;
  readonly map: OffsetMap;
  /** offsets behind the last escape, derived and original */
  escapedTo: number;
  readFrom: number;
}

export class EscapesWatch implements Watch {
  /** over the plain text; shown each piece of it after this one, so that it can be copied before */
  readonly #plain: Watch;
  #awake: Awake | null = null;
  #at: number;
  #hits: Hit[] = [];
  readonly #bytes = new Utf8Reader();
  #bytesFrom = 0;

  constructor(plain: Watch, base = 0) {
    this.#plain = plain;
    this.#at = base;
  }

  /** Never a text that ends in the middle of an escape (`completeLength`). */
  push(text: string): void {
    this.#sleep();
    let from = 0;
    for (const match of text.matchAll(ESCAPE)) {
      const [whole] = match;
      this.#awake ??= this.#wake();
      this.#plainText(text, from, match.index);
      from = match.index + whole.length;
      this.#escaped(undone(match.groups ?? {}), this.#at + match.index, this.#at + from);
    }
    if (this.#awake !== null) this.#plainText(text, from, text.length);
    this.#at += text.length;
    this.#collect();
  }

  #wake(): Awake {
    const watch = this.#plain.fork();
    // they are the plain text's
    watch.take();
    return { watch, map: new OffsetMap(this.#at), escapedTo: this.#at, readFrom: this.#at };
  }

  /** Once neither text's watches can remember the last escape, they agree for good. Asked between two texts. */
  #sleep(): void {
    if (this.#awake === null || this.#bytes.within) return;
    const { watch, escapedTo, readFrom } = this.#awake;
    if (watch.dependsFrom > escapedTo && this.#plain.dependsFrom > readFrom) this.#awake = null;
  }

  #plainText(text: string, from: number, to: number): void {
    if (from === to || this.#awake === null) return;
    const { watch, map } = this.#awake;
    for (let at = from; at < to; at++) map.push(this.#at + at, this.#at + at + 1);
    watch.push(text.slice(from, to));
    this.#bytes.reset();
  }

  #escaped(value: number | string, start: number, end: number): void {
    if (this.#awake === null) return;
    const { watch, map } = this.#awake;
    const within = this.#bytes.within;
    if (!within) this.#bytesFrom = start;
    const text = typeof value === "string" ? value : this.#byte(value);
    if (typeof value === "string") this.#bytes.reset();
    for (let unit = 0; unit < text.length; unit++) map.push(within ? this.#bytesFrom : start, end);
    if (text !== "") watch.push(text);
    this.#awake.escapedTo = map.length;
    this.#awake.readFrom = end;
  }

  #byte(byte: number): string {
    if (byte < 0x80) {
      this.#bytes.reset();
      return String.fromCharCode(byte);
    }
    const char = this.#bytes.read(byte);
    if (char === null) this.#bytes.reset();
    return char ?? "\ufffd";
  }

  end(): void {
    this.#awake?.watch.end();
    this.#collect();
  }

  #collect(): void {
    if (this.#awake === null) return;
    const { watch, map } = this.#awake;
    for (const hit of watch.take())
      this.#hits.push({ ...hit, view: viewOf(hit), start: map.startOf(hit.start), end: map.endOf(hit.end) });
    map.forget(watch.openFrom);
  }

  get openFrom(): number {
    if (this.#awake === null) return this.#at;
    const { watch, map } = this.#awake;
    const open = watch.openFrom;
    const from = open < map.length ? map.startOf(open) : this.#at;
    return this.#bytes.within ? Math.min(from, this.#bytesFrom) : from;
  }

  get dependsFrom(): number {
    return this.openFrom;
  }

  get unjudged(): boolean {
    return this.#awake?.watch.unjudged ?? false;
  }

  settle(): void {
    this.#awake?.watch.settle();
    this.#collect();
  }

  take(): Hit[] {
    if (this.#hits.length === 0) return this.#hits;
    const taken = this.#hits;
    this.#hits = [];
    return taken;
  }

  fork(): EscapesWatch {
    return this.forkOver(this.#plain.fork());
  }

  /** @param plain a copy of the plain text's watch, in the same state */
  forkOver(plain: Watch): EscapesWatch {
    const copy = new EscapesWatch(plain, this.#at);
    const awake = this.#awake;
    if (awake !== null) copy.#awake = { ...awake, watch: awake.watch.fork(), map: awake.map.fork() };
    copy.#hits = [...this.#hits];
    copy.#bytes.become(this.#bytes);
    copy.#bytesFrom = this.#bytesFrom;
    return copy;
  }
}

function viewOf({ view }: Hit): string {
  return view === undefined ? "unescaped" : `unescaped+${view}`;
}

// Builds a view from a text in one pass: a decoder names what it replaces, in order; the builder keeps what lies between.
// The text grows in a small buffer of units, not by adding strings: a rope of single characters costs 30 bytes each.
import type { Span } from "../finding.ts";
import { Runs } from "./runs.ts";
import { unitsText } from "./units-text.ts";

/** Units at which a text counts as long, and the grain of its offsets from there on. */
const LONG = 32_768;
const LONG_GRAIN = 32;
const BUFFER = 2048;

export interface Built {
  readonly text: string;
  spanOf(start: number, end: number): Span;
  /** Was any unit of [start, end) put there, not copied? */
  isFresh(start: number, end: number): boolean;
}

export interface BuilderRoom {
  readonly maxChars: number;
  /** unchanged units kept on either side of a change; absent: all */
  readonly context?: number;
}

export class ViewBuilder {
  readonly source: string;
  private readonly room: BuilderRoom;
  private readonly runs: Runs;
  private buffer: Uint16Array | null = null;
  private buffered = 0;
  private parts: string[] = [];
  private length = 0;
  private cursor = 0;
  private changes = 0;
  /** the first and the last thing replaced, to tell whether a nested decoder found anything new */
  private readonly fresh: ((start: number, end: number) => boolean) | null;
  private freshSeen = false;

  /** @param fresh what counts as new in the source: a view in which no change touches it is dropped */
  constructor(source: string, room: BuilderRoom, fresh: ((start: number, end: number) => boolean) | null = null) {
    this.source = source;
    this.room = room;
    this.fresh = fresh;
    this.runs = new Runs(source.length > LONG ? LONG_GRAIN : 1);
  }

  /** No more fits: what is replaced from here on is dropped. */
  get full(): boolean {
    return this.length >= this.room.maxChars;
  }

  /** Puts `text` in the place of [from, to), which must not lie before the last replacement's end. */
  replace(from: number, to: number, text: string): void {
    if (from < this.cursor || this.full) return;
    this.keep(from, false);
    this.cursor = to;
    this.changes++;
    if (this.fresh !== null && !this.freshSeen) this.freshSeen = this.fresh(from, to);
    this.put(text, from, to, false);
  }

  /** The view, or null where nothing (new) was replaced. */
  finish(): Built | null {
    if (this.changes === 0 || (this.fresh !== null && !this.freshSeen)) return null;
    this.keep(this.source.length, true);
    this.flush();
    const text = this.parts.join("");
    this.parts = [];
    const { runs } = this;
    const sourceLength = this.source.length;
    return {
      text,
      spanOf: (start, end) => runs.spanOf(start, end, text.length, sourceLength),
      isFresh: (start, end) => runs.touchesBlock(start, end),
    };
  }

  /** Keeps the source from the cursor up to `to`, or the context of the changes around. */
  private keep(to: number, last: boolean): void {
    const { cursor } = this;
    const context = this.room.context ?? Number.POSITIVE_INFINITY;
    const first = this.changes === 0;
    const kept = first || last ? context : 2 * context;
    if (to - cursor <= kept) this.copy(cursor, to);
    else {
      if (!first) this.copy(cursor, this.boundary(cursor + context));
      if (!first && !last) this.put("\n", this.boundary(cursor + context), this.boundary(to - context), true);
      if (!last) this.copy(this.boundary(to - context), to);
    }
    this.cursor = to;
  }

  /** Moves an offset off the middle of a surrogate pair. */
  private boundary(at: number): number {
    const unit = this.source.charCodeAt(at);
    return unit >= 0xdc00 && unit <= 0xdfff && at > 0 ? at - 1 : at;
  }

  private copy(from: number, to: number): void {
    const room = this.room.maxChars - this.length;
    const end = to - from > room ? this.boundary(from + room) : to;
    if (end <= from) return;
    this.runs.add(this.length, end - from, from, end, true);
    this.length += end - from;
    if (end - from > 64) {
      this.flush();
      this.parts.push(this.source.slice(from, end));
      return;
    }
    this.write(this.source, from, end);
  }

  private put(text: string, from: number, to: number, separator: boolean): void {
    const room = this.room.maxChars - this.length;
    let { length } = text;
    if (length > room) {
      const unit = text.charCodeAt(room);
      length = unit >= 0xdc00 && unit <= 0xdfff && room > 0 ? room - 1 : room;
    }
    this.runs.add(this.length, length, from, to, separator && length === to - from);
    this.length += length;
    if (length > 64) {
      this.flush();
      this.parts.push(length === text.length ? text : text.slice(0, length));
      return;
    }
    this.write(text, 0, length);
  }

  private write(text: string, from: number, to: number): void {
    // most decoders change nothing: no buffer for them
    this.buffer ??= new Uint16Array(BUFFER);
    if (this.buffered + to - from > BUFFER) this.flush();
    for (let at = from; at < to; at++) this.buffer[this.buffered++] = text.charCodeAt(at);
  }

  private flush(): void {
    if (this.buffered === 0 || this.buffer === null) return;
    this.parts.push(unitsText(this.buffer.subarray(0, this.buffered)));
    this.buffered = 0;
  }
}

// Server-sent events: the one parser and the one writer (WHATWG HTML, section 9.2, "event stream").
// A tap that misses valid framing (a bare CR, `data:` without a space, a last event without its blank line) is free
// traffic, so all of it is understood; what the client's SDK must see is written in one plain form.
import { utf8 } from "./encoding.ts";

/** The data of the event that ends OpenAI's streams. Text, and not bytes: a byte stream detaches what it is given. */
export const DONE = "[DONE]";

export type SseEvent =
  | { readonly type: "event"; readonly event: string | null; readonly data: string }
  | { readonly type: "comment"; readonly text: string }
  /** an event grew past the limit; the parser reads no further */
  | { readonly type: "oversize"; readonly limitBytes: number };

export interface SseLimits {
  /** Bytes of one event's lines. Protects memory from a stream that never ends its line or sends no blank one. */
  readonly maxEventBytes: number;
}

export const DEFAULT_SSE_LIMITS: SseLimits = { maxEventBytes: 1024 * 1024 };

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

// replacement, as the specification wants; a byte order mark within data is a character of the data
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** Incremental: feed it chunks as they come, cut anywhere, then flush. Linear in the bytes, however they are cut. */
export class SseParser {
  readonly #limits: SseLimits;
  /** the unfinished line, in a buffer that grows; `#kept` bytes of it are in use. All before it is read already. */
  #buffer = new Uint8Array(0);
  #kept = 0;
  /** a CR ended the last line: an LF that follows belongs to it, in whichever chunk it comes */
  #afterCr = false;
  #firstLine = true;
  #event: string | null = null;
  #data: string | null = null;
  /** bytes of the lines that `#event` and `#data` hold */
  #eventBytes = 0;
  #ended = false;

  constructor(limits: SseLimits = DEFAULT_SSE_LIMITS) {
    this.#limits = limits;
  }

  /** The events that this chunk completes. The chunk is not kept: its unfinished rest is copied. */
  push(chunk: Uint8Array): SseEvent[] {
    const out: SseEvent[] = [];
    if (this.#ended) return out;
    let at = this.#kept;
    const bytes = this.#joined(chunk);
    let lineStart = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) continue;
      const secondOfPair = byte === LF && this.#afterCr && at === lineStart;
      this.#afterCr = byte === CR;
      if (!secondOfPair) this.#line(bytes, lineStart, at, out);
      lineStart = at + 1;
      if (this.#eventBytes > this.#limits.maxEventBytes) return this.#oversize(out);
    }
    this.#keep(bytes, lineStart);
    return this.#eventBytes + this.#kept > this.#limits.maxEventBytes ? this.#oversize(out) : out;
  }

  /** The end of the stream: an event without its closing blank line, if there is one. */
  flush(): SseEvent[] {
    const out: SseEvent[] = [];
    if (this.#ended) return out;
    this.#ended = true;
    if (this.#kept > 0) this.#line(this.#buffer, 0, this.#kept, out);
    this.#dispatch(out);
    return out;
  }

  /** One line, without its end. */
  #line(bytes: Uint8Array, from: number, end: number, out: SseEvent[]): void {
    const start = this.#firstLine ? afterByteOrderMark(bytes, from, end) : from;
    this.#firstLine = false;
    if (start === end) {
      this.#dispatch(out);
      return;
    }
    const colon = colonIn(bytes, start, end);
    const length = colon - start;
    if (length === 4 && isAscii(bytes, start, "data")) {
      const value = valueAfter(bytes, colon, end);
      this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
      this.#eventBytes += end - start;
    } else if (length === 5 && isAscii(bytes, start, "event")) {
      this.#event = valueAfter(bytes, colon, end);
      this.#eventBytes += end - start;
    } else if (length === 0) {
      out.push({ type: "comment", text: valueAfter(bytes, colon, end) });
    }
  }

  /** An event without any data line is dropped and takes its name along, as the specification says. */
  #dispatch(out: SseEvent[]): void {
    if (this.#data !== null) out.push({ type: "event", event: this.#event || null, data: this.#data });
    this.#event = null;
    this.#data = null;
    this.#eventBytes = 0;
  }

  #joined(chunk: Uint8Array): Uint8Array {
    if (this.#kept === 0) return chunk;
    const length = this.#kept + chunk.length;
    this.#reserve(length);
    this.#buffer.set(chunk, this.#kept);
    return this.#buffer.subarray(0, length);
  }

  #keep(bytes: Uint8Array, from: number): void {
    const rest = bytes.length - from;
    if (bytes.buffer === this.#buffer.buffer) {
      if (from > 0) this.#buffer.copyWithin(0, from, bytes.length);
    } else if (rest > 0) {
      this.#reserve(rest);
      this.#buffer.set(from > 0 ? bytes.subarray(from) : bytes);
    }
    this.#kept = rest;
  }

  /** Doubles, so that a line that comes byte by byte is not copied once a byte. */
  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(1024, 2 * length));
    larger.set(this.#buffer.subarray(0, this.#kept));
    this.#buffer = larger;
  }

  #oversize(out: SseEvent[]): SseEvent[] {
    this.#ended = true;
    this.#buffer = new Uint8Array(0);
    this.#kept = 0;
    this.#data = null;
    out.push({ type: "oversize", limitBytes: this.#limits.maxEventBytes });
    return out;
  }
}

/** What stands after the colon and at most one space; a line without a colon has an empty value. */
function valueAfter(bytes: Uint8Array, colon: number, end: number): string {
  const from = colon + 1 < end && bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
  return from < end ? decoder.decode(bytes.subarray(from, end)) : "";
}

/** The colon's index, or the line's end where it has none: such a line is a field name with an empty value. */
function colonIn(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === COLON) return i;
  return end;
}

function isAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function afterByteOrderMark(bytes: Uint8Array, start: number, end: number): number {
  const marked = end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  return marked ? start + 3 : start;
}

const LINE_END = /\r\n|\r|\n/;

/**
 * One event with its closing blank line. Each line of the data gets a field of its own, so that data cannot end the
 * event early or forge another.
 * @param event must be free of line ends; `error` is the only one in use
 */
export function formatEvent(data: string, event: string | null = null): Uint8Array<ArrayBuffer> {
  const name = event === null ? "" : `event: ${event.split(LINE_END, 1)[0]}\n`;
  return utf8(`${name}data: ${data.split(LINE_END).join("\ndata: ")}\n\n`);
}

/** A comment: keeps a connection alive, and no client sees it as data. */
export function formatComment(text: string): Uint8Array<ArrayBuffer> {
  return utf8(`: ${text.split(LINE_END).join("\n: ")}\n\n`);
}

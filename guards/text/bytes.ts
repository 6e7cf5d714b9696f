// Bytes that a decoder read out of a text, with the places they came from, and how they become text again.
import type { ViewBuilder } from "./builder.ts";
import { isReadable } from "./readable.ts";
import { characterStart, utf8Text } from "./utf8.ts";

/** Bytes that share one place in the map. A character that straddles two shares counts to the first. */
const CHUNK = 96;

export class ByteRun {
  private readonly bytes: Uint8Array;
  private readonly marks: Uint32Array;
  private length = 0;

  /** @param capacity bytes at most; a run that is full takes no more */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(1, capacity));
    this.marks = new Uint32Array(Math.ceil(capacity / CHUNK) + 1);
  }

  /** @param at where the byte's spelling starts in the source */
  push(byte: number, at: number): void {
    if (this.length >= this.bytes.length) return;
    if (this.length % CHUNK === 0) this.marks[this.length / CHUNK] = at;
    this.bytes[this.length++] = byte;
  }

  /** Would `emit` find the beginning readable? */
  reads(minChars: number): boolean {
    this.narrow();
    const end = this.length > CHUNK ? characterStart(this.bytes, CHUNK, this.length) : this.length;
    return isReadable(utf8Text(this.bytes, 0, end), minChars);
  }

  /**
   * Puts the bytes' text in the place of [from, to), up to where it stops being readable.
   * @returns false where even the beginning is not
   */
  emit(out: ViewBuilder, from: number, to: number, minChars: number): boolean {
    if (!this.reads(minChars)) return false;
    this.pour(out, from, to);
    return true;
  }

  /** As `emit`, of bytes that did not come in the text's order: all of them are put in the place of all of it. */
  emitAt(out: ViewBuilder, from: number, to: number, minChars: number): boolean {
    if (!this.reads(minChars)) return false;
    const text = utf8Text(this.bytes, 0, this.length);
    if (!isReadable(text, minChars)) return false;
    out.replace(from, to, text);
    return true;
  }

  /** As `emit`, whatever the beginning: for escapes, which stand for single characters as well. */
  pour(out: ViewBuilder, from: number, to: number): void {
    let start = from;
    for (let at = 0, chunk = 1; at < this.length; chunk++) {
      const last = chunk * CHUNK >= this.length;
      const end = last ? this.length : characterStart(this.bytes, chunk * CHUNK, this.length);
      const text = utf8Text(this.bytes, at, end);
      if (at > 0 && !isReadable(text, 0)) return;
      const next = last ? to : (this.marks[chunk] as number);
      out.replace(start, next, text);
      start = next;
      at = end;
    }
  }

  /** Text in UTF-16 (what PowerShell encodes) has a zero in every other byte. */
  private narrow(): void {
    const head = Math.min(this.length, CHUNK) & ~1;
    let zeros = 0;
    for (let at = 1; at < head; at += 2) if (this.bytes[at] === 0) zeros++;
    if (head < 8 || zeros * 2 < head * 0.9) return;
    const wide = this.length;
    const places = this.marks.slice();
    this.length = 0;
    for (let at = 0; at < wide; at += 2) this.push(this.bytes[at] as number, places[Math.floor(at / CHUNK)] as number);
  }
}

/** Bytes spelt by three characters each (`%69`, `=69`) in the place of [from, to). */
export function replaceTriples(out: ViewBuilder, from: number, to: number, byteAt: (at: number) => number): void {
  if (to - from === 3) {
    const byte = byteAt(from);
    out.replace(from, to, byte < 0x80 ? String.fromCharCode(byte) : "\ufffd");
    return;
  }
  const run = new ByteRun((to - from) / 3);
  for (let at = from; at < to; at += 3) run.push(byteAt(at), at);
  run.pour(out, from, to);
}

// Ascii85 (between `<~` and `~>`, as Adobe has it, or bare) and uuencoding (POSIX, a line of 45 bytes at most each).
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { nextMatch } from "../next-match.ts";
import { TRAIT } from "../scan.ts";

const FIRST = 0x21;
const RADIX = 85;
const ZEROS = 0x7a;
/** Signs that are worth decoding, and by which a stretch is told from a link or a name. */
const MIN_SIGNS = 20;
const SAMPLE = 60;
const MIN_CHARS = 8;

export const ascii85: Decoder = {
  name: "ascii85",
  traits: TRAIT.marked,
  run(out, text, { solid }) {
    const other = /[^!-uz]/g;
    for (let at = 0; at < solid.length && !out.full; at += 2) {
      const index = solid[at] as number;
      const open = text.startsWith("<~", index) ? 2 : 0;
      const start = index + open;
      const end = Math.min(solid[at + 1] as number, nextMatch(other, text, start));
      if (end - start < MIN_SIGNS || !bytesOf(text, start, Math.min(end, start + SAMPLE)).reads(MIN_CHARS)) continue;
      // what ends it is no sign of it
      const close = text.startsWith("~>", end) ? 2 : 0;
      bytesOf(text, start, end).emit(out, index, end + close, MIN_CHARS);
    }
  },
};

function bytesOf(text: string, start: number, end: number): ByteRun {
  const run = new ByteRun(end - start);
  let value = 0;
  let count = 0;
  const push = (bytes: number, at: number) => {
    for (let byte = 0; byte < bytes; byte++) run.push((value >>> (24 - 8 * byte)) & 255, at);
    value = count = 0;
  };
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === ZEROS && count === 0) {
      push(4, at);
      continue;
    }
    value = Math.imul(value, RADIX) + (unit - FIRST);
    if (++count === 5) push(4, Math.max(start, at - 4));
  }
  if (count > 1) {
    const left = count;
    for (; count < 5; count++) value = Math.imul(value, RADIX) + (RADIX - 1);
    push(left - 1, end - left);
  }
  return run;
}

const BLANK = 0x20;
const MAX_LINE = 61;

export const uuencode: Decoder = {
  name: "uuencode",
  traits: TRAIT.marked,
  run(out, text) {
    for (let at = 0; at < text.length && !out.full; ) {
      const end = lineEnd(text, at);
      if (!isLine(text, at, end) || !lineBytes(text, at, end).reads(MIN_CHARS)) {
        at = end + 1;
        continue;
      }
      let last = end;
      const run: ByteRun[] = [];
      for (let next = at; isLine(text, next, last); next = last + 1, last = lineEnd(text, next)) {
        run.push(lineBytes(text, next, last));
        emitLine(out, text, next, last);
      }
      at = last + 1;
    }
  },
};

function emitLine(out: ViewBuilder, text: string, start: number, end: number): void {
  // the line's end falls, since it may cut a word
  lineBytes(text, start, end).pour(out, start, Math.min(text.length, end + 1));
}

function lineEnd(text: string, start: number): number {
  const feed = text.indexOf("\n", start);
  return feed < 0 ? text.length : feed;
}

/** The first sign is the number of bytes, four signs stand for three of them. */
function isLine(text: string, start: number, end: number): boolean {
  const bytes = text.charCodeAt(start) - BLANK;
  if (!(bytes >= 1 && bytes <= 45) || end - start > MAX_LINE) return false;
  if (end - start !== 1 + 4 * Math.ceil(bytes / 3)) return false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit < BLANK || unit > 0x60) return false;
  }
  return true;
}

function lineBytes(text: string, start: number, end: number): ByteRun {
  const bytes = text.charCodeAt(start) - BLANK;
  const run = new ByteRun(bytes);
  for (let at = start + 1; at + 3 < end; at += 4) {
    const six = (n: number) => (text.charCodeAt(at + n) - BLANK) & 63;
    run.push((six(0) << 2) | (six(1) >> 4), at);
    run.push(((six(1) & 15) << 4) | (six(2) >> 2), at);
    run.push(((six(2) & 3) << 6) | six(3), at);
  }
  return run;
}

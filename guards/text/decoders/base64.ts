// base64 and base64url (RFC 4648, sections 4 and 5) inside a text: padded or not, wrapped in lines, one word at a time, in
// pieces of one length, or read from its end.
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

const NONE = 255;
const VALUES = new Uint8Array(128).fill(NONE);
for (const [at, sign] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  VALUES[sign.charCodeAt(0)] = at;
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;
VALUES[0x20] = VALUES[0x0a] = VALUES[0x0d] = NONE;

/** Signs of a stretch that is worth decoding, and of one among several (`aWdub3Jl YWxs cHJldmlvdXM=`). */
const MIN_SIGNS = 16;
/** A line at least this long may go on in the next one (RFC 2045 wraps at 76, PEM at 64). */
const WRAPPED_AT = 40;
const EQUALS = 0x3d;

export const base64: Decoder = {
  name: "base64",
  traits: TRAIT.long | TRAIT.pieces,
  run(out, text, { long, traits }) {
    if ((traits & TRAIT.pieces) !== 0 && rows(out, text)) return;
    let done = 0;
    for (let run = 0; run < long.length && !out.full; run += 2) {
      const start = long[run] as number;
      if (start < done || (long[run + 1] as number) - start < MIN_SIGNS) continue;
      done = stretchEnd(text, start);
      if (decode(out, text, start, done)) continue;
      // an equals sign in front (`?q=…`, or padding that was turned round) ended it
      done = Math.max(done, long[run + 1] as number);
      if (!backwards(out, text, start, done)) parts(out, text, start, done);
    }
  },
};

/** From `start` over signs, padding at the end, and line ends behind long lines. */
function stretchEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const line = at;
    while (valueAt(text, at) !== NONE) at++;
    if (at - line < WRAPPED_AT) break;
    const next = nextLine(text, at);
    if (next < 0) break;
    at = next;
  }
  while (text.charCodeAt(at) === EQUALS && at < text.length) at++;
  return at;
}

/** Where a wrapped text goes on, or -1: a line of signs alone, indented or not. */
function nextLine(text: string, at: number): number {
  let next = at;
  if (text.charCodeAt(next) === 0x0d) next++;
  if (text.charCodeAt(next) !== 0x0a) return -1;
  next++;
  for (let blanks = 0; blanks < 8 && (text.charCodeAt(next) === 0x20 || text.charCodeAt(next) === 9); blanks++) next++;
  let end = next;
  // longer lines are read by the caller: what begins them is enough here
  while (end - next < WRAPPED_AT && valueAt(text, end) !== NONE) end++;
  const after = text.charCodeAt(end);
  const alone =
    end - next === WRAPPED_AT || end === text.length || after === EQUALS || after === 0x0a || after === 0x0d;
  return end > next && alone ? next : -1;
}

/** A path or a name with words in front of the payload: its alphabet's own marks cut it. */
function parts(out: ViewBuilder, text: string, start: number, end: number): void {
  let from = start;
  for (let at = start; at <= end; at++) {
    const unit = at < end ? text.charCodeAt(at) : EQUALS;
    const mark = unit === EQUALS || unit === 0x2f || unit === 0x5f || unit === 0x2d || unit === 0x2b;
    if (!mark) continue;
    if (at - from >= MIN_SIGNS && at - from < end - start) decode(out, text, from, at);
    from = at + 1;
  }
}

function decode(out: ViewBuilder, text: string, start: number, end: number): boolean {
  // the beginning first: most stretches are names and paths, which need no whole copy to be told apart
  const trial = end - start > 256 ? bytesOf(text, start, start + 256) : null;
  if (trial !== null && !trial.reads(6)) return false;
  return bytesOf(text, start, end).emit(out, start, end, 6);
}

/** Signs of a stretch that is tried from its end. */
const MIN_BACKWARDS = 24;
const MAX_BACKWARDS = 16_384;

function backwards(out: ViewBuilder, text: string, start: number, end: number): boolean {
  if (end - start < MIN_BACKWARDS || end - start > MAX_BACKWARDS) return false;
  const turn = (from: number, to: number) => [...text.slice(from, to)].reverse().join("").replace(/^=+/, "");
  const head = turn(Math.max(start, end - 64), end);
  if (!bytesOf(head, 0, head.length).reads(6)) return false;
  const whole = turn(start, end);
  const bytes = bytesOf(whole, 0, whole.length);
  return bytes.emitAt(out, start, end, 6);
}

/** Pieces of one length with a blank between: four and more, a multiple of four signs each but for the last. */
const ROW =
  /(?<![A-Za-z0-9+/_-])(?:([A-Za-z0-9+/_-]{4}|[A-Za-z0-9+/_-]{8}|[A-Za-z0-9+/_-]{12}|[A-Za-z0-9+/_-]{16})[ \t\n]{1,2}){4,}(?:[A-Za-z0-9+/_-]{2,16}={0,2})?/g;

/** @returns whether there is one */
function rows(out: ViewBuilder, text: string): boolean {
  let found = false;
  for (const match of text.matchAll(ROW)) {
    if (out.full) break;
    const end = match.index + match[0].length;
    if (!bytesOf(text, match.index, Math.min(end, match.index + 96)).reads(6)) continue;
    found = bytesOf(text, match.index, end).emit(out, match.index, end, 6) || found;
  }
  return found;
}

function bytesOf(text: string, start: number, end: number): ByteRun {
  const run = new ByteRun(Math.ceil(((end - start) * 3) / 4));
  let bits = 0;
  let held = 0;
  for (let at = start; at < end; at++) {
    const value = valueAt(text, at);
    if (value === NONE) continue;
    held = ((held << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    run.push((held >> bits) & 255, at - 1);
  }
  return run;
}

function valueAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? (VALUES[unit] as number) : NONE;
}

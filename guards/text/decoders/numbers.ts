// Characters spelt as numbers in a row: hexadecimal (`69 67`, `0x69,0x67`, `\x69\x67`, `U+0069`), decimal, octal, binary.
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { hexValue, isDigit, isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";

interface Base {
  readonly name: string;
  readonly radix: number;
  readonly digits: readonly [min: number, max: number];
  /** what may stand before the digits, the longest first */
  readonly prefixes: readonly string[];
  /** six in a row, roughly: what a text must hold to be walked at all */
  readonly row: RegExp;
}

/** Numbers in a row that are worth decoding. */
const MIN_CODES = 6;
/** characters between two numbers */
const MAX_GAP = 3;

export const numberDecoders: readonly Decoder[] = [
  decoder({
    name: "hex",
    radix: 16,
    digits: [2, 4],
    prefixes: ["0x", "\\x", "\\u", "u+", "x"],
    row: /(?:[0-9a-f]{2}(?:[^0-9a-z]{0,3}(?:0x|\\x|\\u[0-9a-f]{2}|u\+[0-9a-f]{2}|x)|[^0-9a-z]{1,3})){5}[0-9a-f]/i,
  }),
  decoder({
    name: "binary",
    radix: 2,
    digits: [7, 8],
    prefixes: ["0b"],
    row: /(?:[01]{7,8}[^0-9a-z]{1,3}(?:0b)?){5}[01]{7}/i,
  }),
  decoder({
    name: "decimal",
    radix: 10,
    digits: [2, 6],
    prefixes: ["&#", "\\"],
    row: /(?:\d{2,6}[^0-9a-z]{1,4}){5}\d/i,
  }),
  decoder({
    name: "octal",
    radix: 8,
    digits: [3, 4],
    prefixes: ["0o", "\\"],
    row: /(?:[0-7]{3,4}[^0-9a-z]{1,3}(?:0o)?){5}[0-7]{3}/i,
  }),
];

function decoder(base: Base): Decoder {
  return {
    name: base.name,
    traits: TRAIT.codes | TRAIT.backslash,
    run(out, text) {
      // hexadecimal with `0x` or `\x` has an `x` before each pair
      const first = text.search(base.row);
      if (first < 0) return;
      for (let at = Math.max(0, first - 3); at < text.length && !out.full; ) {
        const first = codeAt(text, at, base);
        if (first === null || joinsWord(text, at)) {
          at++;
          continue;
        }
        at = sequence(out, text, at, base);
      }
    },
  };
}

/** @returns where to look on: behind the sequence that starts at `start`, decoded or not */
function sequence(out: ViewBuilder, text: string, start: number, base: Base): number {
  let count = 0;
  let end = start;
  for (let at = start; ; ) {
    const code = codeAt(text, at, base);
    if (code === null) break;
    count++;
    end = code.end;
    at = gapEnd(text, end);
  }
  if (count < MIN_CODES) return end;
  // three bytes hold any code point below U+10000, and what lies above is rare
  const run = new ByteRun(count * 4);
  for (let at = start; at < end; ) {
    const code = codeAt(text, at, base);
    if (code === null) break;
    pushCodePoint(run, code.value, at, /^(?:\\u|u\+)/i.test(text.slice(at, at + 2)));
    at = gapEnd(text, code.end);
  }
  run.emit(out, start, end, MIN_CODES);
  return end;
}

interface Code {
  readonly value: number;
  readonly end: number;
}

function codeAt(text: string, start: number, base: Base): Code | null {
  const [min, max] = base.digits;
  const prefix = prefixAt(text, start, base);
  let at = start + prefix;
  let value = 0;
  for (; at < text.length && at - start - prefix < max; at++) {
    const digit = hexValue(text.charCodeAt(at));
    if (digit < 0 || digit >= base.radix) break;
    value = value * base.radix + digit;
  }
  if (at - start - prefix < min || value > 0x10ffff || (value < 32 && value !== 9 && value !== 10 && value !== 13))
    return null;
  const next = text.charCodeAt(at);
  // more digits or a letter: a number of another kind, or a word; a prefix may follow at once
  if (isDigit(next) && prefixAt(text, at, base) === 0) return null;
  if (isLetter(next) && prefixAt(text, at, base) === 0) return null;
  return { value, end: at };
}

function prefixAt(text: string, at: number, base: Base): number {
  for (const prefix of base.prefixes)
    if (text.charCodeAt(at) === prefix.charCodeAt(0) || prefix.startsWith("u"))
      if (text.slice(at, at + prefix.length).toLowerCase() === prefix) return prefix.length;
  return 0;
}

function gapEnd(text: string, start: number): number {
  let at = start;
  while (at - start < MAX_GAP && at < text.length) {
    const unit = text.charCodeAt(at);
    if (isDigit(unit) || isLetter(unit) || unit === 0x5c || unit === 0x26 || unit === 0x25) break;
    at++;
  }
  return at;
}

function joinsWord(text: string, at: number): boolean {
  const before = at > 0 ? text.charCodeAt(at - 1) : 0;
  return isLetter(before) || isDigit(before);
}

/** @param isPoint it is said to be one; otherwise what is below 256 is a byte */
function pushCodePoint(run: ByteRun, value: number, at: number, isPoint: boolean): void {
  if (value < (isPoint ? 0x80 : 0x100)) run.push(value, at);
  else for (const byte of new TextEncoder().encode(String.fromCodePoint(value))) run.push(byte, at);
}

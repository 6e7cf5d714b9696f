// Escapes of programming languages and of JSON strings: `\u0069`, `\u{69}`, `\x69`, `\U00000069`, `%u0069`, and, in what
// looks like JSON, `\n`, `\"` and the rest of RFC 8259, section 7. A tool's arguments reach the model unescaped.
import type { Decoder } from "../decoder.ts";
import { nextMatch } from "../next-match.ts";
import { hexValue } from "../readable.ts";
import { TRAIT } from "../scan.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: " ",
  f: " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
};
/** Escapes that become one piece: enough for any pair of surrogates, and for a word. */
const MAX_PIECE = 32;

export const escapes: Decoder = {
  name: "escapes",
  traits: TRAIT.backslash | TRAIT.percent,
  run(out, text) {
    const simple = looksLikeJson(text);
    const lead = /[\\%]/g;
    for (let at = nextMatch(lead, text, 0); at < text.length && !out.full; at = nextMatch(lead, text, at + 1)) {
      const unit = text.charCodeAt(at);
      const start = at;
      const units: number[] = [];
      let found = escapeAt(text, at);
      while (found !== null && (units.length < MAX_PIECE || isHigh(units.at(-1)))) {
        units.push(...found.units);
        at = found.end;
        found = escapeAt(text, at);
      }
      if (units.length > 0) {
        out.replace(start, at, String.fromCharCode(...units).toWellFormed());
        at--;
        continue;
      }
      if (unit !== 0x5c) continue;
      const sign = simple ? SIMPLE[text[at + 1] ?? ""] : undefined;
      if (sign !== undefined) out.replace(at, at + 2, sign);
      at++;
    }
  },
};

function looksLikeJson(text: string): boolean {
  const head = text.slice(0, 64).trimStart()[0];
  return head === "{" || head === "[" || head === '"' || text.includes('":');
}

interface Escape {
  readonly units: readonly number[];
  readonly end: number;
}

function escapeAt(text: string, at: number): Escape | null {
  const lead = text.charCodeAt(at);
  if (lead !== 0x5c && lead !== 0x25) return null;
  const kind = text[at + 1];
  if (kind === "u" && lead === 0x5c && text[at + 2] === "{") {
    const close = text.slice(at + 3, at + 11).indexOf("}");
    const value = close < 1 ? -1 : hexOf(text, at + 3, close);
    return value < 0 || value > 0x10ffff ? null : { units: unitsOf(value), end: at + 4 + close };
  }
  if (kind === "u") return fixed(text, at, 4);
  if (lead !== 0x5c) return null;
  if (kind === "x") return fixed(text, at, 2);
  return kind === "U" ? fixed(text, at, 8) : null;
}

function fixed(text: string, at: number, digits: number): Escape | null {
  const value = hexOf(text, at + 2, digits);
  return value < 0 || value > 0x10ffff ? null : { units: unitsOf(value), end: at + 2 + digits };
}

function hexOf(text: string, start: number, digits: number): number {
  let value = 0;
  for (let at = start; at < start + digits; at++) {
    const digit = at < text.length ? hexValue(text.charCodeAt(at)) : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function unitsOf(value: number): readonly number[] {
  if (value < 0x10000) return [value];
  return [0xd800 + ((value - 0x10000) >> 10), 0xdc00 + ((value - 0x10000) & 0x3ff)];
}

function isHigh(unit: number | undefined): boolean {
  return unit !== undefined && unit >= 0xd800 && unit <= 0xdbff;
}

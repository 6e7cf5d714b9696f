// Where an assigned value ends: at its closing quote, at the next tag, or at the first character that no bare value has.
import { isAlphanumeric } from "../scan/boundary.ts";
import type { Value } from "./assignment-value.ts";

/** Characters of a value on which it is judged. A longer one counts as a match from here on. */
export const LONGEST_VALUE = 256;
/** A quote that is never closed. */
export const NO_VALUE = -1;

const BARE_ENDS = new Uint8Array(128);
for (const char of " \t\r\n\f\"'`<>,;(){}|\\&") BARE_ENDS[char.charCodeAt(0)] = 1;

/** The end of the value from `start`, at most LONGEST_VALUE on; the text's length where the text ends first. */
export function endOfValue(text: string, start: number, quote: string, style: Value["style"]): number {
  const limit = Math.min(text.length, start + LONGEST_VALUE);
  const end = scan(text, start, limit, quote, style);
  if (end === limit || quote === "" || style === "tag") return end;
  return text.startsWith(quote, end) ? end : NO_VALUE;
}

/** The end of a value that is longer than it need be. */
export function endOfRun(text: string, from: number, quote: string, style: Value["style"]): number {
  return scan(text, from, text.length, quote, style);
}

function scan(text: string, from: number, to: number, quote: string, style: Value["style"]): number {
  let at = from;
  if (style === "tag") {
    while (at < to && text.charCodeAt(at) !== 60 && !isLineEnd(text.charCodeAt(at))) at++;
    return at;
  }
  if (quote !== "") {
    const first = quote.charCodeAt(0);
    while (at < to && !isLineEnd(text.charCodeAt(at)) && !(text.charCodeAt(at) === first && text.startsWith(quote, at)))
      at++;
    return at;
  }
  while (at < to && !endsBare(text, at)) at++;
  return at;
}

/** `=` is padding at the end of base64, and between words another assignment. */
function endsBare(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 61) return isAlphanumeric(text.charCodeAt(at + 1));
  return code < 128 && BARE_ENDS[code] === 1;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

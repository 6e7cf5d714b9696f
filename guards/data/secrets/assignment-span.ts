// Where an assigned value ends: at its closing quote, at the next tag, or at the first character that no bare value has.
import type { Growth } from "../detector.ts";
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

/** A value that is longer than it need be and has not ended with its text. @param text what of the value was there last */
export function growthOf(text: string, quote: string, style: Value["style"]): Growth {
  return {
    undecided: undecidedIn(text, quote, style),
    after(more) {
      const end = scan(more, 0, more.length, quote, style);
      return { end, growth: end === more.length ? growthOf(more, quote, style) : null };
    },
  };
}

/** The beginning of a closing quote, or a `=` that is padding or not by what follows. */
function undecidedIn(text: string, quote: string, style: Value["style"]): number {
  if (style === "tag") return 0;
  if (quote === "") return text.endsWith("=") ? 1 : 0;
  let length = Math.min(quote.length - 1, text.length);
  while (length > 0 && !quote.startsWith(text.slice(text.length - length))) length--;
  return length;
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

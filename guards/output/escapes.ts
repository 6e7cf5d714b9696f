// Escapes that a reader of the answer undoes: percent-encoding, JSON's and JavaScript's `\u0073`, HTML's character
// references; and characters that show as others or not at all (full width, mathematical letters, zero width, tags).
import { INVISIBLE } from "./fold.ts";

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  colon: ":",
  sol: "/",
  bsol: "\\",
  period: ".",
  commat: "@",
  lpar: "(",
  rpar: ")",
  lsqb: "[",
  rsqb: "]",
  lowbar: "_",
  hyphen: "-",
  dash: "-",
  num: "#",
  equals: "=",
  quest: "?",
  excl: "!",
  tab: "\t",
  newline: "\n",
};
const LETTERS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** Global; each repetition is bounded. The groups are read by `undone` alone. */
export const ESCAPE = new RegExp(
  [
    "%(?<byte>[0-9a-f]{2})",
    '\\\\{1,4}(?:u(?<unit>[0-9a-f]{4})|x(?<short>[0-9a-f]{2})|u\\{(?<point>[0-9a-f]{1,6})\\}|(?<letter>["/nrtbf]))',
    "&#(?:x(?<hex>[0-9a-f]{1,6})|(?<decimal>[0-9]{1,7}));?",
    `&(?<name>${Object.keys(NAMED).join("|")});`,
    `(?<hidden>[${INVISIBLE}\\u{e0000}-\\u{e0fff}])`,
    "(?<styled>[\\uff01-\\uff5e\\u2460-\\u24ff\\u{1d400}-\\u{1d7ff}\\u{1f130}-\\u{1f189}])",
  ].join("|"),
  "giu",
);

/** Where text could still become an escape when more follows, and half a surrogate pair: at most 16 characters. */
const UNFINISHED =
  /(?:%[0-9a-f]?|\\{1,4}(?:u(?:[0-9a-f]{0,3}|\{[0-9a-f]{0,6})|x[0-9a-f]?)?|&(?:#(?:x[0-9a-f]{0,6}|[0-9]{0,7})?|[a-z]{1,7})?|[\ud800-\udbff])$/i;
const MAX_UNFINISHED = 16;

/** Length of the text that no more text can change the reading of. */
export function completeLength(text: string): number {
  const from = Math.max(0, text.length - MAX_UNFINISHED);
  const at = text.slice(from).search(UNFINISHED);
  return at < 0 ? text.length : from + at;
}

/** What a match of ESCAPE stands for: a byte of percent-encoding, or text, perhaps none. */
export function undone(groups: Readonly<Record<string, string | undefined>>): number | string {
  const { byte, unit, short, point, letter, hex, decimal, name, hidden, styled } = groups;
  if (byte !== undefined) return Number.parseInt(byte, 16);
  if (letter !== undefined) return LETTERS[letter.toLowerCase()] ?? letter;
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? "";
  if (styled !== undefined) return styled.normalize("NFKC");
  if (hidden !== undefined) return tagText(hidden);
  if (decimal !== undefined) return character(Number.parseInt(decimal, 10));
  return character(Number.parseInt(unit ?? short ?? point ?? hex ?? "", 16));
}

/** Of a lone surrogate too: the two of a pair are escaped one by one. */
function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function tagText(char: string): string {
  const code = (char.codePointAt(0) ?? 0) - 0xe0000;
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "";
}

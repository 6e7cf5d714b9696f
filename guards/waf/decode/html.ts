// HTML character references, numeric with or without their semicolon, and the named ones that punctuation has
// (HTML, section 13.5): the rest are letters, which no rule needs.
import { hex } from "./url.ts";

const NAMED: Readonly<Record<string, number>> = {
  lt: 60,
  gt: 62,
  quot: 34,
  apos: 39,
  amp: 38,
  colon: 58,
  semi: 59,
  lpar: 40,
  rpar: 41,
  lsqb: 91,
  lbrack: 91,
  rsqb: 93,
  rbrack: 93,
  lcub: 123,
  lbrace: 123,
  rcub: 125,
  rbrace: 125,
  tab: 9,
  newline: 10,
  nbsp: 32,
  sol: 47,
  bsol: 92,
  equals: 61,
  grave: 96,
  num: 35,
  dollar: 36,
  percnt: 37,
  excl: 33,
  comma: 44,
  period: 46,
  plus: 43,
  ast: 42,
  commat: 64,
  verbar: 124,
  vert: 124,
  lowbar: 95,
  hat: 94,
  quest: 63,
};
const LONGEST = 8;

/** The reference at `at` (an ampersand), or null. */
export function htmlReference(text: string, at: number): { point: number; next: number } | null {
  if (text.charCodeAt(at + 1) === 35) return numeric(text, at + 2);
  let end = at + 1;
  while (end - at <= LONGEST && isLetter(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) !== 59) return null;
  const name = text.slice(at + 1, end).toLowerCase();
  const point = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  return point === undefined ? null : { point, next: end + 1 };
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Up to twelve digits: browsers take leading zeros without end, and longer runs are noise. */
function numeric(text: string, from: number): { point: number; next: number } | null {
  const marker = text.charCodeAt(from);
  const isHex = marker === 120 || marker === 88;
  const start = isHex ? from + 1 : from;
  let at = start;
  let point = 0;
  for (; at - start < 12; at++) {
    const digit = hex(text.charCodeAt(at));
    if (digit < 0 || (!isHex && digit > 9)) break;
    point = point * (isHex ? 16 : 10) + digit;
  }
  if (at === start || point > 0x10ffff) return null;
  return { point, next: text.charCodeAt(at) === 59 ? at + 1 : at };
}

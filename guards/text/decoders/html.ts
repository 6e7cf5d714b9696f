// Character references of HTML: numeric ones, and the names that spell marks which other guards look for.
import type { Decoder } from "../decoder.ts";
import { hexValue } from "../readable.ts";
import { TRAIT } from "../scan.ts";

const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    ensp: " ",
    emsp: " ",
    thinsp: " ",
    shy: "",
    zwj: "",
    zwnj: "",
    Tab: "\t",
    NewLine: "\n",
    colon: ":",
    semi: ";",
    comma: ",",
    period: ".",
    excl: "!",
    quest: "?",
    num: "#",
    ast: "*",
    sol: "/",
    bsol: "\\",
    lpar: "(",
    rpar: ")",
    lbrack: "[",
    rbrack: "]",
    lsqb: "[",
    rsqb: "]",
    lbrace: "{",
    rbrace: "}",
    vert: "|",
    verbar: "|",
    lowbar: "_",
    hyphen: "-",
    grave: "`",
    lsquo: "'",
    rsquo: "'",
    ldquo: '"',
    rdquo: '"',
    ndash: "-",
    mdash: "-",
  }),
);
/** letters of the longest name above */
const MAX_NAME = 8;
const AND = 0x26;
const SEMICOLON = 0x3b;

export const html: Decoder = {
  name: "html",
  traits: TRAIT.entity,
  run(out, text) {
    for (let at = text.indexOf("&"); at >= 0 && !out.full; at = text.indexOf("&", at)) {
      // one piece for a word of references, so that pairs stay whole
      let piece = "";
      let end = at;
      for (let next = referenceAt(text, end); next !== null && piece.length < 64; next = referenceAt(text, end)) {
        piece += next.text;
        end = next.end;
      }
      if (end > at) out.replace(at, end, piece);
      at = Math.max(end, at + 1);
    }
  },
};

interface Reference {
  readonly text: string;
  readonly end: number;
}

function referenceAt(text: string, at: number): Reference | null {
  if (text.charCodeAt(at) !== AND) return null;
  if (text[at + 1] === "#") return numeric(text, at);
  let end = at + 1;
  while (end - at <= MAX_NAME + 1 && end < text.length && text.charCodeAt(end) !== SEMICOLON) end++;
  if (text.charCodeAt(end) !== SEMICOLON) return null;
  const sign = NAMED.get(text.slice(at + 1, end));
  return sign === undefined ? null : { text: sign, end: end + 1 };
}

function numeric(text: string, at: number): Reference | null {
  const radix = text[at + 2] === "x" || text[at + 2] === "X" ? 16 : 10;
  const start = at + (radix === 16 ? 3 : 2);
  let end = start;
  let value = 0;
  for (; end < text.length && end - start < 8; end++) {
    const digit = hexValue(text.charCodeAt(end));
    if (digit < 0 || digit >= radix) break;
    value = value * radix + digit;
  }
  if (end === start || value === 0 || value > 0x10ffff) return null;
  const sign = value >= 0xd800 && value <= 0xdfff ? "\ufffd" : String.fromCodePoint(value);
  return { text: sign, end: text.charCodeAt(end) === SEMICOLON ? end + 1 : end };
}

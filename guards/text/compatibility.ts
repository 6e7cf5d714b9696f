// The first pass of the base view: invisible characters out, compatibility forms to plain ones (UAX #15, NFKC), styled,
// enclosed and regional letters to letters, stacked marks off. Letters of any script stay what they are.
import type { ViewBuilder } from "./builder.ts";
import { invisible, isOrdinaryInvisible } from "./hidden-signs.ts";

/** What was undone, beyond what ordinary text asks for. */
export interface Undone {
  invisible: boolean;
  marks: boolean;
  /** styled letters that only disguise or ornament uses */
  styled: boolean;
}

/** Marks over or under one letter that a language may ask for, once composed. */
const MAX_MARKS = 2;
/** Longest cluster that is composed at once. */
const MAX_CLUSTER = 24;

export function compatibility(out: ViewBuilder, text: string): Undone {
  const undone: Undone = { invisible: false, marks: false, styled: false };
  for (let at = nextOdd(text, 0), done = 0; at < text.length && !out.full; at = nextOdd(text, done)) {
    // a mark belongs to the letter before it
    const start = at > done && isMark(text.charCodeAt(at)) ? at - 1 : at;
    done = text.charCodeAt(at) === 0x1b ? controlSequence(out, text, at) : sign(out, text, start, undone);
  }
  return undone;
}

/** Ranges of letters and signs that NFKC leaves alone; most honest text beyond ASCII is made of these. */
const PLAIN_RANGES = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x7e],
  [0xc0, 0x131],
  [0x134, 0x13e],
  [0x141, 0x148],
  [0x14a, 0x17e],
  [0x391, 0x3a9],
  [0x3ac, 0x3ce],
  [0x400, 0x481],
  [0x531, 0x586],
  [0x5b0, 0x5ea],
  [0x620, 0x652],
  [0x66e, 0x674],
  [0x679, 0x6d3],
  [0x900, 0x957],
  [0x981, 0x9cd],
  [0xa81, 0xacd],
  [0xb82, 0xbcd],
  [0xe01, 0xe32],
  [0xe34, 0xe4e],
  [0x10d0, 0x10fa],
  [0x1780, 0x17b3],
  [0x17b6, 0x17d2],
  [0x1ea0, 0x1ef9],
  [0x2010, 0x2010],
  [0x2012, 0x2016],
  [0x2018, 0x201e],
  [0x20ac, 0x20ac],
  [0x3001, 0x3030],
  [0x3041, 0x3096],
  [0x30a1, 0x30fe],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
] as const;
/** 1 for units that stay as they are; those beyond the ranges are found once and remembered. */
const PLAIN = new Uint8Array(0x10000);
for (const [first, last] of PLAIN_RANGES) PLAIN.fill(1, first, last + 1);

function nextOdd(text: string, from: number): number {
  let at = from;
  while (at < text.length && PLAIN[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** Control sequences of terminals (ECMA-48): colours between letters. */
function controlSequence(out: ViewBuilder, text: string, start: number): number {
  let at = start + 1;
  if (text.charCodeAt(at) === 0x5b) {
    at++;
    while (at - start < 24 && text.charCodeAt(at) >= 0x20 && text.charCodeAt(at) < 0x40) at++;
    at++;
  }
  const end = Math.min(at, text.length);
  out.replace(start, end, "");
  return end;
}

function sign(out: ViewBuilder, text: string, at: number, undone: Undone): number {
  const point = text.codePointAt(at) ?? 0;
  const size = point > 0xffff ? 2 : 1;
  const hidden = invisible(point);
  if (hidden !== null) {
    if (hidden === "gone" && !isOrdinaryInvisible(point)) undone.invisible = true;
    if (hidden === "gone" && isOrdinaryInvisible(point) && isLatinBeside(text, at, size)) undone.invisible = true;
    out.replace(at, at + size, hidden === "gone" ? "" : hidden);
    return at + size;
  }
  const styled = STYLED.get(point);
  if (styled !== undefined) {
    // full-width forms are Japanese typography too, regional indicators are flags, digits in circles are lists
    if (point < 0xff00 ? point > 0x249b : point > 0xffff && point < 0x1f1e6) undone.styled = true;
    out.replace(at, at + size, styled);
    return at + size;
  }
  return cluster(out, text, at, size, undone);
}

/** A character with its marks, composed; what stays of marks on a Latin, Greek or Cyrillic letter is ornament. */
function cluster(out: ViewBuilder, text: string, start: number, size: number, undone: Undone): number {
  let end = start + size;
  while (end < text.length && end - start < MAX_CLUSTER && isMark(text.charCodeAt(end))) end++;
  const original = text.slice(start, end);
  let composed = original.normalize("NFKC").toWellFormed();
  if (end > start + size || composed.length > 1) {
    const bare = withoutMarks(composed);
    if (bare.length < composed.length) {
      if (composed.length - bare.length >= MAX_MARKS || bare.length === 0) undone.marks = true;
      composed = bare;
    }
  }
  if (composed !== original) out.replace(start, end, composed);
  else if (end === start + 1 && !isMark(original.charCodeAt(0))) PLAIN[original.charCodeAt(0)] = 1;
  return end;
}

/** The voicing marks of Japanese are no ornament. */
function withoutMarks(text: string): string {
  let bare = "";
  for (const sign of text) {
    const unit = sign.charCodeAt(0);
    if (!isMark(unit) || unit === 0x3099 || unit === 0x309a) bare += sign;
  }
  return bare;
}

function isMark(unit: number): boolean {
  if (unit < 0x300) return false;
  return (
    unit <= 0x36f ||
    (unit >= 0x483 && unit <= 0x489) ||
    (unit >= 0x1ab0 && unit <= 0x1aff) ||
    (unit >= 0x1dc0 && unit <= 0x1dff) ||
    (unit >= 0x20d0 && unit <= 0x20ff) ||
    unit === 0x3099 ||
    unit === 0x309a ||
    (unit >= 0xfe20 && unit <= 0xfe2f)
  );
}

function isLatinBeside(text: string, at: number, size: number): boolean {
  return /[a-zA-Z]/.test(text.charAt(at - 1)) && /[a-zA-Z]/.test(text.charAt(at + size));
}

/** Letters in other clothes, each to one ASCII letter or digit: by look-up, since NFKC a character would cost a call. */
const STYLED: ReadonlyMap<number, string> = styledLetters();

function styledLetters(): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  // full-width, mathematical, circled and squared: NFKC knows most of them
  for (const [first, last] of [
    [0xff01, 0xff5e],
    [0x1d400, 0x1d7ff],
    [0x2460, 0x24ff],
    [0x1f110, 0x1f14f],
  ] as const)
    for (let point = first; point <= last; point++) {
      const plain = String.fromCodePoint(point)
        .normalize("NFKC")
        .replace(/^\((.+)\)$/, "$1");
      if (/^[\x21-\x7e]{1,2}$/.test(plain)) letters.set(point, plain);
    }
  // what NFKC leaves: negative circled and squared letters, regional indicators
  for (const first of [0x1f150, 0x1f170, 0x1f1e6])
    for (let letter = 0; letter < 26; letter++)
      letters.set(first + letter, String.fromCharCode((first === 0x1f1e6 ? 0x61 : 0x41) + letter));
  return letters;
}

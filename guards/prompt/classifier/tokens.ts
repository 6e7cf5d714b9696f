// Splits a text into tokens without copying it: words, characters of unspaced scripts, numbers, runs of one punctuation
// mark, line ends. One pass, linear; each token carries a key that stands for its lower-cased form and its case.
import { classOf, DIGIT, INVISIBLE, LETTER, NEWLINE, SPACE, SURROGATE, UNSPACED } from "./characters.ts";

export const WORD = 0;
export const UNSPACED_TOKEN = 1;
export const NUMBER = 2;
export const MARK = 3;
export const LINE = 4;
export const SYMBOL = 5;

export const LOWER = 0;
export const TITLE = 1;
export const UPPER = 2;

/** Words are cut after this many units, so that a blob without spaces is many tokens and not one. */
const MAX_WORD = 40;
/** An unspaced token is known by itself and the two characters after it. */
const GRAM = 3;
const PLAIN = /^[A-Za-z]+$/;

/** Parallel columns, one entry a token. `key` is 32 bits; `start` and `end` are UTF-16 offsets, `end` exclusive. */
export interface Tokens {
  readonly count: number;
  readonly key: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly kind: Uint8Array;
  /** the case of a word */
  readonly casing: Uint8Array;
}

/** Tokens of `text`. The columns are as long as needed and not shared. */
export function tokensOf(text: string): Tokens {
  const columns = new Columns(Math.max(16, (text.length >> 1) + 8));
  let at = 0;
  while (at < text.length) at = readToken(text, at, columns);
  return columns;
}

function readToken(text: string, at: number, into: Columns): number {
  const unit = text.charCodeAt(at);
  switch (classOf(unit)) {
    case SPACE:
    case INVISIBLE:
      return at + 1;
    case LETTER:
      return readWord(text, at, into);
    case NEWLINE:
      return readLines(text, at, into);
    case DIGIT:
      return readNumber(text, at, into);
    case UNSPACED:
      return readUnspaced(text, at, into);
    case SURROGATE:
      return readSymbol(text, at, into);
    default:
      return readMarks(text, at, unit, into);
  }
}

function readWord(text: string, start: number, into: Columns): number {
  let hash = 0x811c9dc5;
  let end = start;
  let plain = true;
  let upper = 0;
  let units = 0;
  const limit = Math.min(text.length, start + MAX_WORD);
  for (; end < limit; end++) {
    let unit = text.charCodeAt(end);
    if (unit >= 65 && unit <= 90) {
      upper++;
      unit |= 32;
    } else if (unit < 97 || unit > 122) {
      const kind = classOf(unit);
      if (kind === INVISIBLE) continue;
      if (kind !== LETTER && !(isApostrophe(unit) && end > start && end + 1 < limit && isLetter(text, end + 1))) break;
      if (unit > 127) plain = false;
    }
    units++;
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  const first = text.charCodeAt(start);
  let casing = upper === 0 ? LOWER : upper === units && units > 1 ? UPPER : first >= 65 && first <= 90 ? TITLE : LOWER;
  if (!plain) {
    const word = text.slice(start, end);
    const folded = foldWord(word);
    hash = hashText(folded);
    casing = casingOf(word);
  }
  into.add(hash, casing, WORD, start, end);
  return end;
}

function isLetter(text: string, at: number): boolean {
  return classOf(text.charCodeAt(at)) === LETTER;
}

/** Typographic and plain apostrophes: both stand within a word (don't, l'instruction). */
function isApostrophe(unit: number): boolean {
  return unit === 39 || unit === 0x2019;
}

/** Lower-cased and compatibility-composed, without invisible characters; what the key of a word stands for. */
export function foldWord(word: string): string {
  if (PLAIN.test(word)) return word.toLowerCase();
  return word
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replaceAll("\u0307", "")
    .replaceAll("’", "'");
}

function casingOf(word: string): number {
  const lower = word.toLowerCase();
  if (lower === word) return LOWER;
  if (word.length > 1 && word.toUpperCase() === word) return UPPER;
  return word.slice(0, 1) !== lower.slice(0, 1) ? TITLE : LOWER;
}

function readLines(text: string, start: number, into: Columns): number {
  let end = start;
  let lines = 0;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    const kind = classOf(unit);
    if (kind === NEWLINE) lines += unit === 13 ? 0 : 1;
    else if (kind !== SPACE) break;
  }
  into.add(lines > 2 ? 0x3103 : lines > 1 ? 0x3102 : 0x3101, LOWER, LINE, start, end);
  return end;
}

function readNumber(text: string, start: number, into: Columns): number {
  let end = start + 1;
  const limit = Math.min(text.length, start + MAX_WORD);
  while (end < limit && classOf(text.charCodeAt(end)) === DIGIT) end++;
  into.add(0x2100 + Math.min(end - start, 9), LOWER, NUMBER, start, end);
  return end;
}

function readUnspaced(text: string, start: number, into: Columns): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < start + GRAM && at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (at > start && classOf(unit) !== UNSPACED) break;
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  into.add(hash, LOWER, UNSPACED_TOKEN, start, start + 1);
  return start + 1;
}

/** The characters that an unspaced token is known by: itself and up to two that follow. */
export function gramAt(text: string, start: number): string {
  let end = start + 1;
  while (end < start + GRAM && end < text.length && classOf(text.charCodeAt(end)) === UNSPACED) end++;
  return text.slice(start, end);
}

function readMarks(text: string, start: number, unit: number, into: Columns): number {
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) === unit) end++;
  into.add(0x510000 + unit * 4 + Math.min(end - start, 3), LOWER, MARK, start, end);
  return end;
}

function readSymbol(text: string, start: number, into: Columns): number {
  const point = text.codePointAt(start) ?? 0;
  const end = start + (point > 0xffff ? 2 : 1);
  into.add(0x620000 + (point >> 4), LOWER, SYMBOL, start, end);
  return end;
}

/** FNV-1a over UTF-16 units, 32 bits; the hash that keys and vocabulary use. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

class Columns implements Tokens {
  count = 0;
  key: Int32Array;
  start: Int32Array;
  end: Int32Array;
  kind: Uint8Array;
  casing: Uint8Array;

  constructor(capacity: number) {
    this.key = new Int32Array(capacity);
    this.start = new Int32Array(capacity);
    this.end = new Int32Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.casing = new Uint8Array(capacity);
  }

  add(hash: number, casing: number, kind: number, start: number, end: number): void {
    if (this.count === this.key.length) this.grow();
    const at = this.count++;
    // the kind is mixed in, so that a word never shares a key with a mark or a number
    this.key[at] = Math.imul(hash ^ (kind << 28), 4) | casing;
    this.start[at] = start;
    this.end[at] = end;
    this.kind[at] = kind;
    this.casing[at] = casing;
  }

  private grow(): void {
    const size = this.key.length * 2;
    const longer = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.key = longer(this.key, new Int32Array(size));
    this.start = longer(this.start, new Int32Array(size));
    this.end = longer(this.end, new Int32Array(size));
    this.kind = longer(this.kind, new Uint8Array(size));
    this.casing = longer(this.casing, new Uint8Array(size));
  }
}

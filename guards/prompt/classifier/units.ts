// What a token is made of: its word (if the vocabulary holds it), its pieces, its kind and its case. The rows that a
// token's vector is the sum of, shared by training and by the Worker.
import { foldWord, gramAt, LINE, MARK, NUMBER, SYMBOL, type Tokens, UNSPACED_TOKEN, WORD } from "./tokens.ts";

export const PIECE_ROWS = 8192;
/** rows after vocabulary and pieces: kinds (6), cases (3), unknown word, long word */
export const SPECIAL_ROWS = 12;
const KIND_ROW = 0;
const CASE_ROW = 6;
/** a word that the vocabulary has no vector for */
export const UNKNOWN_ROW = 9;
const LONG_ROW = 10;
const LONG_WORD = 20;

/** Names of the whole-token features: looked up in the vocabulary by hash. */
export function namesOf(text: string, tokens: Tokens, at: number): string[] {
  const start = tokens.start[at] ?? 0;
  const end = tokens.end[at] ?? 0;
  switch (tokens.kind[at]) {
    case WORD:
      return [foldWord(text.slice(start, end))];
    case UNSPACED_TOKEN: {
      const gram = gramAt(text, start);
      return gram.length === 1
        ? [gram]
        : gram.length === 2
          ? [gram, gram.slice(0, 1)]
          : [gram, gram.slice(0, 2), gram.slice(0, 1)];
    }
    case NUMBER:
      return [`#${Math.min(end - start, 9)}`];
    case MARK:
      return [text.slice(start, start + 1).repeat(Math.min(end - start, 3))];
    case LINE:
      return [`\n${text.slice(start, end).split("\n").length - 1 > 1 ? 2 : 1}`];
    default:
      return [`:${((text.codePointAt(start) ?? 0) >> 4).toString(16)}`];
  }
}

/** Hashed letter groups of a word, three and four letters with its borders: what a misspelt or inflected word keeps. */
export function piecesOf(word: string): number[] {
  const framed = `<${word.slice(0, 24)}>`;
  const rows: number[] = [];
  for (let from = 0; from + 3 <= framed.length; from++) {
    let hash = 0x811c9dc5;
    for (let at = from; at < from + 3; at++) hash = Math.imul(hash ^ framed.charCodeAt(at), 0x01000193);
    rows.push(pieceRow(hash));
    if (from + 4 <= framed.length) rows.push(pieceRow(Math.imul(hash ^ framed.charCodeAt(from + 3), 0x01000193)));
  }
  return rows;
}

function pieceRow(hash: number): number {
  return (hash ^ (hash >>> 15)) & (PIECE_ROWS - 1);
}

/** A token's rows: whole-token rows count fully, pieces by their mean. Row numbers start at the vocabulary. */
export interface UnitRows {
  readonly whole: readonly number[];
  readonly pieces: readonly number[];
  readonly special: readonly number[];
}

export function unitRows(
  text: string,
  tokens: Tokens,
  at: number,
  vocabulary: (name: string) => number,
  words: number,
): UnitRows {
  const kind = tokens.kind[at] ?? WORD;
  const names = namesOf(text, tokens, at);
  const whole = names.map(vocabulary).filter((row) => row >= 0);
  const base = words + PIECE_ROWS;
  const special = [base + KIND_ROW + kind];
  if (kind !== WORD) {
    if (whole.length === 0) special.push(base + UNKNOWN_ROW);
    return { whole, pieces: [], special };
  }
  const word = names[0] ?? "";
  special.push(base + CASE_ROW + (tokens.casing[at] ?? 0));
  if (whole.length === 0) special.push(base + UNKNOWN_ROW);
  if (word.length > LONG_WORD) special.push(base + LONG_ROW);
  return { whole, pieces: piecesOf(word).map((row) => words + row), special };
}

export { LINE, SYMBOL };

// The tokens of SQL, as columns: a batch of thousands costs five arrays and no objects.

export const T = {
  num: 1,
  str: 2,
  /** a string that never closes */
  open: 3,
  /** what precedes the quote that breaks out of the assumed string, quote included */
  breakout: 4,
  word: 5,
  variable: 6,
  compare: 7,
  logic: 8,
  arith: 9,
  comma: 10,
  lparen: 11,
  rparen: 12,
  semi: 13,
  /** `--` */
  dash: 14,
  hash: 15,
  /** a comment that never closes */
  cut: 16,
  dot: 17,
  other: 18,
  /** `::` of PostgreSQL */
  cast: 19,
} as const;

export interface Tokens {
  readonly kind: number[];
  /** lower-case text of words and operators; empty for the rest */
  readonly word: string[];
  readonly start: number[];
  readonly end: number[];
  /** 1 a comment, 2 a version comment (`/*!`) stands directly before the token */
  readonly gap: number[];
}

/** What an application's query had opened before the value; empty where nothing. */
export type Quote = "" | "'" | '"' | "`";

export function push(tokens: Tokens, kind: number, word: string, start: number, end: number, gap: number): void {
  tokens.kind.push(kind);
  tokens.word.push(word);
  tokens.start.push(start);
  tokens.end.push(end);
  tokens.gap.push(gap);
}

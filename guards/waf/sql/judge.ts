// Judges SQL tokens in one quote context: for each token, which injection it could begin.
import type { EmitSpan } from "../emit.ts";
import { isQuotedWord, judgeBreakout, judgeTail } from "./breakout.ts";
import { judgeWord } from "./clauses.ts";
import { type Emit, judgeLogic } from "./conditions.ts";
import { REACH, Reader } from "./grammar.ts";
import { SqlLexer } from "./lexer.ts";
import { selectAt, statementAt } from "./statements.ts";
import { type Quote, T, type Tokens } from "./tokens.ts";
import { STRONG_FUNCTIONS, TELLING } from "./words.ts";

const BATCH = 4096;

/** @param lower the text in lower case, same length as the original */
export function judgeSql(lower: string, quote: Quote, emit: EmitSpan): void {
  const tokens: Tokens = { kind: [], word: [], start: [], end: [], gap: [] };
  const lexer = new SqlLexer(lower, quote, tokens);
  let from = 0;
  let first = true;
  for (;;) {
    const more = lexer.fill(tokens, BATCH);
    const r = new Reader(tokens);
    const hit = (rule: string, a: number, b: number): void => emit(rule, r.start(a), r.end(Math.min(b, r.length) - 1));
    if (first && quote !== "") judgeBreakout(r, lower, hit);
    const to = more ? r.length - REACH : r.length;
    const quoted = first && quote !== "" && isQuotedWord(r, lower);
    for (let i = quoted ? 2 : from; i < to; i++) judgeToken(r, i, hit);
    if (!more) {
      judgeTail(r, lower, quote, hit);
      return;
    }
    first = false;
    for (const list of Object.values(tokens) as unknown[][]) list.splice(0, to);
    from = 0;
  }
}

function judgeToken(r: Reader, i: number, hit: Emit): void {
  const kind = r.kind(i);
  if ((r.t.gap[i] ?? 0) !== 0) judgeGap(r, i, hit);
  if (kind === T.logic) {
    judgeLogic(r, i, hit);
    return;
  }
  if (kind === T.variable) {
    judgeVariable(r, i, hit);
    return;
  }
  if (kind === T.num) {
    judgeNumber(r, i, hit);
    return;
  }
  if (kind === T.semi) {
    judgeStacked(r, i + 1, hit);
    return;
  }
  if (kind === T.cast && TYPES.test(r.word(i + 1)) && i > 0) {
    hit("sql-cast", i - 1, i + 2);
    return;
  }
  if (kind === T.word) judgeWord(r, i, hit);
}

const TYPES =
  /^(?:int[248]?|integer|text|jsonb?|varchar|char|numeric|bigint|float[48]?|bool|boolean|regclass|bytea|xml|html|name|date|timestamp)$/;

/** A comment instead of a space, or a comment that MySQL executes, beside a keyword. */
function judgeGap(r: Reader, i: number, hit: Emit): void {
  const gap = r.t.gap[i] ?? 0;
  const word = r.word(i);
  const close = r.start(i) - r.end(i - 1) <= 12 && i > 0;
  if (gap === 2 && (TELLING.has(word) || STRONG_FUNCTIONS.has(word))) {
    hit("sql-comment-glue", i, i + 1);
    return;
  }
  const near = TELLING.has(word) || r.kind(i) === T.logic || TELLING.has(r.word(i - 1));
  const joins =
    r.kind(i - 1) === T.word ||
    r.kind(i - 1) === T.num ||
    r.kind(i - 1) === T.logic ||
    r.kind(i - 1) === T.breakout ||
    r.kind(i - 1) === T.rparen;
  if (close && near && joins) hit("sql-comment-glue", Math.max(0, i - 1), i + 1);
}

function judgeVariable(r: Reader, i: number, hit: Emit): void {
  const word = r.word(i);
  if (
    /^@@(?:version|datadir|hostname|basedir|global|session|servername|language|spid|port|tmpdir|max|rowcount|identity|microsoft|secure|plugin|connections|langid|innodb|have|server)/.test(
      word,
    )
  ) {
    hit("sql-variable", i, i + 1);
    return;
  }
  if (r.word(i + 1) === ":=" && r.operand(i + 2) !== null) hit("sql-variable", i, i + 3);
}

function judgeNumber(r: Reader, i: number, hit: Emit): void {
  // `1.e(`: MySQL reads an exponent that is not there and drops it, filters do not
  if (
    r.word(i) === "." &&
    r.word(i + 1) === "e" &&
    r.touches(i + 1) &&
    (r.kind(i + 2) === T.lparen || r.kind(i + 2) === T.dot)
  )
    hit("sql-exponent", i, i + 3);
}

function judgeStacked(r: Reader, i: number, hit: Emit): void {
  const strength = r.word(i) === "select" ? selectAt(r, i, false) : statementAt(r, i);
  if (strength !== "no") hit("sql-stacked", i - 1, i + 3);
  if (r.word(i) === "if" && /^(?:not|exists)$/.test(r.word(i + 1)) && r.kind(i + 2) === T.lparen)
    hit("sql-stacked", i - 1, i + 3);
}

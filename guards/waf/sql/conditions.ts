// Conditions that were added to a query: tautologies, comparisons with calls and sub-queries, strings joined by operators.
import type { Operand, Reader } from "./grammar.ts";
import { T } from "./tokens.ts";
import { STRONG_FUNCTIONS } from "./words.ts";

export type Emit = (rule: string, from: number, to: number) => void;

const LITERAL = new Set(["num", "str", "const", "group"]);

/** What stands before a joined condition decides how little of it convicts. */
function leftIsValue(r: Reader, i: number): boolean {
  const kind = r.kind(i - 1);
  return i === 0 || kind === T.breakout || kind === T.num || kind === T.str || kind === T.rparen || kind === T.variable;
}

/** Judges the logic word or operator at token `i`. */
export function judgeLogic(r: Reader, i: number, emit: Emit): void {
  // `or ('a'='a`: parentheses around the condition, which need not close
  let open = i + 1;
  for (let n = 0; n < 6 && r.kind(open) === T.lparen; n++) open++;
  if (open > i + 1 && r.word(open) !== "select" && judgePair(r, i, open, emit)) return;
  const left = r.operand(i + 1);
  if (left === null) return;
  const compare = r.comparison(left.next);
  const right = compare < 0 ? null : r.operand(compare);
  if (right !== null) {
    judgeComparison(r, i, left, right, emit);
    return;
  }
  judgeTruth(r, i, left, emit);
}

/** @returns whether a comparison stands at token `at` */
function judgePair(r: Reader, i: number, at: number, emit: Emit): boolean {
  const left = r.operand(at);
  const compare = left === null ? -1 : r.comparison(left.next);
  const right = compare < 0 ? null : r.operand(compare);
  if (left === null || right === null) return false;
  judgeComparison(r, i, left, right, emit);
  return true;
}

function judgeComparison(r: Reader, i: number, left: Operand, right: Operand, emit: Emit): void {
  const broke = r.kind(i - 1) === T.breakout || (r.kind(i - 1) === T.rparen && r.kind(0) === T.breakout);
  if (LITERAL.has(left.shape) && LITERAL.has(right.shape)) {
    // `"a" and "b" = "c"` is how people search; a number or a broken string is not
    const quoted = left.shape === "str" && right.shape === "str" && !broke && r.kind(right.at) === T.str;
    emit(quoted && r.kind(i - 1) === T.str ? "sql-filter" : "sql-tautology", i, right.next);
    return;
  }
  if (
    left.shape === "name" &&
    right.shape === "name" &&
    r.word(left.at) === r.word(right.at) &&
    r.word(left.at) !== ""
  ) {
    emit("sql-tautology", i, right.next);
    return;
  }
  const telling = (o: Operand): boolean =>
    o.shape === "function" || o.shape === "query" || r.word(o.at).startsWith("@@");
  if (telling(left) || telling(right)) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (broke) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (r.isEnd(right.next) && right.next < r.length && leftIsValue(r, i)) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (r.kind(right.next) === T.rparen && r.isEnd(right.next + 1) && right.next + 1 < r.length) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (leftIsValue(r, i)) emit("sql-filter", i, right.next);
}

function judgeTruth(r: Reader, i: number, only: Operand, emit: Emit): void {
  const word = r.word(i);
  const negated = word === "not";
  if (only.shape === "query" || (only.shape === "function" && STRONG_FUNCTIONS.has(r.word(only.at)))) {
    emit("sql-condition", i, only.next);
    return;
  }
  const joins = leftIsValue(r, i);
  if (only.shape === "function") {
    if (joins || r.isEnd(only.next)) emit("sql-condition", i, only.next);
    return;
  }
  const cut = r.isEnd(only.next) && only.next < r.length && r.kind(only.next) !== T.hash;
  if (r.kind(only.at) === T.open && r.kind(i - 1) === T.breakout && only.next >= r.length) {
    emit(word === "and" ? "sql-joined-strings-weak" : "sql-joined-strings", i, only.next);
    return;
  }
  if (only.shape !== "num" && only.shape !== "const" && only.shape !== "str") {
    // `') or (name` and `' and name --`
    if (cut && r.kind(i - 1) === T.breakout && !negated) emit("sql-condition", i, only.next);
    return;
  }
  const broke = r.kind(i - 1) === T.breakout || (r.kind(i - 1) === T.rparen && r.kind(0) === T.breakout);
  if (cut && joins && !negated) {
    emit("sql-tautology", i, only.next);
    return;
  }
  if (r.kind(only.next) === T.hash && broke) {
    emit("sql-tautology", i, only.next);
    return;
  }
  if (only.next >= r.length && !negated && (broke || (i === 0 && only.shape === "const")))
    emit("sql-truth", i, only.next);
  if ((word === "having" || word === "where") && r.kind(i + 1) === T.lparen) emit("sql-condition", i, only.next);
}

/** A comparison or arithmetic that the break-out quote is part of: `'='`, `' | 'x`, `' like '%`. */
export function judgeAfterBreakout(r: Reader, emit: Emit): void {
  const kind = r.kind(1);
  const word = r.word(1);
  const compare = r.comparison(1);
  if (compare > 0) {
    const right = r.operand(compare);
    if (right === null) return;
    const last = right.next >= r.length;
    const open = r.kind(right.next - 1) === T.open;
    if (open && last && r.end(right.next - 1) - r.start(right.next - 1) < 64) {
      emit("sql-joined-strings", 0, right.next);
      return;
    }
    if (r.isEnd(right.next) && !last) {
      emit("sql-joined-strings", 0, right.next);
      return;
    }
    if (right.shape === "function" || right.shape === "query") emit("sql-condition", 0, right.next);
    return;
  }
  if (kind !== T.arith && kind !== T.logic) return;
  const right = r.operand(2);
  if (right === null) return;
  if (right.shape === "query") {
    emit("sql-condition", 0, right.next);
    return;
  }
  const open = r.kind(right.next - 1) === T.open;
  if (open && right.next >= r.length && r.end(right.next - 1) - r.start(right.next - 1) < 40) {
    const bitwise = "|&^%*/".includes(word);
    emit(bitwise || r.end(0) <= 2 ? "sql-joined-strings" : "sql-joined-strings-weak", 0, right.next);
    return;
  }
  const op = r.kind(right.next);
  if (
    (op === T.arith || op === T.logic || op === T.compare) &&
    r.kind(right.next + 1) === T.open &&
    right.next + 2 >= r.length
  ) {
    emit("sql-glued", 0, right.next + 2);
    return;
  }
  if (right.next < r.length && r.kind(right.next) === T.dash && r.isEnd(right.next)) emit("sql-glued", 0, right.next);
}

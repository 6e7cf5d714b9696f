// Conditions that were added to a query: tautologies, comparisons with calls and sub-queries, strings joined by operators.
import type { Operand, Reader } from "./grammar.ts";
import { T } from "./tokens.ts";
import { STRONG_FUNCTIONS } from "./words.ts";

export type Emit = (rule: string, from: number, to: number) => void;

const CONDITIONALS = new Set(["if", "elseif", "while", "until", "on", "when"]);
export const JOINING = new Set(["and", "or", "xor", "||", "&&", "having"]);
/** functions that are called without parentheses */
const NILADIC = new Set(
  "current_user session_user system_user current_role utc_date utc_time current_date current_time current_timestamp localtime localtimestamp rownum".split(
    " ",
  ),
);
const LITERAL = new Set(["num", "str", "const", "group"]);

/** What stands before a joined condition decides how little of it convicts. */
function leftIsValue(r: Reader, i: number): boolean {
  const kind = r.kind(i - 1);
  return i === 0 || kind === T.breakout || kind === T.num || kind === T.str || kind === T.rparen || kind === T.variable;
}

/** Whether only closing parentheses stand between the break-out quote and token `i`. */
function brokeOut(r: Reader, i: number): boolean {
  let j = i - 1;
  while (j > 0 && r.kind(j) === T.rparen) j--;
  return r.kind(j) === T.breakout;
}

/** Judges the logic word or operator at token `i`. */
export function judgeLogic(r: Reader, i: number, emit: Emit): void {
  // a spreadsheet's =IF(…)
  if (i === 1 && r.word(0) === "=") return;
  // `if (20 > 18) {`, `If x is a number`: programs and people; SQL's own IF is a call
  if (CONDITIONALS.has(r.word(i))) return;
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
  const out = brokeOut(r, i);
  // `1 + 1 = 2, and 2 * 2 = 4` is arithmetic in a sentence
  if (r.kind(i - 1) === T.comma) return;
  if (LITERAL.has(left.shape) && LITERAL.has(right.shape)) {
    // `"a" and "b" = "c"` is how people search; a number or a broken string is not
    const quoted = left.shape === "str" && right.shape === "str" && !out && r.kind(right.at) === T.str;
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
    o.shape === "function" ||
    o.shape === "query" ||
    (o.shape === "name" && NILADIC.has(r.word(o.at))) ||
    r.word(o.at).startsWith("@@");
  if (telling(left) || telling(right)) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (out) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (r.isCut(right.next) && leftIsValue(r, i)) {
    emit("sql-condition", i, right.next);
    return;
  }
  if (r.kind(right.next) === T.rparen && r.isEnd(right.next + 1) && right.next + 1 < r.length) {
    emit("sql-condition", i, right.next);
    return;
  }
  // `|| name == '`: half a condition of a script's
  if (i === 0 && (r.word(0) === "||" || r.word(0) === "&&") && r.kind(right.at) === T.open)
    emit("sql-condition", i, right.next);
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
  const out = brokeOut(r, i);
  if (only.shape === "function") {
    if (out || (joins && r.isCut(only.next))) emit("sql-condition", i, only.next);
    return;
  }
  const cut = r.isCut(only.next) && r.kind(only.next) !== T.hash;
  if (r.kind(only.at) === T.open && r.kind(i - 1) === T.breakout && only.next >= r.length) {
    emit(word === "and" ? "sql-joined-strings-weak" : "sql-joined-strings", i, only.next);
    return;
  }
  if (only.shape !== "num" && only.shape !== "const" && only.shape !== "str") {
    // `') or (name` and `' and name --`
    if (cut && r.kind(i - 1) === T.breakout && !negated) emit("sql-condition", i, only.next);
    return;
  }
  if (cut && joins && !negated && JOINING.has(word)) {
    emit("sql-tautology", i, only.next);
    return;
  }
  if (r.kind(only.next) === T.hash && out) {
    emit("sql-tautology", i, only.next);
    return;
  }
  if (out && !negated && r.kind(only.next) === T.semi) emit("sql-truth", i, only.next);
  if (only.next >= r.length && !negated && (out || (i === 0 && only.shape === "const")))
    emit("sql-truth", i, only.next);
  if ((word === "having" || word === "where") && r.kind(i + 1) === T.lparen) emit("sql-condition", i, only.next);
}

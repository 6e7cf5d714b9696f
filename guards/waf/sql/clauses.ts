// Clauses and statements by the word that begins them.
import { judgeCall } from "./calls.ts";
import type { Emit } from "./conditions.ts";
import { REACH, type Reader } from "./grammar.ts";
import { selectAt, statementAt } from "./statements.ts";
import { T } from "./tokens.ts";
import { SCHEMA_WORDS } from "./words.ts";

/** `) AS total FROM`: the end of a list of columns that somebody else began. */
function isColumnsEnd(r: Reader, i: number): boolean {
  return r.word(i) === "as" && r.kind(i - 1) === T.rparen && r.word(i + 2) === "from" && (i === 1 || r.isEnd(i + 3));
}

/** Judges the word at token `i`. */
export function judgeWord(r: Reader, i: number, hit: Emit): void {
  const word = r.word(i);
  if (isColumnsEnd(r, i)) hit("sql-select", i - 1, i + 3);
  if (SCHEMA_WORDS.has(word)) {
    hit("sql-schema", i, i + 1);
    return;
  }
  switch (word) {
    case "union":
    case "except":
    case "intersect":
    case "minus":
      judgeUnion(r, i, hit);
      return;
    case "select":
      judgeSelect(r, i, hit);
      return;
    case "order":
    case "group":
      judgeOrder(r, i, hit);
      return;
    case "into":
      if (/^(?:outfile|dumpfile)$/.test(r.word(i + 1)) && i + 2 <= r.length) hit("sql-file", i, i + 3);
      return;
    case "procedure":
      if (r.word(i + 1) === "analyse" && r.kind(i + 2) === T.lparen) hit("sql-call", i, i + 3);
      return;
    case "waitfor":
      if (statementAt(r, i) !== "no") hit("sql-time", i, i + 3);
      return;
    case "case":
      judgeCase(r, i, hit);
      return;
    default:
  }
  if (r.kind(i + 1) === T.lparen && !/^exec(?:ute)?$/.test(word)) judgeCall(r, i, hit);
  else if (i === 0 || r.kind(i - 1) === T.breakout || r.kind(i - 1) === T.dash) judgeStart(r, i, hit);
}

function judgeStart(r: Reader, i: number, hit: Emit): void {
  const strength = statementAt(r, i);
  if (strength === "certain" || (strength === "likely" && i > 0)) hit("sql-statement", i, i + 3);
  else if (strength === "likely") hit("sql-statement-likely", i, i + 3);
}

function judgeUnion(r: Reader, i: number, hit: Emit): void {
  let j = i + 1;
  for (let n = 0; n < 8 && (r.kind(j) === T.lparen || /^(?:all|distinct|distinctrow)$/.test(r.word(j))); n++) j++;
  const left = r.kind(i - 1);
  const joined =
    left === T.num || left === T.breakout || left === T.rparen || left === T.str || left === T.dash || left === T.semi;
  if (r.word(j) === "select" || r.word(j) === "values") {
    const bare = r.kind(j - 1) === T.lparen && r.kind(j + 1) === T.word && r.kind(j + 2) === T.rparen;
    if (r.isSelectList(j) || bare || (joined && r.isEnd(j + 1))) hit("sql-union", i, j + 2);
    else if (/^selectchar$/.test(r.word(j))) hit("sql-union", i, j + 2);
    return;
  }
  if (/^select(?:char|chr|concat)$/.test(r.word(j)) && r.kind(j + 1) === T.lparen) hit("sql-union", i, j + 2);
  if (
    joined &&
    r.word(i) === "union" &&
    (r.kind(j) === T.hash || r.kind(j) === T.dash || (j >= r.length && left !== T.str && r.kind(i - 2) === T.arith))
  )
    hit("sql-tail", i, j + 1);
}

function judgeSelect(r: Reader, i: number, hit: Emit): void {
  const before = r.kind(i - 1);
  const nested = before === T.lparen;
  const loose = nested || before === T.breakout || before === T.logic || before === T.arith || before === T.compare;
  const strength = selectAt(r, i, loose);
  if (strength === "certain") {
    hit(nested ? "sql-subselect" : "sql-select", i, i + 3);
    return;
  }
  if (strength === "likely") hit(loose ? "sql-subselect" : "sql-statement-likely", i, i + 3);
}

function judgeOrder(r: Reader, i: number, hit: Emit): void {
  if (r.word(i + 1) !== "by") return;
  let j = i + 2;
  while (r.kind(j) === T.lparen && j < i + 6) j++;
  const column = r.kind(j);
  if (column !== T.num && column !== T.word && column !== T.logic) return;
  let k = j + 1;
  while (
    k < i + REACH / 2 &&
    (r.kind(k) === T.comma || r.kind(k) === T.rparen || (r.kind(k) === T.num && r.kind(k - 1) === T.comma))
  )
    k++;
  const left = r.kind(i - 1);
  const joined = left === T.num || left === T.breakout || left === T.rparen;
  const ended = r.isEnd(k);
  if (column === T.num && ended && (joined || k < r.length)) {
    hit("sql-order", i, k + 1);
    return;
  }
  if (column === T.num && ended && i === 0 && r.word(i) === "order") {
    hit("sql-order-alone", i, k);
    return;
  }
  if (column !== T.num && left === T.breakout && (ended || r.word(k) === "having")) hit("sql-order", i, k + 1);
  if (column !== T.num && r.word(k) === "having" && r.operand(k + 1) !== null) hit("sql-order", i, k + 1);
}

function judgeCase(r: Reader, i: number, hit: Emit): void {
  if (r.word(i + 1) !== "when" && r.word(i + 2) !== "when" && r.word(r.operand(i + 1)?.next ?? 0) !== "when") return;
  let then = 0;
  for (let j = i + 2; j < i + 24; j++) {
    if (r.word(j) === "then" && r.operand(j + 1) !== null) then = j;
    if (then > 0 && r.word(j) === "end") {
      hit("sql-condition", i, j + 1);
      return;
    }
  }
  if (then > 0 && (r.kind(i - 1) === T.lparen || r.kind(i + 2) === T.lparen || r.comparison(i + 3) > 0))
    hit("sql-condition", i, then + 2);
}

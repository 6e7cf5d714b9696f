// What follows the quote that breaks out of the application's string, and comments that cut off what the application adds.
import { type Emit, JOINING } from "./conditions.ts";
import type { Reader } from "./grammar.ts";
import { type Quote, T } from "./tokens.ts";
import { CONSTANTS, TELLING } from "./words.ts";

/** `the 'and' operator`: quotes around one word, and not a way out of a string. */
export function isQuotedWord(r: Reader, lower: string): boolean {
  const before = lower.charAt(r.end(0) - 2);
  const alone = r.touches(1) && r.touches(2) && r.kind(2) === T.open && /^[a-z]/.test(r.word(1));
  return alone && (r.end(0) === 1 || /[\s(:]/.test(before));
}

/** characters before a quote from which on it closes a quotation in a text and not an application's string */
const PROSE = 120;

/** `the "&" sign`: a sign in quotes with white space on both sides, and words around. */
function isQuotedSign(r: Reader, lower: string): boolean {
  const open = r.end(0) - 1;
  const close = r.end(1);
  return (
    r.touches(1) &&
    lower.charAt(open) === '"' &&
    lower.charAt(close) === '"' &&
    /[a-z]\s$/.test(lower.slice(Math.max(0, open - 2), open)) &&
    /^\s[a-z]/.test(lower.slice(close + 1, close + 3))
  );
}

/** What follows the quote that breaks out of the application's string. */
export function judgeBreakout(r: Reader, lower: string, hit: Emit): void {
  if (r.kind(0) !== T.breakout || isQuotedWord(r, lower)) return;
  let j = 1;
  while (r.kind(j) === T.rparen && j < 12) j++;
  const kind = r.kind(j);
  if ((kind === T.dash || kind === T.hash || kind === T.cut) && isTail(r, j, lower, kind)) {
    hit(
      kind === T.hash && /\s/.test(lower.charAt(Math.max(0, r.end(0) - 2))) ? "sql-joined-strings-weak" : "sql-cut",
      0,
      j + 1,
    );
    return;
  }
  if (kind === T.semi) {
    if (r.isEnd(j + 1) && j + 1 < r.length) {
      hit("sql-cut", 0, j + 2);
      return;
    }
    if (j + 1 >= r.length) hit("sql-semicolon", 0, j + 1);
  }
  // the quote of `href="/a/"` opens an attribute, it does not break out of a string
  if (lower.charAt(r.end(0) - 2) !== "=") {
    judgeAfterBreakout(r, lower, hit);
    judgeChain(r, hit);
  }
  const word = r.word(j);
  if (word === "limit" && r.kind(j + 1) === T.num && (r.isEnd(j + 2) || r.kind(j + 2) === T.comma))
    hit("sql-cut", 0, j + 2);
  if (word === "having" || word === "where")
    hit(
      r.operand(j + 1) !== null && r.comparison(r.operand(j + 1)?.next ?? 0) > 0
        ? "sql-condition"
        : "sql-joined-strings-weak",
      0,
      j + 2,
    );
}

/** Whether the comment at token `i` is where the text ends, give or take what tools append. */
function isTail(r: Reader, i: number, lower: string, kind: number): boolean {
  const rest = lower.slice(r.end(i), r.end(i) + 24);
  if (kind === T.dash && r.end(i) + 24 > lower.length && /^[-+\s]{0,4}(?:[a-z0-9]{0,6}|['"`]?)[-\s]{0,3}$/.test(rest))
    return true;
  return r.end(i) + 6 > lower.length && /^[-+\s#]{0,3}['"`)]?$/.test(rest);
}

/** A comment at the very end, after something that reads like SQL. */
export function judgeTail(r: Reader, lower: string, quote: Quote, hit: Emit): void {
  for (let i = Math.max(1, r.length - 4); i < r.length; i++) {
    const kind = r.kind(i);
    if (kind !== T.dash && kind !== T.cut && kind !== T.hash) continue;
    // a line of dashes is a rule under a heading
    if (lower.startsWith("------", r.start(i)) || lower.slice(0, r.start(i)).endsWith("------")) continue;
    if (!isTail(r, i, lower, kind)) continue;
    let telling = 0;
    let calls = 0;
    for (let j = Math.max(0, i - 40); j < i; j++) {
      if (TELLING.has(r.word(j)) || CONSTANTS.has(r.word(j))) telling++;
      if (r.isKnownCall(j) || (r.kind(j) === T.variable && (kind === T.dash || r.word(j).startsWith("@@")))) calls++;
    }
    const closes = r.kind(i - 1) === T.rparen || r.kind(i - 1) === T.num || r.kind(i - 1) === T.str;
    const broke = quote !== "" && r.kind(0) === T.breakout;
    if (calls > 0 || (telling > 0 && (closes || broke))) {
      hit("sql-tail", Math.max(0, i - 3), i + 1);
      return;
    }
    if (broke && r.kind(1) === T.comma && closes) {
      hit("sql-tail", 0, i + 1);
      return;
    }
    if (broke && r.kind(1) === T.logic) {
      hit("sql-tail", 0, i + 1);
      return;
    }
  }
}

/** A comparison or arithmetic that the break-out quote is part of: `'='`, `' | 'x`, `' like '%`. */
function judgeAfterBreakout(r: Reader, lower: string, emit: Emit): void {
  if (isQuotedSign(r, lower)) return;
  const kind = r.kind(1);
  const word = r.word(1);
  const compare = r.kind(1) === T.other ? -1 : r.comparison(1);
  if (compare > 0) {
    const right = r.operand(compare);
    if (right === null) return;
    const last = right.next >= r.length;
    const open = r.kind(right.next - 1) === T.open && r.word(right.next - 1) === r.word(0);
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
  if (kind !== T.arith && !(kind === T.logic && JOINING.has(word))) return;
  const right = r.operand(2);
  if (right === null) return;
  if (right.shape === "query") {
    emit("sql-condition", 0, right.next);
    return;
  }
  const open = r.kind(right.next - 1) === T.open && r.word(right.next - 1) === r.word(0);
  if (open && right.next >= r.length && r.end(right.next - 1) - r.start(right.next - 1) < 40) {
    const bitwise = "|&^%*/".includes(word);
    const prose = r.end(0) > PROSE;
    emit((bitwise && !prose) || r.end(0) <= 2 ? "sql-joined-strings" : "sql-joined-strings-weak", 0, right.next);
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
  if (r.kind(right.next) === T.dash && isTail(r, right.next, lower, T.dash)) emit("sql-glued", 0, right.next);
}

const CHAIN: ReadonlySet<number> = new Set([T.num, T.str, T.arith, T.compare, T.logic, T.variable, T.lparen, T.rparen]);

/** `' is 0 or '1`, `'^0+1=(0)-- -a`: from the break-out quote to the end nothing but values and operators. */
function judgeChain(r: Reader, emit: Emit): void {
  const last = r.length - 1;
  if (last < 2 || last > 24) return;
  let names = 0;
  let joins = 0;
  for (let i = 1; i < last; i++) {
    const kind = r.kind(i);
    if (kind === T.logic && !JOINING.has(r.word(i)) && r.word(i) !== "not") return;
    if (kind === T.compare || kind === T.logic || kind === T.variable) joins++;
    if (kind === T.word && !CONSTANTS.has(r.word(i))) names++;
    else if (!CHAIN.has(kind) && kind !== T.word && !(r.word(i) === "\\") && kind !== T.dash) return;
  }
  if (joins === 0 || names > 1) return;
  const before = r.kind(last - 1);
  const operator = before === T.arith || before === T.compare || before === T.logic;
  if (r.kind(last) === T.open && r.word(last) === r.word(0) && operator && r.end(last) - r.start(last) < 16)
    emit("sql-glued", 0, last + 1);
}

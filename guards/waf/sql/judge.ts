// Judges SQL tokens in one quote context: for each token, which injection it could begin.
import { judgeAfterBreakout, judgeLogic } from "./conditions.ts";
import { REACH, Reader } from "./grammar.ts";
import { selectAt, statementAt } from "./statements.ts";
import { type Quote, SqlLexer, T, type Tokens } from "./tokens.ts";
import { CONSTANTS, FUNCTIONS, SCHEMA_WORDS, STRONG_FUNCTIONS, TELLING } from "./words.ts";

export type EmitSpan = (rule: string, start: number, end: number) => void;

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
    for (let i = from; i < to; i++) judgeToken(r, i, hit);
    if (!more) {
      judgeTail(r, lower, quote, hit);
      return;
    }
    first = false;
    for (const list of Object.values(tokens) as unknown[][]) list.splice(0, to);
    from = 0;
  }
}

type Hit = (rule: string, from: number, to: number) => void;

function judgeToken(r: Reader, i: number, hit: Hit): void {
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
  if (kind === T.word) judgeWord(r, i, hit);
}

/** A comment instead of a space, or a comment that MySQL executes, beside a keyword. */
function judgeGap(r: Reader, i: number, hit: Hit): void {
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

function judgeVariable(r: Reader, i: number, hit: Hit): void {
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

function judgeNumber(r: Reader, i: number, hit: Hit): void {
  // `1.e(`: MySQL reads an exponent that is not there and drops it, filters do not
  if (r.word(i + 1) === "e" && r.touches(i + 1) && (r.kind(i + 2) === T.lparen || r.kind(i + 2) === T.dot))
    hit("sql-exponent", i, i + 3);
}

function judgeStacked(r: Reader, i: number, hit: Hit): void {
  const strength = r.word(i) === "select" ? selectAt(r, i, false) : statementAt(r, i);
  if (strength !== "no") hit("sql-stacked", i - 1, i + 3);
  if (r.word(i) === "if" && r.kind(i + 1) !== T.lparen && r.word(i + 1) === "not") hit("sql-stacked", i - 1, i + 3);
}

function judgeWord(r: Reader, i: number, hit: Hit): void {
  const word = r.word(i);
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
  if (r.kind(i + 1) === T.lparen) judgeCall(r, i, hit);
  else if (i === 0 || r.kind(i - 1) === T.breakout || r.kind(i - 1) === T.dash) judgeStart(r, i, hit);
}

function judgeStart(r: Reader, i: number, hit: Hit): void {
  const strength = statementAt(r, i);
  if (strength === "certain" || (strength === "likely" && i > 0)) hit("sql-statement", i, i + 3);
  else if (strength === "likely") hit("sql-statement-likely", i, i + 3);
}

function judgeUnion(r: Reader, i: number, hit: Hit): void {
  let j = i + 1;
  for (let n = 0; n < 8 && (r.kind(j) === T.lparen || /^(?:all|distinct|distinctrow)$/.test(r.word(j))); n++) j++;
  const left = r.kind(i - 1);
  const joined =
    left === T.num || left === T.breakout || left === T.rparen || left === T.str || left === T.dash || left === T.semi;
  if (r.word(j) === "select" || r.word(j) === "values") {
    if (r.isSelectList(j) || (joined && r.isEnd(j + 1))) hit("sql-union", i, j + 2);
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

function judgeSelect(r: Reader, i: number, hit: Hit): void {
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

function judgeOrder(r: Reader, i: number, hit: Hit): void {
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

function judgeCase(r: Reader, i: number, hit: Hit): void {
  if (r.word(i + 1) !== "when" && r.word(i + 2) !== "when") return;
  for (let j = i + 2; j < i + 24; j++)
    if (
      r.word(j) === "then" &&
      r.operand(j + 1) !== null &&
      (r.kind(i - 1) === T.lparen || r.kind(i + 2) === T.lparen || r.comparison(i + 3) > 0)
    ) {
      hit("sql-condition", i, j + 2);
      return;
    }
}

function judgeCall(r: Reader, i: number, hit: Hit): void {
  const word = r.word(i);
  const touches = r.touches(i + 1);
  if (/^(?:sleep|pg_sleep|pg_sleep_for|benchmark|randomblob)$/.test(word)) {
    const argument = r.operand(i + 2);
    if (argument !== null && (argument.shape !== "name" || word !== "sleep")) hit("sql-time", i, r.skipParens(i + 1));
    return;
  }
  if (STRONG_FUNCTIONS.has(word) && touches) {
    hit(STRONG_ALONE.test(word) ? "sql-call" : "sql-call-likely", i, r.skipParens(i + 1));
    return;
  }
  if (!FUNCTIONS.has(word) || !touches) return;
  const end = r.skipParens(i + 1);
  if (word === "char" || word === "chr" || word === "nchar") {
    judgeChars(r, i, end, hit);
    return;
  }
  for (let j = i + 2; j < end - 1 && j < i + 16; j++) {
    const inner = r.word(j);
    if (inner === "select" && r.isSelectList(j)) {
      hit("sql-subselect", i, end);
      return;
    }
    if (inner.startsWith("@@")) {
      hit("sql-variable", i, end);
      return;
    }
    if (PROBES.has(word) && r.isCall(j) && r.touches(j + 1) && (PROBES.has(inner) || STRONG_FUNCTIONS.has(inner))) {
      hit("sql-call", i, end);
      return;
    }
    if ((word === "cast" || word === "convert") && r.kind(j) === T.num && r.end(j) - r.start(j) > 12) {
      hit("sql-call", i, end);
      return;
    }
  }
  if ((word === "if" || word === "iif") && r.kind(i - 1) !== T.word && conditional(r, i)) hit("sql-condition", i, end);
  if (
    PROBES.has(word) &&
    r.comparison(end) > 0 &&
    r.kind(end) === T.compare &&
    r.kind(r.comparison(end)) === T.num &&
    /^(?:ascii|ord|substring|substr|mid)$/.test(word)
  )
    hit("sql-call-likely", i, end);
}

function conditional(r: Reader, i: number): boolean {
  const left = r.operand(i + 2);
  if (left === null) return false;
  const compare = r.comparison(left.next);
  const right = compare < 0 ? null : r.operand(compare);
  return (
    right !== null &&
    r.kind(right.next) === T.comma &&
    (left.shape === "num" || left.shape === "function" || left.shape === "query")
  );
}

/** `char(65)+char(66)`: letters spelt so that no filter sees the word. */
function judgeChars(r: Reader, i: number, end: number, hit: Hit): void {
  if (r.kind(i + 2) !== T.num) return;
  const next = end + 1;
  if ((r.kind(end) === T.arith || r.kind(end) === T.logic) && /^n?char$|^chr$/.test(r.word(next))) {
    hit("sql-chars", i, next + 1);
    return;
  }
  if (end - i > 8) hit("sql-chars", i, end);
}

const PROBES = new Set(
  "ascii ord substr substring mid hex unhex conv char chr concat version database user current_user schema length char_length lpad rpad compress uncompress elt instr locate left right count upper lower like password cast convert ifnull nullif coalesce nvl if iif md5 sha1 crc32 floor rand exp encode decode to_char bin oct reverse repeat".split(
    " ",
  ),
);
const STRONG_ALONE =
  /^(?:extractvalue|updatexml|load_file|load_extension|xp_|pg_read|pg_ls|openrowset|opendatasource|openquery|fn_varbin|lo_|query_to_xml|database_to_xml|filetoclob|filetoblob|gtid_|name_const|serverproperty|sqlid_to|unhex|group_concat|concat_ws|sqlite_version|json_depth|aes_|des_|is_srv|ctxsys|utl_)/;

/** What follows the quote that breaks out of the application's string. */
function judgeBreakout(r: Reader, lower: string, hit: Hit): void {
  if (r.kind(0) !== T.breakout) return;
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
  judgeAfterBreakout(r, hit);
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
function judgeTail(r: Reader, lower: string, quote: Quote, hit: Hit): void {
  for (let i = Math.max(1, r.length - 4); i < r.length; i++) {
    const kind = r.kind(i);
    if (kind !== T.dash && kind !== T.cut && kind !== T.hash) continue;
    if (!isTail(r, i, lower, kind)) continue;
    let telling = 0;
    let calls = 0;
    for (let j = Math.max(0, i - 40); j < i; j++) {
      if (TELLING.has(r.word(j)) || CONSTANTS.has(r.word(j))) telling++;
      if (r.isKnownCall(j) || r.kind(j) === T.variable) calls++;
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

// Calls of database functions: those that wait, read or disguise data, and those that only do so inside one another.
import type { Emit } from "./conditions.ts";
import type { Reader } from "./grammar.ts";
import { T } from "./tokens.ts";
import { FUNCTIONS, STRONG_FUNCTIONS } from "./words.ts";

/** Judges the name at token `i`, which an opening parenthesis follows. */
export function judgeCall(r: Reader, i: number, hit: Emit): void {
  const word = r.word(i);
  const touches = r.touches(i + 1);
  if (/^(?:sleep|pg_sleep|pg_sleep_for|benchmark|randomblob)$/.test(word)) {
    const argument = r.operand(i + 2);
    const after = argument === null ? 0 : r.kind(argument.next);
    const closes = after === T.rparen || after === T.comma || after === 0 || after === T.dash;
    if (argument !== null && closes && touches && (argument.shape !== "name" || word !== "sleep"))
      hit("sql-time", i, r.skipParens(i + 1));
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
  if (
    (word === "if" || word === "iif") &&
    r.kind(i - 1) !== T.word &&
    !(i === 1 && r.word(0) === "=") &&
    conditional(r, i)
  )
    hit("sql-condition", i, end);
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
function judgeChars(r: Reader, i: number, end: number, hit: Emit): void {
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
  /^(?:extractvalue|updatexml|load_file|load_extension|xp_|pg_read|pg_ls|openrowset|opendatasource|openquery|fn_varbin|lo_|query_to_xml|database_to_xml|filetoclob|filetoblob|gtid_|find_in_set|name_const|serverproperty|sqlid_to|unhex|group_concat|concat_ws|sqlite_version|json_depth|aes_|des_|is_srv|ctxsys|utl_)/;

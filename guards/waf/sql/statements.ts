// Whole statements: where one starts, and whether what follows is SQL or a sentence that begins with the same verb.
import type { Reader } from "./grammar.ts";
import { T } from "./tokens.ts";
import { SCHEMA_WORDS, STRONG_FUNCTIONS } from "./words.ts";

const OBJECTS = new Set(
  "table database schema view index user login procedure function trigger role column sequence tablespace server assembly credential session system proc extension".split(
    " ",
  ),
);

export type Strength = "certain" | "likely" | "no";

/** How sure it is that a statement other than `select` starts at token `i`. */
export function statementAt(r: Reader, i: number): Strength {
  const next = r.word(i + 1);
  const kind = r.kind(i + 1);
  switch (r.word(i)) {
    case "insert":
    case "replace":
    case "merge":
      return next === "into" && named(r, i + 2, ["(", "values", "select", "set", "using"]) ? "certain" : "no";
    case "update":
      return updateSet(r, i) ? "certain" : "no";
    case "delete":
      return next === "from" && (endOr(r, i + 3, ["where", "limit", "using"]) || r.kind(i + 3) === T.dot)
        ? "certain"
        : "no";
    case "drop":
    case "truncate":
    case "alter":
    case "create":
    case "rename":
      return definition(r, i);
    case "exec":
    case "execute":
      if (kind === T.lparen || kind === T.variable || next === "immediate") return "certain";
      return /^(?:xp|sp)_/.test(next) || r.kind(i + 2) === T.dot || r.kind(i + 2) === T.str
        ? "certain"
        : kind === T.word && r.isEnd(i + 2)
          ? "likely"
          : "no";
    case "call":
      return STRONG_FUNCTIONS.has(next) || (kind === T.word && r.kind(i + 2) === T.lparen && r.touches(i + 2))
        ? "likely"
        : "no";
    case "declare":
      return kind === T.variable ? "certain" : "no";
    case "set":
      return kind === T.variable && r.kind(i + 2) === T.compare
        ? "certain"
        : next === "names" || next === "global"
          ? "likely"
          : "no";
    case "waitfor":
      return next === "delay" || next === "time" ? "certain" : "no";
    case "shutdown":
      return r.isEnd(i + 1) || next === "with" ? "likely" : "no";
    case "begin":
      return next === "declare" || next === "try" || next === "goto" || next === "transaction" ? "certain" : "no";
    case "goto":
      return kind === T.word && (r.word(i + 2) === ":" || r.word(i + 2) === "select" || r.kind(i + 2) === T.semi)
        ? "certain"
        : "no";
    case "grant":
    case "revoke":
      return /^(?:all|select|insert|update|delete|execute|connect|dba|create)$/.test(next) && r.kind(i + 2) !== 0
        ? "likely"
        : "no";
    case "backup":
    case "restore":
      return next === "database" && kind === T.word ? "certain" : "no";
    case "load":
      return next === "data" && (r.word(i + 2) === "infile" || r.word(i + 2) === "local") ? "certain" : "no";
    case "copy":
      return r.word(i + 2) === "from" || r.word(i + 2) === "to"
        ? r.kind(i + 3) === T.str || r.word(i + 3) === "program"
          ? "certain"
          : "no"
        : "no";
    case "handler":
      return r.word(i + 2) === "open" || r.word(i + 2) === "read" ? "likely" : "no";
    case "prepare":
      return r.word(i + 2) === "from" ? "certain" : "no";
    case "do":
      return STRONG_FUNCTIONS.has(next) ? "certain" : "no";
    case "bulk":
      return next === "insert" ? "certain" : "no";
    case "attach":
      return next === "database" ? "certain" : "no";
    case "pragma":
      return r.kind(i + 2) === T.compare || r.kind(i + 2) === T.lparen ? "certain" : "no";
    case "show":
      return /^(?:tables|databases|columns|grants|processlist|variables)$/.test(next) &&
        (r.isEnd(i + 2) || r.isClause(i + 2))
        ? "likely"
        : "no";
    default:
      return "no";
  }
}

function named(r: Reader, i: number, followers: readonly string[]): boolean {
  let j = i + 1;
  for (let n = 0; n < 3 && r.kind(j) === T.dot; n++) j += 2;
  return r.kind(i) === T.word && (followers.includes(r.word(j)) || r.kind(j) === T.lparen);
}

function endOr(r: Reader, i: number, followers: readonly string[]): boolean {
  return r.isEnd(i) || followers.includes(r.word(i));
}

function updateSet(r: Reader, i: number): boolean {
  for (let j = i + 2; j < i + 8; j++)
    if (r.word(j) === "set")
      return r.kind(j + 1) === T.word && (r.kind(j + 2) === T.compare || r.kind(j + 2) === T.dot);
  return false;
}

function definition(r: Reader, i: number): Strength {
  let j = i + 1;
  for (let n = 0; n < 3; n++) if (/^(?:or|replace|temporary|temp|unique|external|global|public)$/.test(r.word(j))) j++;
  if (!OBJECTS.has(r.word(j)))
    return r.word(i) === "truncate" && r.kind(j) === T.word && r.isEnd(j + 1) && j + 1 < r.length ? "likely" : "no";
  if (/^(?:if|procedure)$/.test(r.word(j + 1)) && /^(?:exists|not)$/.test(r.word(j + 2))) return "certain";
  if (r.kind(j + 1) !== T.word) return "no";
  let k = j + 2;
  for (let n = 0; n < 3 && r.kind(k) === T.dot; n++) k += 2;
  if (r.kind(k) === T.lparen || (r.isEnd(k) && k < r.length)) return "certain";
  if (r.isEnd(k)) return r.word(i) === "create" ? "no" : "likely";
  return /^(?:as|cascade|restrict|add|set|identified|modify|rename|with|drop|returns|on|alter|change)$/.test(
    r.word(k),
  ) &&
    r.kind(k + 1) !== 0 &&
    r.word(i) !== "create"
    ? "likely"
    : r.word(k) === "identified" || r.word(k) === "as"
      ? "likely"
      : "no";
}

/** How sure it is that the `select` at token `i` is a query. `loose`: something before it already looks like SQL. */
export function selectAt(r: Reader, i: number, loose: boolean): Strength {
  if (!r.isSelectList(i)) return "no";
  const first = r.operand(i + 1);
  const limit = Math.min(r.length, i + 40);
  let commas = 0;
  for (let j = i + 1; j < limit; j++) {
    if (SCHEMA_WORDS.has(r.word(j))) return "certain";
    if (r.kind(j) === T.comma) commas++;
    if (r.word(j) !== "from" || r.kind(j + 1) === 0) continue;
    return fromClause(r, i, j, commas, loose);
  }
  if (first === null) return loose ? "likely" : "no";
  if (first.shape === "function" || first.shape === "query") return "certain";
  if (r.word(first.at).startsWith("@@")) return "certain";
  if (STRONG_FUNCTIONS.has(r.word(first.at)) && r.isEnd(first.next)) return "certain";
  if (first.shape === "name" || first.shape === "str") return loose && commas > 0 ? "certain" : "no";
  return loose ? "certain" : r.isEnd(first.next) ? "likely" : "no";
}

function fromClause(r: Reader, i: number, from: number, commas: number, loose: boolean): Strength {
  const shape = r.operand(i + 1)?.shape ?? "group";
  if (r.kind(from + 1) === T.lparen || shape === "function" || shape === "query" || shape === "var") return "certain";
  let j = from + 2;
  for (let n = 0; n < 3 && (r.kind(j) === T.dot || r.kind(j) === T.other); n++) j += 2;
  const tableEnds =
    r.isEnd(j) || r.isClause(j) || r.kind(j) === T.comma || r.kind(j) === T.rparen || r.kind(j) === T.lparen;
  if (shape === "num" || shape === "group" || shape === "const") return tableEnds ? "certain" : "no";
  if (!tableEnds) return loose && commas > 0 ? "likely" : "no";
  if (loose || commas > 0 || r.word(j) === "where" || r.word(j) === "limit" || (r.isEnd(j) && j < r.length))
    return "certain";
  return r.word(i + 1) === "*" ? "certain" : "no";
}

// Judges one value: all its readings, each by the tokenizers and patterns that have anything to look for in it.

import { originalSpan, type View } from "./decode/view.ts";
import { viewsOf } from "./decode/views.ts";
import { judgeHtml } from "./html/judge.ts";
import { WORDS } from "./lexicon.ts";
import { charMask, lowerCase, type Profile, profileOf } from "./profile.ts";
import type { Rule } from "./rule.ts";
import { judgeShell } from "./shell/judge.ts";
import { judgeConstant } from "./sql/constants.ts";
import { judgeFragments } from "./sql/fragments.ts";
import { judgeSql } from "./sql/judge.ts";
import type { Quote } from "./sql/tokens.ts";
import { judgeAddresses } from "./ssrf/judge.ts";
import type { FieldKind } from "./surface.ts";

export interface Hit {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly view: string;
}

interface PatternRule {
  readonly rule: Rule;
  readonly patterns: readonly RegExp[];
  readonly needs: number;
  readonly word: number;
}

/** `all`: everything; `prose`: only rules that hold everywhere; `file`: only rules about programs. */
export type Depth = "all" | "prose" | "file";

/** control characters other than tabs and line breaks; C1 is how a windows-1252 quote reads as Latin-1 */
const CONTROL = /[^\P{Cc}\0\t\r\n\u0080-\u009f]/u;
/** two letters under two layers of percent-encoding: nobody's encoder encodes those even once. `%50-%70` is how Turks write shares */
const HIDDEN_TWICE = /(?:%25(?:[46][1-9a-f]|[57][0-9a])){2}|%25%3[3-7]%(?:3\d|6[1-6])/i;
/** a letter that JSON's and JavaScript's writers leave as it is; between hyphens it is a regular expression's range */
const HIDDEN_LETTER = /(?<!-)(?:\\|%5c|%)u00(?:[46][1-9a-f]|[57][0-9a])(?!-\\)/i;
const SPLIT_HOST = /^https?:\/\/[^/?#\s@]{1,80}%(?:2f|5c)[^/\s]{0,80}@[\w.-]{1,80}/i;
const QUOTE = charMask("'\"`");
const JOINS = charMask("|&");
const EQUALS = charMask("=");
const AT = charMask("@");
const PAREN = charMask("(");
const DOT = charMask(".");
const SINGLE = charMask("'");
const DOUBLE = charMask('"');
const TICK = charMask("`");
const SQL_SIGNS = charMask("=<>(-#;|&^%+*/");
const SHELL_SIGNS = charMask(";|&`$\n?[{'\"\\^");
const ANGLE = charMask("<");
const ADDRESS = charMask(":/\\");

export class ValueJudge {
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #patterns: ReadonlyMap<FieldKind, readonly PatternRule[]>;

  constructor(rules: readonly Rule[]) {
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    const kinds: FieldKind[] = ["json", "form", "multipart", "xml", "text", "query", "cookie", "header", "path"];
    this.#patterns = new Map(kinds.map((kind) => [kind, patternsFor(rules, kind)]));
  }

  /** @returns each rule at most once, where it was found first */
  judge(value: string, kind: FieldKind, depth: Depth): readonly Hit[] {
    if (value === "") return NONE;
    const { views, seen, rounds } = viewsOf(value, kind);
    const hits = new Map<string, Hit>();
    const put = (view: View, id: string, start: number, end: number): void => {
      const rule = this.#rules.get(id);
      if (rule === undefined || hits.has(id)) return;
      if (rule.plainOnly === true && view.name.includes("base64")) return;
      if (depth === "prose" && rule.everywhere !== true && !PROSE_RULES.has(id)) return;
      if (depth === "file" && rule.files !== true) return;
      hits.set(id, { rule, ...originalSpan(view, start, end), view: view.name });
    };
    for (const view of views) this.#judgeView(view, kind, depth, (id, start, end) => put(view, id, start, end));
    const whole: View = { name: "", text: value };
    if (seen.nul && depth !== "file") put(whole, "protocol-nul", 0, value.length);
    if (depth === "all") {
      if (seen.overlong) put(whole, "protocol-overlong", 0, value.length);
      if (rounds > 3 && seen.url) put(whole, "protocol-double-encoding", 0, value.length);
      this.#judgeBytes(views, kind, value, put);
    }
    return hits.size === 0 ? NONE : [...hits.values()];
  }

  #judgeBytes(
    views: readonly View[],
    kind: FieldKind,
    value: string,
    put: (view: View, id: string, start: number, end: number) => void,
  ): void {
    const first = views[0];
    if (first === undefined) return;
    const control = CONTROL.exec(first.text);
    if (control !== null && kind !== "text") {
      const isLine = kind === "query" || kind === "path" || kind === "cookie" || kind === "header";
      put(first, isLine ? "protocol-control-line" : "protocol-control", control.index, control.index + 1);
    }
    if (kind !== "text" && kind !== "xml") {
      const hidden =
        (value.includes("%25") ? HIDDEN_TWICE.exec(value) : null) ??
        (value.includes("u00") || value.includes("U00") ? HIDDEN_LETTER.exec(value) : null);
      if (hidden !== null)
        put({ name: "", text: value }, "protocol-hidden-letter", hidden.index, hidden.index + hidden[0].length);
    }
    // decoded, the first host would be a path: what splits readers is the escape itself
    if (kind === "query" || kind === "form") {
      const host = value.includes("@") ? SPLIT_HOST.exec(value) : null;
      if (host !== null) put({ name: "", text: value }, "ssrf-credentials", host.index, host[0].length);
    }
    if (kind === "query" || kind === "form" || kind === "path") {
      const stray = /%(?![0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(value);
      if (stray !== null) put({ name: "", text: value }, "protocol-encoding", stray.index, stray.index + 1);
    }
  }

  #judgeView(view: View, kind: FieldKind, depth: Depth, emit: (id: string, start: number, end: number) => void): void {
    const lower = lowerCase(view.text);
    const profile = profileOf(lower);
    if (depth === "all") judgeLanguages(lower, profile, emit);
    else if (depth === "prose") judgeProse(lower, profile, emit);
    for (const { rule, patterns, needs, word } of this.#patterns.get(kind) ?? []) {
      if ((needs !== 0 && (profile.chars & needs) === 0) || profile.longest < word) continue;
      if ((depth === "prose" && rule.everywhere !== true) || (depth === "file" && rule.files !== true)) continue;
      if (rule.hint !== undefined && !rule.hint.test(lower)) continue;
      for (const pattern of patterns) {
        const match = pattern.exec(lower);
        if (match === null) continue;
        emit(rule.id, match.index, match.index + Math.max(1, match[0].length));
        break;
      }
    }
  }
}

const NONE: readonly Hit[] = [];

function patternsFor(rules: readonly Rule[], kind: FieldKind): PatternRule[] {
  const found: PatternRule[] = [];
  for (const rule of rules) {
    if (rule.patterns === undefined || (rule.kinds !== undefined && !rule.kinds.includes(kind))) continue;
    found.push({
      rule,
      patterns: rule.patterns,
      needs: rule.needs === undefined ? 0 : charMask(rule.needs),
      word: rule.needsWord ?? 0,
    });
  }
  return found;
}

function judgeLanguages(
  lower: string,
  { chars, words }: Profile,
  emit: (id: string, start: number, end: number) => void,
): void {
  const sql =
    (words & (WORDS.sql | WORDS.weakSql)) !== 0 ||
    ((chars & QUOTE) !== 0 && (chars & SQL_SIGNS) !== 0) ||
    ((chars & JOINS) !== 0 && (chars & EQUALS) !== 0) ||
    (chars & AT) !== 0 ||
    ((chars & PAREN) !== 0 && (chars & DOT) !== 0);
  if ((words | chars) !== 0) judgeConstant(lower, emit);
  if (sql) {
    judgeFragments(lower, emit);
    for (const [quote, bit] of CONTEXTS) if (bit === 0 || (chars & bit) !== 0) judgeSql(lower, quote, emit);
  }
  if ((words & WORDS.shell) !== 0 || (chars & SHELL_SIGNS) !== 0) judgeShell(lower, emit);
  if ((chars & ANGLE) !== 0) judgeHtml(lower, emit);
  if ((chars & ADDRESS) !== 0) judgeAddresses(lower, emit);
}

const CONTEXTS: readonly (readonly [Quote, number])[] = [
  ["", 0],
  ["'", SINGLE],
  ['"', DOUBLE],
  ["`", TICK],
];

/** A short value that is nothing but a way out of a string: no title or name is, and no sentence is as short. */
const PROSE_LIMIT = 80;
const PROSE_RULES = new Set(["sql-tautology", "sql-union", "sql-stacked", "sql-cut"]);

function judgeProse(lower: string, { chars }: Profile, emit: (id: string, start: number, end: number) => void): void {
  if (lower.length > PROSE_LIMIT || lower.includes("\n")) return;
  const strict = (id: string, start: number, end: number): void => {
    if (PROSE_RULES.has(id)) emit(id, start, end);
  };
  if ((chars & SINGLE) !== 0) judgeSql(lower, "'", strict);
  if ((chars & DOUBLE) !== 0) judgeSql(lower, '"', strict);
}

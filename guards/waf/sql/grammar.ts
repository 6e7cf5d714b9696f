// What an SQL parser would accept at a token: operands, conditions, lists. Every look ahead is bounded, so judging is
// linear however the tokens are nested.
import { T, type Tokens } from "./tokens.ts";
import { CLAUSES, CONSTANTS, FUNCTIONS, PREFIXES, STRONG_FUNCTIONS } from "./words.ts";

export type Shape = "num" | "str" | "const" | "name" | "var" | "function" | "query" | "group";

export interface Operand {
  readonly shape: Shape;
  /** the first token after it */
  readonly next: number;
  /** the token that names it */
  readonly at: number;
}

/** tokens that one look ahead may cross; a batch keeps as many behind */
export const REACH = 64;

export class Reader {
  readonly t: Tokens;
  readonly length: number;

  constructor(tokens: Tokens) {
    this.t = tokens;
    this.length = tokens.kind.length;
  }

  kind(i: number): number {
    return this.t.kind[i] ?? 0;
  }

  word(i: number): string {
    return this.t.word[i] ?? "";
  }

  start(i: number): number {
    return this.t.start[i] ?? 0;
  }

  end(i: number): number {
    return this.t.end[i] ?? 0;
  }

  /** Nothing but white space between tokens `i - 1` and `i` would be false here: not even that. */
  touches(i: number): boolean {
    return this.start(i) === this.end(i - 1);
  }

  isCall(i: number): boolean {
    return this.kind(i) === T.word && this.kind(i + 1) === T.lparen;
  }

  isKnownCall(i: number): boolean {
    if (this.kind(i + 1) !== T.lparen) return false;
    const word = this.word(i);
    if (this.touches(i + 1)) return STRONG_FUNCTIONS.has(word) || FUNCTIONS.has(word);
    // `benchmark (a lot)` is prose
    return STRONG_FUNCTIONS.has(word) && !(this.kind(i + 2) === T.word && this.kind(i + 3) === T.word);
  }

  /** The token after the parenthesis that closes `i`, or the end of reach. */
  skipParens(i: number): number {
    let depth = 0;
    const limit = Math.min(this.length, i + REACH);
    for (let j = i; j < limit; j++) {
      const kind = this.kind(j);
      if (kind === T.lparen) depth++;
      else if (kind === T.rparen && --depth === 0) return j + 1;
    }
    return limit;
  }

  operand(i: number): Operand | null {
    const first = this.#term(i);
    if (first === null) return null;
    let whole = first;
    for (let n = 0; n < 6; n++) {
      const kind = this.kind(whole.next);
      if (kind === T.cast) {
        whole = { ...whole, next: whole.next + 2 };
        continue;
      }
      if (kind !== T.arith) break;
      const more = this.#term(whole.next + 1);
      if (more === null) break;
      whole = { shape: stronger(whole.shape, more.shape), at: whole.at, next: more.next };
    }
    return whole;
  }

  #term(from: number): Operand | null {
    let i = from;
    for (let n = 0; n < 8 && this.#isPrefix(i); n++) i++;
    const kind = this.kind(i);
    if (kind === T.num) return { shape: "num", next: this.#pastNumber(i), at: i };
    if (kind === T.str || kind === T.open) return { shape: "str", next: i + 1, at: i };
    if (kind === T.variable) return { shape: "var", next: i + 1, at: i };
    if (kind === T.lparen) return this.#group(i);
    if (kind === T.word || kind === T.logic) return this.#named(i);
    return null;
  }

  #isPrefix(i: number): boolean {
    const kind = this.kind(i);
    if (kind === T.arith) return this.word(i) !== "*" && this.word(i) !== "/" && this.word(i) !== "%";
    return (kind === T.word || kind === T.logic) && PREFIXES.has(this.word(i)) && this.kind(i + 1) !== T.compare;
  }

  /** `1.e(` and `1.e.` of MySQL are a number and nothing. */
  #pastNumber(i: number): number {
    return this.kind(i + 1) === T.num && this.touches(i + 1) ? i + 2 : i + 1;
  }

  #group(i: number): Operand {
    let inner = i + 1;
    for (let n = 0; n < 8 && this.kind(inner) === T.lparen; n++) inner++;
    const next = this.skipParens(i);
    if (this.word(inner) === "select") return { shape: "query", next, at: inner };
    const only = this.operand_(inner);
    if (only !== null && this.kind(only.next) === T.rparen) return { ...only, next };
    return { shape: "group", next, at: i };
  }

  /** one level only: recursion that an attacker feeds would not be bounded */
  operand_(i: number): Operand | null {
    const kind = this.kind(i);
    if (kind === T.num) return { shape: "num", next: i + 1, at: i };
    if (kind === T.str || kind === T.open) return { shape: "str", next: i + 1, at: i };
    if (kind === T.word && CONSTANTS.has(this.word(i))) return { shape: "const", next: i + 1, at: i };
    if (kind === T.word && this.isKnownCall(i)) return { shape: "function", next: this.skipParens(i + 1), at: i };
    return null;
  }

  #named(i: number): Operand | null {
    const word = this.word(i);
    if (word === "case" && this.#isCase(i)) return { shape: "query", next: Math.min(this.length, i + REACH), at: i };
    if (word === "select" && !this.isSelectList(i)) return null;
    if (word === "select") return { shape: "query", next: Math.min(this.length, i + REACH), at: i };
    if (this.isKnownCall(i)) return { shape: "function", next: this.skipParens(i + 1), at: i };
    if (this.kind(i) === T.logic) return null;
    if (CONSTANTS.has(word)) return { shape: "const", next: i + 1, at: i };
    let j = i + 1;
    for (let n = 0; n < 4 && this.kind(j) === T.dot && this.kind(j + 1) === T.word; n++) j += 2;
    if (this.kind(j) === T.lparen && this.touches(j)) return { shape: "name", next: this.skipParens(j), at: i };
    return { shape: "name", next: j, at: i };
  }

  /** `case studies when necessary` has no `then` */
  #isCase(i: number): boolean {
    if (this.word(i + 1) !== "when" && this.word(i + 2) !== "when" && this.word(i + 5) !== "when") return false;
    for (let j = i + 2; j < i + 24; j++) if (this.word(j) === "then") return true;
    return false;
  }

  /** The token after a comparison operator at `i` (`is not`, `not like`, `=`), or -1. */
  comparison(i: number): number {
    let j = i;
    if (this.word(j) === "not") j++;
    if (this.kind(j) !== T.compare) return this.kind(j - 1) === T.str && this.word(j) === "?" ? j + 1 : -1;
    return this.word(j + 1) === "not" || this.word(j + 1) === "binary" ? j + 2 : j + 1;
  }

  /** Whether what follows `select` at `i` is a list of things and not a sentence. */
  isSelectList(i: number): boolean {
    let j = i + 1;
    for (let n = 0; n < 6; n++) {
      const word = this.word(j);
      if (this.kind(j) === T.lparen || PREFIXES.has(word) || word === "distinctrow" || word === "sql_calc_found_rows")
        j++;
      else if (word === "top" && this.kind(j + 1) === T.num) j += 2;
      else break;
    }
    const kind = this.kind(j);
    if (kind === T.num || kind === T.str || kind === T.open || kind === T.variable) return true;
    if (kind === T.arith) return "*-+~!".includes(this.word(j));
    if (kind !== T.word) return false;
    if (CONSTANTS.has(this.word(j)) || this.word(j) === "case" || this.isKnownCall(j)) return true;
    const after = this.kind(j + 1);
    if (after === T.word) return CLAUSES.has(this.word(j + 1)) && this.word(j + 1) !== "to";
    return (
      after === T.comma ||
      (after === T.dot && this.touches(j + 2)) ||
      after === T.arith ||
      (after === T.lparen && (this.touches(j + 1) || FUNCTIONS.has(this.word(j))))
    );
  }

  /** End of text, of statement, or a comment: nothing that prose goes on with. */
  isEnd(i: number): boolean {
    const kind = this.kind(i);
    return i >= this.length || kind === T.semi || kind === T.dash || kind === T.hash || kind === T.cut;
  }

  /** A comment sign that ends what there is. */
  isCut(i: number): boolean {
    return i < this.length && this.kind(i) !== T.semi && this.isEnd(i);
  }

  isClause(i: number): boolean {
    return CLAUSES.has(this.word(i));
  }
}

const ORDER: readonly Shape[] = ["num", "str", "const", "var", "name", "group", "function", "query"];

function stronger(a: Shape, b: Shape): Shape {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

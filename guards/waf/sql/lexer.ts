// SQL tokens of every dialect at once, found in one pass. The same text is read in up to four quote contexts: as it
// stands, and as if it went on inside a string that ', " or ` had opened, since that is where applications paste values.
import { push, type Quote, T, type Tokens } from "./tokens.ts";
import { COMPARE_WORDS, LOGIC_WORDS } from "./words.ts";

const OPERATORS = "<=> ->> #>> || && <> != <= >= == := << >> <@ @> -> #> !< !> ^= ~* = < > ! + - * / % & | ^ ~".split(
  " ",
);
const COMPARE = new Set("<=> <> != <= >= == := <@ @> -> ->> #> #>> !< !> ^= ~* = < >".split(" "));
const FIRST = new Map<string, readonly string[]>();
for (const op of OPERATORS) FIRST.set(op.charAt(0), [...(FIRST.get(op.charAt(0)) ?? []), op]);

const WORD = /[a-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /0x[0-9a-f]*|0b[01]+(?![\w])|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/y;
const VARIABLE = /@@?[\w$.]*/y;

function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0x3000;
}

/** Reads on from where the last call stopped, so that a long text needs no more memory than one batch. */
export class SqlLexer {
  readonly #text: string;
  #at = 0;
  #gap = 0;

  /** @param lower the text in lower case, same length */
  constructor(lower: string, quote: Quote, tokens: Tokens) {
    this.#text = lower;
    if (quote === "") return;
    const end = this.#stringEnd(0, quote);
    this.#at = end;
    push(tokens, end > lower.length ? T.open : T.breakout, quote, 0, Math.min(end, lower.length), 0);
  }

  /** @returns false at the end of the text */
  fill(tokens: Tokens, most: number): boolean {
    while (tokens.kind.length < most && this.#at < this.#text.length) this.#next(tokens);
    return this.#at < this.#text.length;
  }

  #next(tokens: Tokens): void {
    const text = this.#text;
    const start = this.#at;
    const code = text.charCodeAt(start);
    if (isSpace(code)) {
      this.#at++;
      return;
    }
    const char = text.charAt(start);
    if (char === "/" && text.charAt(start + 1) === "*") {
      this.#comment(tokens, start);
      return;
    }
    if (char === "*" && text.charAt(start + 1) === "/" && this.#gap === 2) {
      this.#at += 2;
      return;
    }
    if (char === "'" || char === '"') {
      this.#string(tokens, start, char);
      return;
    }
    if (char === "-" && text.charAt(start + 1) === "-") {
      this.#lineComment(tokens, start, 2);
      return;
    }
    if (char === "#" && text.charAt(start + 1) !== ">") {
      this.#lineComment(tokens, start, 1);
      return;
    }
    if ((code >= 48 && code <= 57) || (char === "." && isDigit(text.charCodeAt(start + 1)))) {
      this.#match(tokens, NUMBER, T.num);
      return;
    }
    if (char === "@" && text.charAt(start + 1) !== ">") {
      this.#match(tokens, VARIABLE, T.variable);
      return;
    }
    if (char === "`") {
      this.#quotedName(tokens, start);
      return;
    }
    if ((code >= 97 && code <= 122) || code === 95 || code === 36 || code >= 128) {
      this.#word(tokens, start);
      return;
    }
    this.#operator(tokens, start, char);
  }

  #emit(tokens: Tokens, kind: number, word: string, start: number, end: number): void {
    push(tokens, kind, word, start, end, this.#gap);
    this.#gap = 0;
    this.#at = end;
  }

  #match(tokens: Tokens, pattern: RegExp, kind: number): void {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? this.#text.charAt(this.#at);
    this.#emit(
      tokens,
      kind,
      kind === T.variable ? found : found.endsWith(".") ? "." : "",
      this.#at,
      this.#at + found.length,
    );
  }

  #word(tokens: Tokens, start: number): void {
    WORD.lastIndex = start;
    const word = WORD.exec(this.#text)?.[0] ?? this.#text.charAt(start);
    // long runs are data, not names: they are kept short so that no set is asked for a megabyte
    const name = word.length <= 32 ? word : "";
    const kind = LOGIC_WORDS.has(name) ? T.logic : COMPARE_WORDS.has(name) ? T.compare : T.word;
    this.#emit(tokens, kind, name, start, start + word.length);
  }

  #quotedName(tokens: Tokens, start: number): void {
    const close = this.#text.indexOf("`", start + 1);
    if (close < 0) {
      this.#emit(tokens, T.open, "`", start, this.#text.length);
      return;
    }
    this.#emit(tokens, T.word, this.#text.slice(start + 1, Math.min(close, start + 33)), start, close + 1);
  }

  #string(tokens: Tokens, start: number, quote: Quote): void {
    const end = this.#stringEnd(start + 1, quote);
    this.#emit(tokens, end > this.#text.length ? T.open : T.str, quote, start, Math.min(end, this.#text.length));
  }

  /** One past the closing quote; past the end of the text where there is none. A doubled quote is a character. */
  #stringEnd(from: number, quote: string): number {
    let at = from;
    for (;;) {
      const close = this.#text.indexOf(quote, at);
      if (close < 0) return this.#text.length + 1;
      if (this.#text.charAt(close + 1) !== quote) return close + 1;
      at = close + 2;
    }
  }

  #comment(tokens: Tokens, start: number): void {
    if (this.#text.charAt(start + 2) === "!") {
      let at = start + 3;
      while (at < start + 9 && isDigit(this.#text.charCodeAt(at))) at++;
      this.#at = at;
      this.#gap = 2;
      return;
    }
    const close = this.#text.indexOf("*/", start + 2);
    if (close < 0) {
      this.#emit(tokens, T.cut, "", start, start + 2);
      return;
    }
    this.#at = close + 2;
    this.#gap = Math.max(this.#gap, 1);
  }

  /** Ends at a line break if that is near; a comment that runs to the end is a token, and what it hides is still read. */
  #lineComment(tokens: Tokens, start: number, length: number): void {
    const kind = length === 2 ? T.dash : T.hash;
    const near = this.#text.slice(start, start + 256).indexOf("\n");
    if (near < 0 || near === this.#text.length - start - 1) {
      this.#emit(tokens, kind, "", start, start + length);
      return;
    }
    this.#at = start + near + 1;
    this.#gap = Math.max(this.#gap, 1);
  }

  #operator(tokens: Tokens, start: number, char: string): void {
    const found = FIRST.get(char)?.find((op) => this.#text.startsWith(op, start));
    if (found !== undefined) {
      const kind = found === "||" || found === "&&" ? T.logic : COMPARE.has(found) ? T.compare : T.arith;
      this.#emit(tokens, kind, found, start, start + found.length);
      return;
    }
    if (char === ":" && this.#text.charAt(start + 1) === ":") {
      this.#emit(tokens, T.cast, "", start, start + 2);
      return;
    }
    this.#emit(tokens, PUNCTUATION[char] ?? T.other, char, start, start + 1);
  }
}

const PUNCTUATION: Readonly<Record<string, number>> = {
  ",": T.comma,
  "(": T.lparen,
  ")": T.rparen,
  ";": T.semi,
  ".": T.dot,
};

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

// One link while it is written: which characters belong to it, and where it ends.
import type { LinkSyntax } from "./link-url.ts";

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const OPEN = 0x28;
const CLOSE = 0x29;
const LESS = 0x3c;
const GREATER = 0x3e;
const BACKTICK = 0x60;
const LF = 10;

export interface CaptureOptions {
  readonly syntax: LinkSyntax;
  readonly loaded: boolean;
  /** offset of its first character that is still held */
  readonly start: number;
  /** what is known of it: the scheme */
  readonly text?: string;
  /** the quote that ends an attribute, 0 for none */
  readonly quote?: number;
}

export class LinkCapture {
  readonly options: CaptureOptions;
  text: string;
  /** offset of the first character that is no white space */
  start: number;
  /** nothing of it is held any more: an image within the link, or a long link to a listed host */
  flowing = false;
  #depth = 0;

  constructor(options: CaptureOptions) {
    this.options = options;
    this.text = options.text ?? "";
    this.start = options.start;
  }

  /** Takes a character, or says that the link ended before it. */
  take(unit: number, at: number): boolean {
    if (this.#ends(unit)) return false;
    if (this.flowing) return true;
    if (this.text === "" && isSpace(unit)) {
      this.start = at + 1;
      return true;
    }
    this.text += String.fromCharCode(unit);
    return true;
  }

  #ends(unit: number): boolean {
    const { syntax, quote = 0 } = this.options;
    switch (syntax) {
      case "bare":
        return isSpace(unit) || unit === QUOTE || unit === LESS || unit === GREATER || unit === BACKTICK;
      case "autolink":
        return isSpace(unit) || unit === GREATER || unit === LESS;
      case "definition":
        return isSpace(unit) && this.text !== "";
      case "attribute":
        return quote === 0 ? (isSpace(unit) && this.text !== "") || unit === GREATER : unit === quote;
      case "css":
        return unit === CLOSE || (unit === LF && this.text !== "");
      case "markdown":
        return (unit === LF && this.text !== "") || this.#closes(unit);
    }
  }

  #closes(unit: number): boolean {
    if (unit === OPEN) this.#depth += 1;
    if (unit !== CLOSE) return false;
    this.#depth -= 1;
    return this.#depth < 0;
  }

  fork(): LinkCapture {
    const copy = new LinkCapture(this.options);
    copy.text = this.text;
    copy.start = this.start;
    copy.flowing = this.flowing;
    copy.#depth = this.#depth;
    return copy;
  }
}

export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

export function isQuote(unit: number): boolean {
  return unit === QUOTE || unit === APOSTROPHE;
}

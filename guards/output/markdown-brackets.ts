// Markdown's brackets, as far as links need them: whether what closes was an image, and what follows it makes of it
// (CommonMark, section 6.3 and 6.4, lenient: a link in a code block counts).

const BANG = 0x21;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const PARENTHESIS = 0x28;
const COLON = 0x3a;
/** More open ones are forgotten, the outermost first. */
const MAX_DEPTH = 32;

/** What this character begins: a destination, or an image whose reference may point anywhere. */
export type BracketEvent = "inline" | "definition" | "suspect" | null;

export class MarkdownBrackets {
  /** whether each open bracket is an image's */
  #open: boolean[] = [];
  #lostImage = false;
  #last = 0;
  #closed = false;
  #forbidden = false;
  /** the bracket that closed last was an image's */
  image = false;
  /** an image was written that takes its link from a definition */
  imageReferences = false;

  get open(): boolean {
    return this.#open.length > 0;
  }

  forbidImageReferences(): void {
    this.#forbidden = true;
  }

  read(unit: number): BracketEvent {
    const closed = this.#closed;
    const last = this.#last;
    this.#closed = false;
    this.#last = last === BACKSLASH && unit === BACKSLASH ? 0 : unit;
    if (closed && unit === PARENTHESIS) return "inline";
    if (closed && this.image) this.imageReferences = true;
    if (closed && unit === COLON) return "definition";
    if (last === BACKSLASH && unit !== CLOSE) return null;
    if (unit === OPEN) return this.#opens(last === BANG);
    if (unit === CLOSE) this.#closes();
    return null;
  }

  #opens(image: boolean): BracketEvent {
    if (this.#open.length >= MAX_DEPTH) this.#lostImage = this.#open.shift() === true || this.#lostImage;
    this.#open.push(image);
    return image && this.#forbidden ? "suspect" : null;
  }

  #closes(): void {
    this.image = this.#open.pop() ?? this.#lostImage;
    this.#closed = true;
  }

  fork(): MarkdownBrackets {
    const copy = new MarkdownBrackets();
    copy.#open = [...this.#open];
    copy.#lostImage = this.#lostImage;
    copy.#last = this.#last;
    copy.#closed = this.#closed;
    copy.#forbidden = this.#forbidden;
    copy.image = this.image;
    copy.imageReferences = this.imageReferences;
    return copy;
  }
}

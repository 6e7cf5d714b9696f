// Characters set apart, each from the next by white space or by one and the same mark: `s k - a b c`, `s.k.-.a`.
import type { DecodedText } from "./decoded-text.ts";
import type { Decoder, Encoding } from "./encoded-watch.ts";

const MARKS = new Set(
  Array.from(".-_*|,/\\~+\u00b7\u2022\u200b\u200c\u200d\u2060\u00ad", (char) => char.charCodeAt(0)),
);
const SPACE = 32;
const MAX_GAP = 4;
const LETTER = /[\p{L}\p{N}]/u;

export const SPACED: Encoding = { name: "spaced", readings: 1, decoder: (outs) => new SpacedDecoder(outs) };

/** `outside` may begin a run at the next letter; `word` is within a word of more than one; `one` has read one character. */
type Where = "outside" | "word" | "one" | "gap";

class SpacedDecoder implements Decoder {
  readonly #outs: readonly DecodedText[];
  #where: Where = "outside";
  /** what sets the characters of the run apart, 0 while that is open */
  #mark = 0;
  #gap = 0;
  #unit = 0;
  #at = 0;

  constructor(outs: readonly DecodedText[]) {
    this.#outs = outs;
  }

  read(unit: number, at: number): void {
    switch (this.#where) {
      case "outside":
        if (isLetter(unit)) this.#one(unit, at);
        return;
      case "word":
        if (!isLetter(unit)) this.#where = "outside";
        return;
      case "gap":
        this.#afterGap(unit, at);
        return;
      case "one":
        this.#afterOne(unit, at);
        return;
    }
  }

  #afterOne(unit: number, at: number): void {
    const mark = markOf(unit);
    if (mark !== 0 && (this.#mark === 0 || mark === this.#mark || mark === SPACE)) {
      this.#take();
      if (this.#mark === 0) this.#mark = mark;
      this.#gap = 1;
      this.#where = "gap";
      return;
    }
    const letter = isLetter(unit);
    const wasLetter = isLetter(this.#unit);
    // a bracket or a full stop ends the run behind its last character; a letter makes that the first of a word
    if (!letter) this.#take();
    this.#finish();
    if (!letter) return;
    if (wasLetter) this.#where = "word";
    else this.#one(unit, at);
  }

  #afterGap(unit: number, at: number): void {
    const mark = markOf(unit);
    if (mark === 0 || (mark !== this.#mark && mark !== SPACE)) {
      this.#one(unit, at);
      return;
    }
    this.#gap += 1;
    if (this.#gap > MAX_GAP) this.#finish();
  }

  #one(unit: number, at: number): void {
    this.#where = "one";
    this.#unit = unit;
    this.#at = at;
  }

  #take(): void {
    this.#outs[0]?.text(String.fromCharCode(this.#unit), this.#at, this.#at + 1);
  }

  #finish(): void {
    this.#outs[0]?.finish();
    this.#where = "outside";
    this.#mark = 0;
  }

  end(): void {
    if (this.#where === "one") this.#take();
    this.#finish();
  }

  get pendingFrom(): number | null {
    return this.#where === "one" ? this.#at : null;
  }

  fork(outs: readonly DecodedText[]): SpacedDecoder {
    const copy = new SpacedDecoder(outs);
    copy.#where = this.#where;
    copy.#mark = this.#mark;
    copy.#gap = this.#gap;
    copy.#unit = this.#unit;
    copy.#at = this.#at;
    return copy;
  }
}

function isLetter(unit: number): boolean {
  if (unit < 128) return (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122);
  return LETTER.test(String.fromCharCode(unit));
}

/** What may set characters apart; all white space is one. */
function markOf(unit: number): number {
  if (unit === SPACE || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0x3000) return SPACE;
  return MARKS.has(unit) ? unit : 0;
}

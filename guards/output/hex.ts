// Hexadecimal as it comes: digits in a row in both readings, and bytes set apart (`73 6b`, `73:6b`, `0x73, 0x6b`).
import type { DecodedText } from "./decoded-text.ts";
import type { Decoder, Encoding } from "./encoded-watch.ts";

const SEPARATORS = new Set(Array.from(" \t\n\r,:;-\\", (char) => char.charCodeAt(0)));
const MAX_GAP = 3;
const READINGS = 2;

export const HEX: Encoding = { name: "hex", readings: READINGS, decoder: (outs) => new HexDecoder(outs) };

class HexDecoder implements Decoder {
  readonly #outs: readonly DecodedText[];
  #gap = 0;
  /** digits in a row */
  #row = 0;
  /** of each reading: the first digit of a byte, -1 for none, and where it stands */
  #high = [-1, -1];
  #starts = [0, 0];

  constructor(outs: readonly DecodedText[]) {
    this.#outs = outs;
  }

  read(unit: number, at: number): void {
    const digit = hexDigit(unit);
    if (digit < 0) {
      this.#other(unit);
      return;
    }
    this.#gap = 0;
    for (let reading = 0; reading < READINGS && reading <= this.#row; reading++) this.#add(reading, digit, at);
    this.#row += 1;
  }

  #add(reading: number, digit: number, at: number): void {
    const high = this.#high[reading] as number;
    if (high < 0) {
      this.#high[reading] = digit;
      this.#starts[reading] = at;
      return;
    }
    this.#high[reading] = -1;
    (this.#outs[reading] as DecodedText).byte((high << 4) | digit, this.#starts[reading] as number, at + 1);
  }

  #other(unit: number): void {
    const [even] = this.#high;
    // the digits of the second reading are set apart by nothing
    this.#finish(1);
    this.#row = 0;
    const prefix = (unit === 0x78 || unit === 0x58) && even === 0;
    const gap = SEPARATORS.has(unit) && even === -1 && this.#gap < MAX_GAP;
    if (gap) this.#gap += 1;
    if (prefix) this.#high[0] = -1;
    if (!prefix && !gap) this.#finish(0);
  }

  end(): void {
    for (let reading = 0; reading < READINGS; reading++) this.#finish(reading);
    this.#row = 0;
    this.#gap = 0;
  }

  #finish(reading: number): void {
    this.#high[reading] = -1;
    (this.#outs[reading] as DecodedText).finish();
  }

  get pendingFrom(): number | null {
    let from: number | null = null;
    for (let reading = 0; reading < READINGS; reading++)
      if ((this.#high[reading] as number) >= 0) from = Math.min(from ?? Infinity, this.#starts[reading] as number);
    return from;
  }

  fork(outs: readonly DecodedText[]): HexDecoder {
    const copy = new HexDecoder(outs);
    copy.#gap = this.#gap;
    copy.#row = this.#row;
    copy.#high = [...this.#high];
    copy.#starts = [...this.#starts];
    return copy;
  }
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

// Base64 and base64url as they come (RFC 4648, sections 4 and 5, in one alphabet: whoever hides may mix them). Four
// readings at once, since what stands before the encoding may be of its alphabet too (`com/` in a link). Line breaks
// within long lines are part of it (MIME, PEM).
import type { DecodedText } from "./decoded-text.ts";
import type { Decoder, Encoding } from "./encoded-watch.ts";

const SEXTETS = new Int8Array(128).fill(-1);
for (const [value, char] of Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").entries())
  SEXTETS[char.charCodeAt(0)] = value;
SEXTETS["-".charCodeAt(0)] = 62;
SEXTETS["_".charCodeAt(0)] = 63;

const LF = 10;
const CR = 13;
const MIN_LINE = 20;
const READINGS = 4;

export const BASE64: Encoding = { name: "base64", readings: READINGS, decoder: (outs) => new Base64Decoder(outs) };

class Base64Decoder implements Decoder {
  readonly #outs: readonly DecodedText[];
  #run = 0;
  #line = 0;
  #breaks = 0;
  /** of each reading: bits that make no byte yet, how many, and where the character stands that holds the first */
  #bits = new Int32Array(READINGS);
  #counts = new Int32Array(READINGS);
  #starts = new Float64Array(READINGS);

  constructor(outs: readonly DecodedText[]) {
    this.#outs = outs;
  }

  read(unit: number, at: number): void {
    const sextet = unit < 128 ? (SEXTETS[unit] as number) : -1;
    if (sextet < 0) {
      this.#other(unit);
      return;
    }
    this.#breaks = 0;
    this.#line += 1;
    for (let reading = 0; reading < READINGS && reading <= this.#run; reading++) this.#add(reading, sextet, at);
    if (this.#run < READINGS) this.#run += 1;
  }

  #add(reading: number, sextet: number, at: number): void {
    const count = (this.#counts[reading] as number) + 6;
    if (count === 6) this.#starts[reading] = at;
    const bits = ((this.#bits[reading] as number) << 6) | sextet;
    const left = count < 8 ? count : count - 8;
    const start = this.#starts[reading] as number;
    this.#bits[reading] = bits & ((1 << left) - 1);
    this.#counts[reading] = left;
    if (count < 8) return;
    this.#starts[reading] = at;
    (this.#outs[reading] as DecodedText).byte(bits >> left, start, at + 1);
  }

  #other(unit: number): void {
    const breaks = (unit === LF || unit === CR) && this.#line >= MIN_LINE && this.#breaks < 2;
    if (breaks) {
      this.#breaks += 1;
      return;
    }
    this.end();
  }

  end(): void {
    if (this.#run === 0) return;
    for (const out of this.#outs) out.finish();
    this.#run = 0;
    this.#line = 0;
    this.#breaks = 0;
    this.#counts.fill(0);
    this.#bits.fill(0);
  }

  get pendingFrom(): number | null {
    let from: number | null = null;
    for (let reading = 0; reading < READINGS; reading++)
      if ((this.#counts[reading] as number) > 0) from = Math.min(from ?? Infinity, this.#starts[reading] as number);
    return from;
  }

  fork(outs: readonly DecodedText[]): Base64Decoder {
    const copy = new Base64Decoder(outs);
    copy.#run = this.#run;
    copy.#line = this.#line;
    copy.#breaks = this.#breaks;
    copy.#bits = this.#bits.slice();
    copy.#counts = this.#counts.slice();
    copy.#starts = this.#starts.slice();
    return copy;
  }
}

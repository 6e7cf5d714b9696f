// What a decoder is: a name, the traits that make it worth a look, and one pass over a text.
import type { ViewBuilder } from "./builder.ts";
import type { Scan } from "./scan.ts";

export interface Decoder {
  /** stands in findings as the view's name: never renamed */
  readonly name: string;
  /** bits of `TRAIT`: it runs where any of them is set */
  readonly traits: number;
  /** Names each stretch that it can decode, in order. Linear in the text; stops when the builder is full. */
  run(out: ViewBuilder, text: string, scanned: Scan): void;
}

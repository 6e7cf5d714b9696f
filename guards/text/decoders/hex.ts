// Hexadecimal and binary without separators: `69676e6f7265`, `0110100101100111`.
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { hexValue } from "../readable.ts";
import { TRAIT } from "../scan.ts";

/** Binary digits of six characters. */
const MIN_BITS = 48;

/** Twelve digits at least: six characters. */
export const hex: Decoder = {
  name: "hex",
  traits: TRAIT.long,
  run(out, text, { long }) {
    const digits = /[0-9a-fA-F]{12,}/g;
    for (let run = 0; run < long.length && !out.full; run += 2) {
      const from = long[run] as number;
      const part = text.slice(from, long[run + 1]);
      digits.lastIndex = 0;
      for (let found = digits.exec(part); found !== null; found = digits.exec(part))
        if (found[0].length >= MIN_BITS && found[0].length % 8 === 0 && /^[01]+$/.test(found[0]))
          decodeBits(out, text, from + found.index, from + digits.lastIndex);
        else if (found[0].length % 2 === 0) decode(out, text, from + found.index, from + digits.lastIndex);
    }
  },
};

function decode(out: ViewBuilder, text: string, start: number, end: number): void {
  const run = new ByteRun((end - start) / 2);
  for (let pair = start; pair < end; pair += 2)
    run.push(hexValue(text.charCodeAt(pair)) * 16 + hexValue(text.charCodeAt(pair + 1)), pair);
  run.emit(out, start, end, 6);
}

function decodeBits(out: ViewBuilder, text: string, start: number, end: number): void {
  const run = new ByteRun((end - start) / 8);
  for (let at = start; at < end; at += 8) {
    let byte = 0;
    for (let bit = at; bit < at + 8; bit++) byte = byte * 2 + hexValue(text.charCodeAt(bit));
    run.push(byte, at);
  }
  run.emit(out, start, end, 6);
}

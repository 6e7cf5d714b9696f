// base32 (RFC 4648, section 6) inside a text.
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

const MIN_SIGNS = 16;

export const base32: Decoder = {
  name: "base32",
  traits: TRAIT.long,
  run(out, text, { long }) {
    for (let run = 0; run < long.length && !out.full; run += 2) {
      const start = long[run] as number;
      const part = text.slice(start, long[run + 1]);
      if (part.length >= MIN_SIGNS && /^(?:[A-Z2-7]+|[a-z2-7]+)=*$/.test(part))
        decode(out, text, start, start + part.length);
    }
  },
};

function decode(out: ViewBuilder, text: string, start: number, end: number): void {
  const run = new ByteRun(Math.ceil(((end - start) * 5) / 8));
  let bits = 0;
  let held = 0;
  for (let at = start; at < end; at++) {
    const five = value(text.charCodeAt(at));
    if (five < 0) break;
    held = ((held << 5) | five) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    run.push((held >> bits) & 255, at - 1);
  }
  run.emit(out, start, end, 6);
}

function value(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61;
  return unit >= 0x32 && unit <= 0x37 ? unit - 0x32 + 26 : -1;
}

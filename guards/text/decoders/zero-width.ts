// Bits in zero-width characters: one of two signs for 0, the other for 1, eight a byte, marks between bytes or none.
import type { ViewBuilder } from "../builder.ts";
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";

const MIN_BITS = 32;

export const zeroWidth: Decoder = {
  name: "zero_width",
  traits: -1,
  run(out, text) {
    let first = MIN_BITS - 1;
    // a run that is long enough has one of every so many characters
    while (first < text.length && !isZeroWidth(text.charCodeAt(first))) first += MIN_BITS;
    if (first >= text.length) return;
    while (first > 0 && isZeroWidth(text.charCodeAt(first - 1))) first--;
    for (let at = first; at < text.length && !out.full; at++) {
      if (!isZeroWidth(text.charCodeAt(at))) continue;
      let end = at + 1;
      while (isZeroWidth(text.charCodeAt(end))) end++;
      if (end - at >= MIN_BITS) decode(out, text, at, end);
      at = end;
    }
  },
};

function isZeroWidth(unit: number): boolean {
  return (unit >= 0x200b && unit <= 0x200f) || (unit >= 0x2060 && unit <= 0x2064) || unit === 0xfeff || unit === 0xad;
}

/** The two commonest signs are the bits; which is which, the text itself tells. */
function decode(out: ViewBuilder, text: string, start: number, end: number): void {
  const counts = new Map<number, number>();
  for (let at = start; at < end; at++) counts.set(text.charCodeAt(at), (counts.get(text.charCodeAt(at)) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]).map(([unit]) => unit);
  if (first === undefined || second === undefined) return;
  for (const one of [first, second]) {
    const run = new ByteRun(Math.ceil((end - start) / 8));
    let bits = 0;
    let held = 0;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit !== first && unit !== second) continue;
      held = ((held << 1) | (unit === one ? 1 : 0)) & 0xff;
      bits++;
      if (bits % 8 === 0) run.push(held, Math.max(start + 1, at - 8));
    }
    if (!run.reads(MIN_BITS / 8)) continue;
    // the text before and after was one, without what is hidden in it
    out.replace(start, start + 1, " ");
    run.pour(out, start + 1, end - 1);
    out.replace(end - 1, end, " ");
    return;
  }
}

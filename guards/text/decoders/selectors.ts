// Bytes in variation selectors behind a harmless character: U+FE00 to U+FE0F are 0 to 15, U+E0100 to U+E01EF 16 to 255.
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";

const MIN_BYTES = 4;

export const selectors: Decoder = {
  name: "selectors",
  traits: -1,
  run(out, text) {
    const first = text.search(/[\ufe00-\ufe0f\udb40]/);
    if (first < 0) return;
    for (let at = first; at < text.length && !out.full; at++) {
      if (byteAt(text, at) === null) continue;
      let end = at;
      let count = 0;
      for (let byte = byteAt(text, end); byte !== null; byte = byteAt(text, end)) {
        end += byte < 16 ? 1 : 2;
        count++;
      }
      if (count >= MIN_BYTES) {
        const run = new ByteRun(count);
        for (let next = at; next < end; ) {
          const byte = byteAt(text, next) ?? 0;
          run.push(byte, next);
          next += byte < 16 ? 1 : 2;
        }
        run.emit(out, at, end, MIN_BYTES);
      }
      at = end;
    }
  },
};

function byteAt(text: string, at: number): number | null {
  const unit = text.charCodeAt(at);
  if (unit >= 0xfe00 && unit <= 0xfe0f) return unit - 0xfe00;
  if (unit !== 0xdb40) return null;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdd00 && low <= 0xddef ? low - 0xdd00 + 16 : null;
}

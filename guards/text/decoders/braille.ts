// Braille cells (U+2800 to U+28FF) for the letters of the English alphabet, grade 1.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

/** Dots of a to z as the cell's offset from U+2800. */
const CELLS = [1, 3, 9, 25, 17, 11, 27, 19, 10, 26, 5, 7, 13, 29, 21, 15, 31, 23, 14, 30, 37, 39, 58, 45, 61, 53];
const LETTERS: ReadonlyMap<number, string> = new Map([
  ...CELLS.map((cell, at): [number, string] => [0x2800 + cell, String.fromCharCode(0x61 + at)]),
  [0x2800, " "],
  [0x2802, ","],
  [0x2832, "."],
  [0x2816, "!"],
  [0x2804, "'"],
  [0x2824, "-"],
]);
const MIN_CELLS = 3;
const MAX_ROW = 4096;

export const braille: Decoder = {
  name: "braille",
  traits: TRAIT.beyondAscii,
  run(out, text) {
    const first = text.search(/[\u2801-\u28ff]/);
    if (first < 0) return;
    for (let at = first; at < text.length && !out.full; at++) {
      if (!isCell(text.charCodeAt(at))) continue;
      let word = "";
      let cells = 0;
      let end = at;
      for (; end < text.length && end - at < MAX_ROW; end++) {
        const unit = text.charCodeAt(end);
        if (unit !== 0x20 && !isCell(unit)) break;
        // pictures are drawn with cells that spell nothing
        word += unit === 0x20 ? " " : (LETTERS.get(unit) ?? "\u0000");
        if (unit !== 0x20) cells++;
      }
      while (text.charCodeAt(end - 1) === 0x20) end--;
      if (cells >= MIN_CELLS && !word.includes("\u0000")) out.replace(at, end, word.trimEnd());
      at = end;
    }
  },
};

function isCell(unit: number): boolean {
  return unit >= 0x2800 && unit <= 0x28ff;
}

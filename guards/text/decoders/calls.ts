// Characters as numbers with the same code around each: `chr(105)+chr(103)`, `String.fromCharCode(105), …`, one a line.
import { ByteRun } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

/** Six numbers with the same 4 to 24 signs between each two. */
const ROW = /(?<!\d)\d{2,3}([^\d]{4,24})(?:\d{2,3}\1){4,}\d{2,3}(?!\d)/g;
const MIN_CODES = 6;

export const calls: Decoder = {
  name: "calls",
  traits: TRAIT.leet | TRAIT.codes | TRAIT.marked,
  run(out, text) {
    for (const { 0: row, index } of text.matchAll(ROW)) {
      if (out.full) return;
      const run = new ByteRun(Math.ceil(row.length / 6) + 1);
      for (const code of row.matchAll(/\d+/g)) run.push(Number(code[0]) & 255, index + code.index);
      run.emit(out, index, index + row.length, MIN_CODES);
    }
  },
};

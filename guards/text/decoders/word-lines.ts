// A sentence with one word or two on each line. Lists are written so as well, but hold no `the` and no `to`.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { isWord } from "../vocabulary.ts";

/** Five short lines in a row, of up to two words each. */
const ROW = /(?:^|\n)[ \t]{0,8}(?:\S{1,24}(?: \S{1,24})?[ \t]{0,8}\r?\n\s{0,4}){4,}\S{1,24}/g;
/** Words of the commonest classes (vocabulary.ts) that make a sentence of a row: in number, and one in so many. */
const COMMON = 1;
const MIN_COMMON = 2;
const SHARE = 8;
const MAX_PIECE = 8192;

export const wordLines: Decoder = {
  name: "word_lines",
  traits: TRAIT.lines,
  run(out, text) {
    for (const match of text.matchAll(ROW)) {
      if (out.full) return;
      const [row] = match;
      const words = row.trim().split(/\s+/);
      let common = 0;
      for (const word of words) {
        const letters = word.replace(/[^A-Za-z]/g, "");
        if (letters.length > 1 && isWord(letters, 0, letters.length, COMMON)) common++;
      }
      if (common < MIN_COMMON || common * SHARE < words.length) continue;
      const start = match.index + row.length - row.trimStart().length;
      const end = match.index + row.length;
      for (let from = start; from < end; from += MAX_PIECE) {
        const to = Math.min(end, from + MAX_PIECE);
        out.replace(from, to, text.slice(from, to).replace(/\s+/g, " "));
      }
    }
  },
};

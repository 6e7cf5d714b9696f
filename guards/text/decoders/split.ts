// Words that were cut: `ig-nore`, a line's end inside one, `"ig" + "nore"`, `prev ious`, `ig**nor**e`. A cut is undone
// where the pieces make a known word and are not known words themselves.
import type { Decoder } from "../decoder.ts";
import { isWordSign } from "../letters.ts";
import { isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { DEAD, endsWord, isWord, ROOT, walk } from "../vocabulary.ts";

const MIN_LETTERS = 5;
const MAX_GAP = 8;
const MAX_PIECES = 6;

export const split: Decoder = {
  name: "split",
  traits: TRAIT.cut,
  run(out, text, { cuts }) {
    let done = 0;
    for (const start of cuts) {
      if (out.full) return;
      const end = start < done || !isLetter(text.charCodeAt(start)) ? 0 : walkFrom(text, start);
      if (end === 0) continue;
      out.replace(start, end, lettersOf(text, start, end));
      done = end;
    }
  },
};

/** @returns the end of the cut word that starts at `start`, or 0 */
function walkFrom(text: string, start: number): number {
  let node = ROOT;
  let at = start;
  let letters = 0;
  let allKnown = true;
  for (let piece = 1; piece <= MAX_PIECES; piece++) {
    const pieceStart = at;
    for (; isLetter(text.charCodeAt(at)); at++) {
      node = walk(node, text.charCodeAt(at));
      if (node === DEAD) return 0;
    }
    letters += at - pieceStart;
    // `e-mail`, `T-shirt`
    if (piece === 1 && letters === 1) return 0;
    // a digit or a foreign letter: not the piece's end
    if (at === pieceStart || isWordSign(text.charCodeAt(at))) return 0;
    allKnown &&= isWord(text, pieceStart, at);
    if (piece > 1 && endsWord(node)) return letters >= MIN_LETTERS && !allKnown ? at : 0;
    if (piece === 1 && endsWord(node) && letters > 3) return 0;
    let next = at;
    while (next - at < MAX_GAP && next < text.length && !isWordSign(text.charCodeAt(next))) next++;
    if (!isLetter(text.charCodeAt(next))) return 0;
    at = next;
  }
  return 0;
}

function lettersOf(text: string, start: number, end: number): string {
  let letters = "";
  for (let at = start; at < end; at++) if (isLetter(text.charCodeAt(at))) letters += text.charAt(at);
  return letters;
}

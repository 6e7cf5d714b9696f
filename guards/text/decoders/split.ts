// Words that were cut: `ig-nore`, a line's end inside one, `"ig" + "nore"`, `prev ious`, `ig**nor**e`. A cut is undone
// where the pieces make a known word and are not known words themselves; and none is where all that is found are a few
// compounds with a hyphen (`pre-built`, `Node.js`), which are written either way.
import type { Span } from "../../finding.ts";
import type { Decoder } from "../decoder.ts";
import { isWordSign } from "../letters.ts";
import { isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { DEAD, endsWord, isEnglish, isWord, ROOT, walk } from "../vocabulary.ts";

const MIN_LETTERS = 5;
const MAX_GAP = 8;
const MAX_PIECES = 6;
/** Different compounds at which a text counts as cut. */
const MIN_COMPOUNDS = 3;
/** Class of words (vocabulary.ts) up to which a short one counts. */
const COMMON = 5;

export const split: Decoder = {
  name: "split",
  traits: TRAIT.cut,
  run(out, text, { cuts }) {
    if (!isCut(text, cuts)) return;
    for (const { start, end } of cutWords(text, cuts)) {
      if (out.full) return;
      out.replace(start, end, lettersOf(text, start, end));
    }
  },
};

function* cutWords(text: string, cuts: readonly number[]): Generator<Span> {
  let done = 0;
  for (const start of cuts) {
    const end = start < done || !isLetter(text.charCodeAt(start)) ? 0 : walkFrom(text, start);
    if (end === 0) continue;
    yield { start, end };
    done = end;
  }
}

function isCut(text: string, cuts: readonly number[]): boolean {
  const compounds = new Set<string>();
  for (const { start, end } of cutWords(text, cuts)) {
    const word = text.slice(start, end);
    const pieces = word.split(/[^A-Za-z]+/);
    if (!/^[A-Za-z]+(?:[-./ ][A-Za-z]+)+$/.test(word)) return true;
    if (!isWord(pieces[0] ?? "") && !isWord(pieces.at(-1) ?? "")) return true;
    compounds.add(lettersOf(text, start, end).toLowerCase());
    if (compounds.size >= MIN_COMPOUNDS) return true;
  }
  return false;
}

/** @returns the end of the cut word that starts at `start`, or 0: the longest of up to six pieces */
function walkFrom(text: string, start: number): number {
  let node = ROOT;
  let at = start;
  let letters = 0;
  let allKnown = true;
  let found = 0;
  for (let piece = 1; piece <= MAX_PIECES; piece++) {
    const pieceStart = at;
    for (; isLetter(text.charCodeAt(at)); at++) {
      node = walk(node, text.charCodeAt(at));
      if (node === DEAD) return found;
    }
    letters += at - pieceStart;
    // `e-mail`, `T-shirt`
    if (piece === 1 && letters === 1) return 0;
    // a digit or a foreign letter: not the piece's end
    if (at === pieceStart || isWordSign(text.charCodeAt(at))) return found;
    allKnown &&= isPiece(text, pieceStart, at);
    // `user's`, `doesn't`, `print(f"…`: one letter is no piece
    if (piece > 1 && at - pieceStart > 1 && letters >= MIN_LETTERS && endsWord(node) && !allKnown) found = at;
    let next = at;
    while (next - at < MAX_GAP && next < text.length && !isWordSign(text.charCodeAt(next))) next++;
    if (!isLetter(text.charCodeAt(next))) return found;
    at = next;
  }
  return found;
}

/** A word that stands for itself. Rare ones of three letters are as often a piece (`ons`, `ent`). */
function isPiece(text: string, start: number, end: number): boolean {
  return end - start > 3 ? isWord(text, start, end) : isEnglish(text, start, end, COMMON);
}

function lettersOf(text: string, start: number, end: number): string {
  let letters = "";
  for (let at = start; at < end; at++) if (isLetter(text.charCodeAt(at))) letters += text.charAt(at);
  return letters;
}

// Puts spaces back into letters that were run together: the cheapest way to cut them into known words.
import { DEAD, endsWord, ROOT, walk } from "./vocabulary.ts";

/** Letters that are cut at once: what lies beyond starts anew, so that the tables stay small. */
const WINDOW = 2048;
const UNKNOWN = 8;
const WORD = 6;

export interface Segmented {
  readonly text: string;
  /** letters in known words of two and more */
  readonly known: number;
  readonly words: number;
}

/** @param letters ASCII letters; anything else counts as unknown. Linear: each letter is met once a letter of a word. */
export function segment(letters: string): Segmented {
  let text = "";
  let known = 0;
  let words = 0;
  for (let at = 0; at < letters.length; at += WINDOW) {
    const part = cut(letters.slice(at, at + WINDOW));
    text += (text === "" ? "" : " ") + part.text;
    known += part.known;
    words += part.words;
  }
  return { text, known, words };
}

function cut(letters: string): Segmented {
  const { length } = letters;
  const cost = new Uint32Array(length + 1).fill(0xffffffff);
  const from = new Uint16Array(length + 1);
  const inWord = new Uint8Array(length + 1);
  cost[0] = 0;
  for (let start = 0; start < length; start++) {
    const base = cost[start] as number;
    // letters outside words cost more each than a word costs whole
    if (base + UNKNOWN < (cost[start + 1] as number)) {
      cost[start + 1] = base + UNKNOWN;
      from[start + 1] = start;
      inWord[start + 1] = 0;
    }
    let node = ROOT;
    for (let end = start; end < length; end++) {
      node = walk(node, letters.charCodeAt(end));
      if (node === DEAD) break;
      // one-letter words are dear: `a` and `i` begin too many others
      const price = base + WORD + (end === start ? 4 : 0);
      if (!endsWord(node) || price >= (cost[end + 1] as number)) continue;
      cost[end + 1] = price;
      from[end + 1] = start;
      inWord[end + 1] = 1;
    }
  }
  const cuts: string[] = [];
  let known = 0;
  let words = 0;
  let unknownEnd = -1;
  for (let end = length; end > 0; end = from[end] as number) {
    const start = from[end] as number;
    if (inWord[end] === 1) {
      if (unknownEnd >= 0) cuts.push(letters.slice(end, unknownEnd));
      unknownEnd = -1;
      cuts.push(letters.slice(start, end));
      words++;
      if (end - start > 1) known += end - start;
    } else if (unknownEnd < 0) unknownEnd = end;
  }
  if (unknownEnd > 0) cuts.push(letters.slice(0, unknownEnd));
  return { text: cuts.reverse().join(" "), known, words };
}

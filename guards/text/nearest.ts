// The known word that another spelling stands for: letters in disorder, vowels left out, one slip of the pen. Each search
// walks the trie of words with a bounded number of steps, whatever the letters.
import { classAt, DEAD, isEnglish, nextLetters, ROOT, walk } from "./vocabulary.ts";

/** Nodes that one search visits. */
const MAX_STEPS = 600;
const A = 0x61;
/** Bits of a, e, i, o, u. */
const VOWELS = (1 << 0) | (1 << 4) | (1 << 8) | (1 << 14) | (1 << 20);
/** Vowels in a row that a word may have lost. */
const MAX_VOWELS = 2;

/** The same letters, the first and the last in their place: `inrstuctoins`. @param word lower-case ASCII letters */
export function unscrambled(word: string): string | null {
  if (word.length < 4) return null;
  const left = new Uint8Array(26);
  for (let at = 1; at < word.length - 1; at++) add(left, word.charCodeAt(at) - A, 1);
  let steps = 0;
  const visit = (node: number, made: string): string | null => {
    if (++steps > MAX_STEPS) return null;
    if (made.length === word.length - 1) {
      const whole = made + word.charAt(word.length - 1);
      return isEnglish(whole) ? whole : null;
    }
    const next = nextLetters(node);
    for (let letter = 0; letter < 26; letter++) {
      if (((next >>> letter) & 1) === 0 || left[letter] === 0) continue;
      add(left, letter, -1);
      const found = visit(walk(node, letter + A), made + String.fromCharCode(letter + A));
      add(left, letter, 1);
      if (found !== null) return found;
    }
    return null;
  };
  return visit(walk(ROOT, word.charCodeAt(0)), word.charAt(0));
}

function add(counts: Uint8Array, letter: number, by: 1 | -1): void {
  counts[letter] = (counts[letter] as number) + by;
}

/** The commonest word that has these letters once its inner vowels are gone: `prvs`. @param word lower-case ASCII letters */
export function withVowels(word: string): string | null {
  let steps = 0;
  let best: string | null = null;
  let rank = Number.POSITIVE_INFINITY;
  const visit = (node: number, at: number, vowels: number, made: string): void => {
    // the root and the end of all words are one number
    if ((node === DEAD && at > 0) || ++steps > MAX_STEPS) return;
    if (at === word.length) {
      if (classAt(node) >= 0 && classAt(node) < rank && isEnglish(made)) [best, rank] = [made, classAt(node)];
      return;
    }
    visit(walk(node, word.charCodeAt(at)), at + 1, 0, made + word.charAt(at));
    if (at === 0 || vowels >= MAX_VOWELS) return;
    const next = nextLetters(node) & VOWELS;
    for (let letter = 0; next >>> letter !== 0; letter++)
      if (((next >>> letter) & 1) === 1)
        visit(walk(node, letter + A), at, vowels + 1, made + String.fromCharCode(letter + A));
  };
  visit(ROOT, 0, 0, "");
  return best;
}

/** The word with one letter more, less, or another, or two exchanged: `ignroe`. @param word lower-case ASCII letters */
export function oneSlip(word: string): string | null {
  let best: string | null = null;
  let rank = Number.POSITIVE_INFINITY;
  const meet = (node: number, head: string, from: number): void => {
    let end = node;
    for (let at = from; at < word.length && end !== DEAD; at++) end = walk(end, word.charCodeAt(at));
    if (end === DEAD || classAt(end) < 0 || classAt(end) >= rank) return;
    const made = head + word.slice(from);
    if (isEnglish(made)) [best, rank] = [made, classAt(end)];
  };
  let node = ROOT;
  for (let at = 0; at < word.length; at++) {
    const head = word.slice(0, at);
    // the first letter is seldom the wrong one
    if (at > 0) {
      meet(node, head, at + 1);
      const next = nextLetters(node);
      for (let letter = 0; next >>> letter !== 0; letter++) {
        if (((next >>> letter) & 1) === 0) continue;
        const longer = walk(node, letter + A);
        const sign = String.fromCharCode(letter + A);
        meet(longer, head + sign, at);
        meet(longer, head + sign, at + 1);
      }
    }
    if (at + 1 < word.length) {
      const swapped = walk(walk(node, word.charCodeAt(at + 1)), word.charCodeAt(at));
      if (walk(node, word.charCodeAt(at + 1)) !== DEAD && swapped !== DEAD)
        meet(swapped, head + word.charAt(at + 1) + word.charAt(at), at + 2);
    }
    node = walk(node, word.charCodeAt(at));
    if (node === DEAD) break;
  }
  return best;
}

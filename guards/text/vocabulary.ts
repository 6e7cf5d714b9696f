// Words that disguised text is searched for, with how common each is: they bring word boundaries back where spaces were
// taken out, and tell a word that was cut, spelt in digits or turned round from a name that merely looks like one. English,
// and the commonest of German, Spanish, French, Portuguese and Italian, accents removed.
import { ENGLISH_WORDS, OTHER_WORDS } from "./vocabulary-words.ts";

const SIZE = 26;
const MAX_NODES = 0x10000;
/** Of a node: 0 where no word ends, its class and 1 otherwise, and whether it is another language's. */
const CLASS_END = new Uint8Array(MAX_NODES);
const OTHER = 16;
/** A trie: for each node the node behind each letter, 0 for none. */
const TRIE = build();

function build(): Uint16Array {
  const next = new Uint16Array(MAX_NODES * SIZE);
  let nodes = 1;
  for (const [coded, flag] of [
    [ENGLISH_WORDS, 0],
    [OTHER_WORDS, OTHER],
  ] as const) {
    const path = [0];
    let depth = 0;
    for (let at = 0; at < coded.length; at++) {
      const unit = coded.charCodeAt(at);
      if (unit < 0x3a) CLASS_END[path[depth] as number] = (unit - 0x2f) | flag;
      else if (unit < 0x61) depth = unit - 0x41;
      else {
        const cell = (path[depth] as number) * SIZE + unit - 0x61;
        if (next[cell] === 0) next[cell] = nodes++;
        path[++depth] = next[cell] as number;
      }
    }
  }
  return next.slice(0, nodes * SIZE);
}

/** The node of the empty word. */
export const ROOT = 0;
/** No word goes on like this. */
export const DEAD = 0;

/** @param unit a letter of either case; anything else is dead */
export function walk(node: number, unit: number): number {
  const letter = (unit | 0x20) - 0x61;
  return letter >= 0 && letter < SIZE ? (TRIE[node * SIZE + letter] as number) : DEAD;
}

export function endsWord(node: number): boolean {
  return CLASS_END[node] !== 0;
}

/** How common the word that ends here is: 0 the commonest, each class a bit and a half rarer; below 0 for no word. */
export function classAt(node: number): number {
  return ((CLASS_END[node] as number) & (OTHER - 1)) - 1;
}

/** Are the letters of [start, end) a word of the list, of this class or a commoner one? */
export function isWord(text: string, start = 0, end = text.length, rarest = 9): boolean {
  let node = ROOT;
  for (let at = start; at < end; at++) {
    node = walk(node, text.charCodeAt(at));
    if (node === DEAD) return false;
  }
  return endsWord(node) && classAt(node) <= rarest;
}

/** An English word, as `isWord`. */
export function isEnglish(text: string, start = 0, end = text.length, rarest = 9): boolean {
  let node = ROOT;
  for (let at = start; at < end; at++) {
    node = walk(node, text.charCodeAt(at));
    if (node === DEAD) return false;
  }
  const found = CLASS_END[node] as number;
  return found > 0 && found <= rarest + 1;
}

/** Class up to which a word of three letters says something. */
const COMMON = 3;

/** Share of a text's letters that are in known words of four letters and more, or in common ones of three. */
export function knownShare(text: string): number {
  let letters = 0;
  let known = 0;
  for (let at = 0; at < text.length; at++) {
    const start = at;
    let node: number = ROOT;
    let alive = true;
    for (; at < text.length; at++) {
      const letter = (text.charCodeAt(at) | 0x20) - 0x61;
      if (letter < 0 || letter >= SIZE) break;
      node = alive ? walk(node, letter + 0x61) : DEAD;
      alive = alive && node !== DEAD;
    }
    const length = at - start;
    letters += length;
    if (alive && length > 2 && endsWord(node) && (length > 3 || classAt(node) <= COMMON)) known += length;
  }
  return letters === 0 ? 0 : known / letters;
}

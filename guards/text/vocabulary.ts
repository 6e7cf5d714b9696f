// Words that disguised text is searched for, with how common each is: they bring word boundaries back where spaces were
// taken out, and tell a word that was cut, spelt in digits or turned round from a name that merely looks like one. English,
// and the commonest of German, Spanish, French, Portuguese and Italian, accents removed.
import { buildTrie, DEAD, ROOT, step } from "./trie.ts";
import { ENGLISH_WORDS, OTHER_WORDS, PHRASES } from "./vocabulary-words.ts";

export { DEAD, ROOT };

const TRIE = buildTrie([ENGLISH_WORDS, OTHER_WORDS, PHRASES]);
const [ENGLISH, OTHERS, PHRASE_ENDS] = TRIE.ends as readonly [Uint8Array, Uint8Array, Uint8Array];
/** Of a node: 0 where no word ends, its class and 1 otherwise. */
const ENDS = ENGLISH.map((end, node) => end || (OTHERS[node] as number));
const SIZE = 26;

/** @param unit a letter of either case; anything else is dead */
export function walk(node: number, unit: number): number {
  return step(TRIE, node, unit);
}

export function endsWord(node: number): boolean {
  return ENDS[node] !== 0;
}

/** How common the word that ends here is: 0 the commonest, each class a bit and a half rarer; below 0 for no word. */
export function classAt(node: number): number {
  return (ENDS[node] as number) - 1;
}

/** How common the phrase that ends here is: 0 the commonest, each class two bits rarer; below 0 for none. */
export function phraseAt(node: number): number {
  return (PHRASE_ENDS[node] as number) - 1;
}

/** Its words, a space between. @param letters the phrase without its spaces */
export function phraseWords(node: number, letters: string): string {
  const parts = TRIE.parts[node] as number;
  let words = "";
  for (let at = 0; at < letters.length; at++) {
    if (((parts >> at) & 1) === 1) words += " ";
    words += letters.charAt(at);
  }
  return words;
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
  const found = ENGLISH[node] as number;
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

/** The letters that go on from a node, as bits (bit 0 is `a`). */
export function nextLetters(node: number): number {
  return TRIE.letters[node] as number;
}

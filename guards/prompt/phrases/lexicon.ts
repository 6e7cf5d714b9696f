// The words of all languages as a tree over tokens. A word is known by the classifier's key of it, so that nothing is
// folded or copied twice; a character of an unspaced script is known by itself, since its key also stands for the two
// characters behind it.
import { LINE, MARK, NUMBER, type Tokens, tokensOf, UNSPACED_TOKEN, WORD } from "../classifier/tokens.ts";
import { CLASSES, type ClassName, classNumber, type Words } from "./classes.ts";
import { WORDS } from "./words/index.ts";

/** What an entry may be, and the token behind it. */
export interface Entry {
  readonly classes: readonly number[];
  readonly end: number;
}

/** Counts the work, for tests. */
export interface Lookup {
  lookups: number;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly classes: number[];
}

const HYPHEN = symbolAt("-", tokensOf("-"), 0);
const UNDERSCORE = symbolAt("_", tokensOf("_"), 0);

/** What the tree is walked by: a number for a token, its case left out. 0: nothing that an entry could hold. */
export function symbolAt(text: string, tokens: Tokens, at: number): number {
  switch (tokens.kind[at]) {
    case WORD:
    case MARK:
    case LINE:
    case NUMBER:
      return (tokens.key[at] as number) & ~3;
    case UNSPACED_TOKEN:
      // no key is odd once its case is left out
      return text.charCodeAt(tokens.start[at] as number) * 2 + 1;
    default:
      return 0;
  }
}

export class Lexicon {
  readonly #root: Node = node();
  /** one bit a first symbol, folded to 16 bits: most words of a text begin no entry */
  readonly #first = new Uint8Array(65536);
  /** entries in all, and by class */
  entries = 0;
  readonly sizes = new Map<string, number>();

  constructor(languages: readonly Words[]) {
    for (const words of languages)
      for (const name of CLASSES)
        for (const entry of (words[name] ?? "").split("|")) if (entry !== "") this.#addSpellings(name, entry);
  }

  /** With its accents and without: they are left out as often as not. */
  #addSpellings(name: ClassName, entry: string): void {
    const composed = entry.normalize("NFC");
    this.#add(name, composed);
    const bare = composed.normalize("NFD").replace(LATIN_MARKS, "$1").normalize("NFC");
    if (bare !== composed) this.#add(name, bare);
  }

  #add(name: ClassName, entry: string): void {
    const tokens = tokensOf(entry);
    let at = this.#root;
    for (let token = 0; token < tokens.count; token++) {
      const symbol = symbolAt(entry, tokens, token);
      if (symbol === HYPHEN && tokens.count > 1) continue;
      if (token === 0) this.#first[fold(symbol)] = 1;
      const next = at.next.get(symbol) ?? node();
      at.next.set(symbol, next);
      at = next;
    }
    const number = classNumber(name);
    if (at.classes.includes(number)) return;
    at.classes.push(number);
    this.entries++;
    this.sizes.set(name, (this.sizes.get(name) ?? 0) + 1);
  }

  /**
   * The longest entry at token `from` that is one of the `wanted` classes (one number a class, not 0 where it is), or
   * null. A hyphen or an underscore between the words of an entry is passed over.
   */
  find(text: string, tokens: Tokens, from: number, wanted: Uint8Array): Entry | null {
    const first = symbolAt(text, tokens, from);
    if (this.#first[fold(first)] === 0) return null;
    let found: Entry | null = null;
    let at = this.#root.next.get(first);
    let end = from + 1;
    while (at !== undefined) {
      const { classes, next } = at;
      if (classes.some((number) => wanted[number] !== 0)) found = { classes, end };
      if (end >= tokens.count || next.size === 0) break;
      let symbol = symbolAt(text, tokens, end);
      if ((symbol === HYPHEN || symbol === UNDERSCORE) && end + 1 < tokens.count)
        symbol = symbolAt(text, tokens, ++end);
      at = next.get(symbol);
      end++;
    }
    return found;
  }
}

/** Marks on Latin and Greek letters; those of other scripts are letters of their own. */
const LATIN_MARKS = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

function node(): Node {
  return { next: new Map(), classes: [] };
}

function fold(symbol: number): number {
  return (symbol ^ (symbol >>> 15)) & 0xffff;
}

let shipped: Lexicon | null = null;

/** The lexicon of this release, made once an isolate. */
export function lexicon(): Lexicon {
  shipped ??= new Lexicon(WORDS);
  return shipped;
}

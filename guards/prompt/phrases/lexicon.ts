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
const SEPARATOR = symbolAt("|", tokensOf("|"), 0);
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
  /** 1 where an entry may begin with the symbol, folded to 16 bits: most words of a text begin none */
  readonly #first: Uint8Array;
  /** entries in all, and by class */
  entries = 0;
  readonly sizes = new Map<string, number>();

  constructor(languages: readonly Words[]) {
    for (const words of languages)
      for (const name of CLASSES) {
        const list = (words[name] ?? "").normalize("NFC");
        if (list === "") continue;
        this.#addAll(name, list);
        // accents are left out as often as not
        const bare = list.normalize("NFD").replace(LATIN_MARKS, "$1").normalize("NFC");
        if (bare !== list) this.#addAll(name, bare);
      }
    this.#first = this.filter(new Uint8Array(CLASSES.length).fill(1));
  }

  #addAll(name: ClassName, list: string): void {
    const tokens = tokensOf(list);
    let at = this.#root;
    for (let token = 0; token < tokens.count; token++) {
      const symbol = symbolAt(list, tokens, token);
      if (symbol === SEPARATOR) {
        this.#addClass(at, name);
        at = this.#root;
      } else if (symbol !== HYPHEN || at === this.#root) {
        const next = at.next.get(symbol) ?? node();
        at.next.set(symbol, next);
        at = next;
      }
    }
    this.#addClass(at, name);
  }

  #addClass({ classes }: Node, name: ClassName): void {
    const number = classNumber(name);
    if (classes.includes(number)) return;
    classes.push(number);
    this.entries++;
    this.sizes.set(name, (this.sizes.get(name) ?? 0) + 1);
  }

  /** By folded symbol: 1 where an entry of one of the classes may begin with it. */
  filter(wanted: Uint8Array): Uint8Array {
    const filter = new Uint8Array(65536);
    for (const symbol of this.firstSymbols(wanted)) filter[foldSymbol(symbol)] = 1;
    return filter;
  }

  /** The symbols that entries of these classes begin with. */
  firstSymbols(wanted: Uint8Array): readonly number[] {
    return [...this.#root.next].filter(([, below]) => holds(below, wanted)).map(([symbol]) => symbol);
  }

  /**
   * The longest entry at token `from` that is one of the `wanted` classes (one number a class, not 0 where it is), or
   * null. A hyphen or an underscore between the words of an entry is passed over.
   */
  find(text: string, tokens: Tokens, from: number, wanted: Uint8Array): Entry | null {
    const first = symbolAt(text, tokens, from);
    if (this.#first[foldSymbol(first)] === 0) return null;
    let found: readonly number[] | null = null;
    let foundEnd = 0;
    let at = this.#root.next.get(first);
    let end = from + 1;
    while (at !== undefined) {
      if (intersects(at.classes, wanted)) {
        found = at.classes;
        foundEnd = end;
      }
      if (end >= tokens.count || at.next.size === 0) break;
      let symbol = symbolAt(text, tokens, end);
      if ((symbol === HYPHEN || symbol === UNDERSCORE) && end + 1 < tokens.count)
        symbol = symbolAt(text, tokens, ++end);
      at = at.next.get(symbol);
      end++;
    }
    return found === null ? null : { classes: found, end: foundEnd };
  }
}

function intersects(classes: readonly number[], wanted: Uint8Array): boolean {
  for (let at = 0; at < classes.length; at++) if (wanted[classes[at] as number] !== 0) return true;
  return false;
}

function holds({ classes, next }: Node, wanted: Uint8Array): boolean {
  return intersects(classes, wanted) || [...next.values()].some((below) => holds(below, wanted));
}

/** Marks on Latin and Greek letters; those of other scripts are letters of their own. */
const LATIN_MARKS = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

function node(): Node {
  return { next: new Map(), classes: [] };
}

/** To 16 bits, for filters. */
export function foldSymbol(symbol: number): number {
  return (symbol ^ (symbol >>> 15)) & 0xffff;
}

let shipped: Lexicon | null = null;

/** The lexicon of this release, made once an isolate. */
export function lexicon(): Lexicon {
  shipped ??= new Lexicon(WORDS);
  return shipped;
}

// A trie of words out of front-coded lists (vocabulary-words.ts). Level by level: the children of a node stand together, in
// the order of their letters, so that a node is a set of letters and the place of its first child, eight bytes.

const SIZE = 26;
const SPACE = 0x20;
/** More than the lists need; what is built with is dropped. */
const MAX_NODES = 0x18000;
const MAX_DEPTH = 32;

export interface Trie {
  /** of each node a bit for each letter that goes on */
  readonly letters: Uint32Array;
  readonly first: Uint32Array;
  /** 0 where no entry of the list ends, otherwise its class and 1; a number for each list */
  readonly ends: readonly Uint8Array[];
  /** a bit for each letter before which a space stands in the entry that ends here */
  readonly parts: Uint32Array;
}

/** The node of the empty word. */
export const ROOT = 0;
/** No word goes on like this. */
export const DEAD = 0;

/** @param lists each sorted; a letter is met once, without a copy of the word */
export function buildTrie(lists: readonly string[]): Trie {
  const tree = new Tree(lists.length);
  for (const [list, coded] of lists.entries()) tree.add(coded, list);
  return tree.levels();
}

/** @param unit a letter of either case; anything else is dead */
export function step(trie: Trie, node: number, unit: number): number {
  const letter = (unit | 0x20) - 0x61;
  if (letter < 0 || letter >= SIZE) return DEAD;
  const set = trie.letters[node] as number;
  if (((set >>> letter) & 1) === 0) return DEAD;
  return (trie.first[node] as number) + bitsOf(set & ((1 << letter) - 1));
}

/** How many bits are set. */
function bitsOf(set: number): number {
  const pairs = set - ((set >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The same with a list of children a node, in order of their letters. */
class Tree {
  private readonly child = new Uint32Array(MAX_NODES);
  private readonly sibling = new Uint32Array(MAX_NODES);
  private readonly letter = new Uint8Array(MAX_NODES);
  private readonly parts = new Uint32Array(MAX_NODES);
  private readonly ends: readonly Uint8Array[];
  private nodes = 1;

  constructor(lists: number) {
    this.ends = Array.from({ length: lists }, () => new Uint8Array(MAX_NODES));
  }

  /** A capital says how many signs of the entry before are kept, a digit ends it. */
  add(coded: string, list: number): void {
    const ends = this.ends[list] as Uint8Array;
    const path = new Uint32Array(MAX_DEPTH);
    const spaces = new Uint32Array(MAX_DEPTH);
    let depth = 0;
    for (let at = 0; at < coded.length; at++) {
      const unit = coded.charCodeAt(at);
      const node = path[depth] as number;
      if (unit === SPACE) {
        // a sign of the entry, but none of the path
        path[depth + 1] = node;
        spaces[depth + 1] = (spaces[depth] as number) | (1 << (depth - bitsOf(spaces[depth] as number)));
        depth++;
      } else if (unit < 0x3a) {
        ends[node] = unit - 0x2f;
        if (spaces[depth] !== 0) this.parts[node] = spaces[depth] as number;
      } else if (unit < 0x61) depth = unit - 0x41;
      else {
        path[depth + 1] = this.childOf(node, unit - 0x61);
        spaces[depth + 1] = spaces[depth] as number;
        depth++;
      }
    }
  }

  private childOf(node: number, letter: number): number {
    let before = 0;
    let at = this.child[node] as number;
    while (at !== 0 && (this.letter[at] as number) < letter) {
      before = at;
      at = this.sibling[at] as number;
    }
    if (at !== 0 && this.letter[at] === letter) return at;
    const fresh = this.nodes++;
    if (fresh >= MAX_NODES) throw new Error("more words than the trie has nodes for");
    this.letter[fresh] = letter;
    this.sibling[fresh] = at;
    if (before === 0) this.child[node] = fresh;
    else this.sibling[before] = fresh;
    return fresh;
  }

  levels(): Trie {
    const { nodes } = this;
    const order = new Uint32Array(nodes);
    const letters = new Uint32Array(nodes);
    const first = new Uint32Array(nodes);
    let next = 1;
    for (let node = 0; node < nodes; node++) {
      first[node] = next;
      let set = 0;
      for (let at = this.child[order[node] as number] as number; at !== 0; at = this.sibling[at] as number) {
        set |= 1 << (this.letter[at] as number);
        order[next++] = at;
      }
      letters[node] = set;
    }
    const ends = this.ends.map((of) => inOrder(of, new Uint8Array(nodes), order));
    return { letters, first, ends, parts: inOrder(this.parts, new Uint32Array(nodes), order) };
  }
}

function inOrder<T extends Uint8Array | Uint32Array>(from: T, to: T, order: Uint32Array): T {
  for (let node = 0; node < order.length; node++) to[node] = from[order[node] as number] as number;
  return to;
}

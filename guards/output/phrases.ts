// Many phrases sought at once, one character at a time (Aho and Corasick, 1975): the state is the longest end of the
// text that begins some phrase, which is exactly what must be held back.

interface Node {
  readonly next: Map<string, number>;
  readonly depth: number;
  fail: number;
  /** the phrase that ends here, -1 for none; and the nearest shorter one that ends here too */
  phrase: number;
  shorter: number;
}

export class Phrases {
  readonly #nodes: Node[] = [node(0)];
  readonly lengths: readonly number[];
  readonly longest: number;

  /** @param phrases each a list of characters, none empty */
  constructor(phrases: readonly (readonly string[])[]) {
    this.lengths = phrases.map((phrase) => phrase.length);
    this.longest = Math.max(0, ...this.lengths);
    for (const [index, phrase] of phrases.entries()) this.#add(phrase, index);
    this.#link();
  }

  /** The state after one more character. */
  step(state: number, char: string): number {
    let at = state;
    for (;;) {
      const next = this.#at(at).next.get(char);
      if (next !== undefined) return next;
      if (at === 0) return 0;
      at = this.#at(at).fail;
    }
  }

  /** The phrases that end in this state, longest first. */
  *ending(state: number): Generator<number> {
    for (let at = state; at > 0; at = this.#at(at).shorter) {
      const { phrase } = this.#at(at);
      if (phrase >= 0) yield phrase;
    }
  }

  /** Forgets what no longer phrase can use, once the phrases that end here are known. */
  rest(state: number): number {
    let at = state;
    while (at > 0 && this.#at(at).next.size === 0) at = this.#at(at).fail;
    return at;
  }

  /** Characters at the end of the text that may become a phrase. */
  depth(state: number): number {
    return this.#at(state).depth;
  }

  #at(index: number): Node {
    return this.#nodes[index] as Node;
  }

  #add(phrase: readonly string[], index: number): void {
    let at = 0;
    for (const char of phrase) {
      let next = this.#at(at).next.get(char);
      if (next === undefined) {
        next = this.#nodes.push(node(this.#at(at).depth + 1)) - 1;
        this.#at(at).next.set(char, next);
      }
      at = next;
    }
    if (this.#at(at).phrase < 0) this.#at(at).phrase = index;
  }

  #link(): void {
    const queue = [0];
    for (const index of queue) {
      for (const [char, child] of this.#at(index).next) {
        const target = this.#at(child);
        target.fail = index === 0 ? 0 : this.step(this.#at(index).fail, char);
        target.shorter = this.#at(target.fail).phrase >= 0 ? target.fail : this.#at(target.fail).shorter;
        queue.push(child);
      }
    }
  }
}

function node(depth: number): Node {
  return { next: new Map(), depth, fail: 0, phrase: -1, shorter: 0 };
}

// Glushkov's construction: each symbol set of a pattern is a position, and a position knows which ones may follow it.
// Counted repetitions are written out, so that positions of one run keep step with each other; an open one loops.
import type { Pattern, SymbolSet } from "./pattern.ts";

export class Positions {
  readonly sets: SymbolSet[] = [];
  readonly follow: number[][] = [];
  /** the pattern's owner where it may end here; -1 elsewhere */
  readonly ends: number[] = [];
  readonly owners: number[] = [];

  /** Adds a pattern and returns the positions that it may start with. @throws SyntaxError where it matches nothing */
  add(pattern: Pattern, owner: number): readonly number[] {
    const part = this.#build(pattern);
    while (this.owners.length < this.sets.length) this.owners.push(owner);
    if (part.empty) throw new SyntaxError("a pattern that matches the empty text");
    for (const position of part.last) this.ends[position] = owner;
    return part.first;
  }

  #build(pattern: Pattern): Part {
    if (pattern.type === "set") {
      const position = this.sets.push(pattern.set) - 1;
      this.follow.push([]);
      this.ends.push(-1);
      return { first: [position], last: [position], empty: false };
    }
    if (pattern.type === "sequence") return pattern.parts.reduce<Part>((left, p) => this.#join(left, p), EMPTY);
    if (pattern.type === "choice") return pattern.parts.map((part) => this.#build(part)).reduce(either);
    return this.#repeat(pattern.part, pattern.min, pattern.max);
  }

  #join(left: Part, pattern: Pattern): Part {
    const right = this.#build(pattern);
    return this.#chain(left, right);
  }

  #chain(left: Part, right: Part): Part {
    this.#link(left, right);
    return {
      first: left.empty ? [...left.first, ...right.first] : left.first,
      last: right.empty ? [...left.last, ...right.last] : right.last,
      empty: left.empty && right.empty,
    };
  }

  #link(left: Part, right: Part): void {
    for (const from of left.last) {
      const follow = this.follow[from];
      if (follow === undefined) continue;
      for (const to of right.first) if (!follow.includes(to)) follow.push(to);
    }
  }

  /** x{2,4} is x x (x (x)?)?: an optional copy is reached only through the one before it. */
  #repeat(pattern: Pattern, min: number, max: number): Part {
    const bounded = Number.isFinite(max);
    const copies = Array.from({ length: bounded ? max : Math.max(min, 1) }, () => this.#build(pattern));
    const loop = copies.at(-1);
    if (!bounded && loop !== undefined) this.#link(loop, loop);
    let tail: Part = EMPTY;
    for (let at = copies.length - 1; at >= 0; at--) {
      const copy = copies[at];
      if (copy === undefined) continue;
      const rest = this.#chain(copy, tail);
      tail = at >= min ? { ...rest, empty: true } : rest;
    }
    return tail;
  }
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}

const EMPTY: Part = { first: [], last: [], empty: true };

function either(left: Part, right: Part): Part {
  return {
    first: [...left.first, ...right.first],
    last: [...left.last, ...right.last],
    empty: left.empty || right.empty,
  };
}

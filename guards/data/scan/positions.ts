// Where rules may stand in their patterns. Each symbol set that a match can be at is a position, and a position knows what
// may follow it (Glushkov's construction); counted repetitions are written out, so that positions of one run keep step
// with each other, and an open one loops. All that is written when a text first comes there: of most rules none ever does.
import type { Pattern, SymbolSet } from "./pattern.ts";

/** What may follow: positions, or the end of the pattern. */
export interface After {
  readonly next: readonly number[];
  readonly ends: boolean;
}

/** The rest of a pattern, written out once. */
type Rest = () => After;

const END: Rest = () => ({ next: [], ends: true });

export class Positions {
  readonly sets: SymbolSet[] = [];
  /** whose pattern each position is of */
  readonly owners: number[] = [];
  readonly #rests: Rest[] = [];

  /**
   * Adds a pattern and returns the positions that it may start with.
   * @throws SyntaxError where it matches nothing, or repeats nothing for ever
   */
  add(pattern: Pattern, owner: number): readonly number[] {
    if (mayBeEmpty(pattern)) throw new SyntaxError("a pattern that matches the empty text");
    if (loopsOnNothing(pattern)) throw new SyntaxError("an open repetition of what may be empty");
    return this.#begin(pattern, owner, END).next;
  }

  after(position: number): After {
    return this.#rests[position]?.() ?? { next: [], ends: false };
  }

  #begin(pattern: Pattern, owner: number, rest: Rest): After {
    if (pattern.type === "set") {
      this.owners.push(owner);
      this.#rests.push(rest);
      return { next: [this.sets.push(pattern.set) - 1], ends: false };
    }
    if (pattern.type === "sequence") return this.#sequence(pattern.parts, 0, owner, rest);
    if (pattern.type === "choice") return either(pattern.parts.map((part) => this.#begin(part, owner, rest)));
    return this.#repeat(pattern, 0, owner, rest);
  }

  #sequence(parts: readonly Pattern[], at: number, owner: number, rest: Rest): After {
    const part = parts[at];
    if (part === undefined) return rest();
    return this.#begin(
      part,
      owner,
      at === parts.length - 1 ? rest : once(() => this.#sequence(parts, at + 1, owner, rest)),
    );
  }

  /** x{2,4} is x x (x (x)?)?: an optional copy is reached only through the one before it. */
  #repeat(pattern: Repeat, done: number, owner: number, rest: Rest): After {
    const { part, min, max } = pattern;
    if (done >= max) return rest();
    if (max === Number.POSITIVE_INFINITY && done >= min) {
      const loop: Rest = once(() => either([this.#begin(part, owner, loop), rest()]));
      return loop();
    }
    const copy = this.#begin(
      part,
      owner,
      once(() => this.#repeat(pattern, done + 1, owner, rest)),
    );
    return done < min ? copy : either([copy, rest()]);
  }
}

type Repeat = Extract<Pattern, { readonly type: "repeat" }>;

function once(make: Rest): Rest {
  let made: After | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function either(parts: readonly After[]): After {
  return { next: parts.flatMap(({ next }) => next), ends: parts.some(({ ends }) => ends) };
}

function mayBeEmpty(pattern: Pattern): boolean {
  if (pattern.type === "set") return false;
  if (pattern.type === "sequence") return pattern.parts.every(mayBeEmpty);
  if (pattern.type === "choice") return pattern.parts.some(mayBeEmpty);
  return pattern.min === 0 || mayBeEmpty(pattern.part);
}

function loopsOnNothing(pattern: Pattern): boolean {
  if (pattern.type === "set") return false;
  if (pattern.type !== "repeat") return pattern.parts.some(loopsOnNothing);
  return (pattern.max === Number.POSITIVE_INFINITY && mayBeEmpty(pattern.part)) || loopsOnNothing(pattern.part);
}

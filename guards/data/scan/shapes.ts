// Patterns compiled once an isolate, whatever detectors they are part of.
import { type Pattern, parsePattern, type SymbolSet } from "./pattern.ts";
import { Positions } from "./positions.ts";

/** What a rule looks like. Known again by identity. */
export interface Shape {
  readonly patterns: readonly string[];
  readonly ignoreCase?: boolean;
  /** symbols that may not stand right before a match */
  readonly notAfter: SymbolSet;
}

export interface CompiledShape {
  /** what positions call their owner */
  readonly number: number;
  /** the positions that a match may start with */
  readonly first: readonly number[];
  /** all that it tells symbols apart by */
  readonly sets: ReadonlySet<SymbolSet>;
}

export class Shapes {
  readonly positions = new Positions();
  readonly #known = new WeakMap<Shape, CompiledShape>();
  #count = 0;

  /** @throws SyntaxError where a pattern is not of the language, or matches nothing */
  compiled(shape: Shape): CompiledShape {
    const known = this.#known.get(shape);
    if (known !== undefined) return known;
    const patterns = shape.patterns.map((source) => parsePattern(source, shape.ignoreCase));
    const number = this.#count++;
    const first = patterns.flatMap((pattern) => this.positions.add(pattern, number));
    const made = { number, first, sets: new Set(patterns.flatMap(setsOf)) };
    this.#known.set(shape, made);
    return made;
  }
}

function setsOf(pattern: Pattern): readonly SymbolSet[] {
  if (pattern.type === "set") return [pattern.set];
  return pattern.type === "repeat" ? setsOf(pattern.part) : pattern.parts.flatMap(setsOf);
}

// A shape: words of known classes in an order, with what may stand between them. Every token of a match is of a class
// that its shape names, and a match has at most `MAX_TOKENS` tokens, so that looking costs a bounded time a start.
import { LINE, MARK, NUMBER, SYMBOL, type Tokens } from "../classifier/tokens.ts";
import { CLASSES, type ClassName, classNumber } from "./classes.ts";
import type { Lexicon, Lookup } from "./lexicon.ts";

export const MAX_TOKENS = 20;

export interface ShapeSpec {
  /** in order; each step is one of the classes named, `a|b` */
  readonly steps: readonly string[];
  /** what may stand before any step but the first, and is passed over */
  readonly between: string;
  /** what may stand before a step of this number as well */
  readonly before?: Readonly<Record<number, string>>;
  /** the sentence ends behind it, or goes on with "and" */
  readonly ends?: true;
  /** not followed by one of these */
  readonly notBefore?: string;
  /** words of no class that may stand within, all together */
  readonly strangers?: number;
}

export interface Shape {
  /** by class: bit n is set where the class is step n */
  readonly is: Uint8Array;
  /** by class: bit n is set where the class may stand before step n */
  readonly skip: Uint8Array;
  /** not 0 for every class that the shape knows */
  readonly known: Uint8Array;
  readonly first: Uint8Array;
  readonly steps: number;
  readonly ends: boolean;
  readonly notBefore: Uint8Array | null;
  readonly strangers: number;
}

/** Throws where a class is unknown or there are more than eight steps: a rule's mistake. */
export function compileShape(spec: ShapeSpec): Shape {
  const { steps, between, before = {} } = spec;
  if (steps.length > 8) throw new RangeError("a shape has at most eight steps");
  const is = new Uint8Array(CLASSES.length);
  const skip = new Uint8Array(CLASSES.length);
  steps.forEach((names, step) => {
    for (const number of numbersOf(names)) is[number] = (is[number] as number) | (1 << step);
    const passed = [...(step === 0 ? [] : numbersOf(between)), ...numbersOf(before[step] ?? "")];
    for (const number of passed) skip[number] = (skip[number] as number) | (1 << step);
  });
  const known = is.map((bits, number) => bits | (skip[number] as number));
  return {
    is,
    skip,
    known,
    first: is.map((bits, number) => (bits | (skip[number] as number)) & 1),
    steps: steps.length,
    ends: spec.ends === true,
    notBefore: spec.notBefore === undefined ? null : tableOf(spec.notBefore),
    strangers: spec.strangers ?? 0,
  };
}

/** The token behind the match that begins at token `from`, or -1. */
export function matchShape(
  shape: Shape,
  text: string,
  tokens: Tokens,
  from: number,
  lexicon: Lexicon,
  work: Lookup,
): number {
  const limit = Math.min(tokens.count, from + MAX_TOKENS);
  let strangers = shape.strangers;
  let step = 0;
  let at = from;
  while (at < limit) {
    work.lookups++;
    const entry = lexicon.find(text, tokens, at, at === from ? shape.first : shape.known);
    let is = 0;
    let skip = 0;
    for (const number of entry?.classes ?? []) {
      is |= shape.is[number] as number;
      skip |= shape.skip[number] as number;
    }
    if ((is >> step) & 1) {
      at = (entry as { end: number }).end;
      if (++step === shape.steps) return isClosed(shape, text, tokens, at, lexicon) ? at : -1;
    } else if ((skip >> step) & 1) {
      at = (entry as { end: number }).end;
    } else if (strangers > 0 && at > from && tokens.kind[at] !== LINE) {
      strangers--;
      at++;
    } else return -1;
  }
  return -1;
}

const LINK = tableOf("link");

function isClosed(shape: Shape, text: string, tokens: Tokens, at: number, lexicon: Lexicon): boolean {
  if (at >= tokens.count) return true;
  if (shape.notBefore !== null && lexicon.find(text, tokens, at, shape.notBefore) !== null) return false;
  if (!shape.ends) return true;
  const kind = tokens.kind[at];
  if (kind === MARK || kind === LINE || kind === SYMBOL || kind === NUMBER) return true;
  return lexicon.find(text, tokens, at, LINK) !== null;
}

/** The classes that a list names. */
export function tableOf(names: string): Uint8Array {
  const table = new Uint8Array(CLASSES.length);
  for (const number of numbersOf(names)) table[number] = 1;
  return table;
}

function numbersOf(names: string): number[] {
  return names
    .split("|")
    .filter((name) => name !== "")
    .map((name) => {
      const number = classNumber(name as ClassName);
      if (number < 0) throw new RangeError(`no class of words is called ${name}`);
      return number;
    });
}

// One automaton for detectors of the same rules, and one compiling of a rule for all automata, an isolate.
import type { DataRule } from "../rule.ts";
import { Automaton } from "./automaton.ts";
import { symbolSet } from "./pattern.ts";
import { type Shape, Shapes } from "./shapes.ts";

const COMPILED = new Shapes();
const SHAPES = new WeakMap<DataRule, Shape>();
/** Automata by their rules: detectors of the same rules fill one table. A few policies' worth; protects memory. */
const AUTOMATA = new Map<string, Automaton>();
const MAX_AUTOMATA = 8;

export function automatonOf(rules: readonly DataRule[]): Automaton {
  const shapes = rules.map(shapeOf);
  const key = shapes.map((shape) => COMPILED.compiled(shape).number).join();
  const known = AUTOMATA.get(key);
  if (known !== undefined) return known;
  for (const oldest of AUTOMATA.keys()) if (AUTOMATA.size >= MAX_AUTOMATA) AUTOMATA.delete(oldest);
  const made = new Automaton(shapes, COMPILED);
  AUTOMATA.set(key, made);
  return made;
}

function shapeOf(rule: DataRule): Shape {
  const known = SHAPES.get(rule);
  if (known !== undefined) return known;
  const { patterns, ignoreCase = false, notAfter = "", afterLetters = false } = rule;
  // a negated class names what alone may stand there
  const before = afterLetters || notAfter.startsWith("^") ? notAfter : `\\x${notAfter}`;
  const shape = { patterns, ignoreCase, notAfter: symbolSet(before) };
  SHAPES.set(rule, shape);
  return shape;
}

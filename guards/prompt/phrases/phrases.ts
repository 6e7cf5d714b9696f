// Looks for phrases that attacks on models consist of. A partner of the classifier: that one weighs a whole passage, and
// honest words around a plain order can talk it out; this one reads only the order.
import type { ClassifierRole } from "../classifier/index.ts";
import { type Tokens, tokensOf } from "../classifier/tokens.ts";
import { foldSymbol, type Lookup, lexicon, symbolAt } from "./lexicon.ts";
import type { PhraseRule } from "./rule.ts";
import { PHRASE_RULES } from "./rules/index.ts";
import { compileShape, matchShape, type Shape, tableOf } from "./shape.ts";
import { QUOTED, START, startsOf } from "./starts.ts";

export interface PhraseFinding {
  readonly rule: string;
  /** UTF-16 offsets into the text given, `end` exclusive */
  readonly start: number;
  readonly end: number;
}

interface Compiled {
  readonly rules: readonly PhraseRule[];
  /** by the symbol that a match may begin with: its rule's number and its shape, in the order of the rules */
  readonly byFirst: ReadonlyMap<number, readonly (readonly [rule: number, shape: Shape])[]>;
}

const STARTER = tableOf("start");

/** The first match of each rule, in the order of the rules. Linear in the text; `work` counts it, for tests. */
export function findPhrases(
  text: string,
  role: ClassifierRole,
  tokens: Tokens = tokensOf(text),
  work: Lookup = { lookups: 0 },
): readonly PhraseFinding[] {
  const words = lexicon();
  const { rules, byFirst } = rulesFor(role);
  const starters = starterFilter();
  const found: (PhraseFinding | undefined)[] = rules.map(() => undefined);
  const states = startsOf(text, tokens);
  for (let at = 0; at < tokens.count; at++) {
    if (states[at] === QUOTED) continue;
    const symbol = symbolAt(text, tokens, at);
    if (starters[foldSymbol(symbol)] === 1) {
      work.lookups++;
      const end = words.find(text, tokens, at, STARTER)?.end ?? tokens.count;
      if (end < tokens.count && states[end] !== QUOTED) states[end] = START;
    }
    if (states[at] !== START) continue;
    for (const [index, shape] of byFirst.get(symbol) ?? []) {
      if (found[index] !== undefined) continue;
      const end = matchShape(shape, text, tokens, at, words, work);
      if (end < 0) continue;
      const { id } = rules[index] as PhraseRule;
      found[index] = { rule: id, start: tokens.start[at] as number, end: tokens.end[end - 1] as number };
    }
  }
  return found.filter((finding) => finding !== undefined);
}

let starters: Uint8Array | null = null;

function starterFilter(): Uint8Array {
  starters ??= lexicon().filter(STARTER);
  return starters;
}

const compiled = new Map<ClassifierRole, Compiled>();

function rulesFor(role: ClassifierRole): Compiled {
  const known = compiled.get(role);
  if (known !== undefined) return known;
  const rules = PHRASE_RULES.filter(({ roles }) => roles.includes(role));
  const byFirst = new Map<number, (readonly [number, Shape])[]>();
  rules.forEach(({ shapes }, index) => {
    for (const shape of shapes.map(compileShape))
      for (const symbol of lexicon().firstSymbols(shape.first)) {
        const list = byFirst.get(symbol) ?? [];
        byFirst.set(symbol, list);
        list.push([index, shape]);
      }
  });
  const made = { rules, byFirst };
  compiled.set(role, made);
  return made;
}

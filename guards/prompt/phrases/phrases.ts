// Looks for phrases that attacks on models consist of. A partner of the classifier: that one weighs a whole passage, and
// honest words around a plain order can talk it out; this one reads only the order.
import type { ClassifierRole } from "../classifier/index.ts";
import { type Tokens, tokensOf } from "../classifier/tokens.ts";
import { type Lookup, lexicon } from "./lexicon.ts";
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
  readonly rule: PhraseRule;
  readonly shapes: readonly Shape[];
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
  const rules = rulesFor(role);
  const found: (PhraseFinding | undefined)[] = rules.map(() => undefined);
  const states = startsOf(text, tokens);
  for (let at = 0; at < tokens.count; at++) {
    if (states[at] === QUOTED) continue;
    work.lookups++;
    const starter = words.find(text, tokens, at, STARTER);
    if (starter !== null && starter.end < tokens.count && states[starter.end] !== QUOTED) states[starter.end] = START;
    if (states[at] !== START) continue;
    rules.forEach(({ rule, shapes }, index) => {
      if (found[index] !== undefined) return;
      for (const shape of shapes) {
        const end = matchShape(shape, text, tokens, at, words, work);
        if (end < 0) continue;
        found[index] = { rule: rule.id, start: tokens.start[at] as number, end: tokens.end[end - 1] as number };
        return;
      }
    });
  }
  return found.filter((finding) => finding !== undefined);
}

const compiled = new Map<ClassifierRole, readonly Compiled[]>();

function rulesFor(role: ClassifierRole): readonly Compiled[] {
  let rules = compiled.get(role);
  if (rules === undefined) {
    rules = PHRASE_RULES.filter(({ roles }) => roles.includes(role)).map((rule) => ({
      rule,
      shapes: rule.shapes.filter(({ roles = rule.roles }) => roles.includes(role)).map(compileShape),
    }));
    compiled.set(role, rules);
  }
  return rules;
}

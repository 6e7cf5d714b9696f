// Looks for chat-template control tokens. The rules are compiled once, into one expression for each kind, so that a
// text is read once a kind whatever the number of rules.
import { TEMPLATE_RULES, type TemplateRule } from "./template-rules.ts";

interface Compiled {
  readonly rules: readonly TemplateRule[];
  /** one capturing group a rule, in their order; none of the patterns has a group of its own */
  readonly expression: RegExp;
}

const FORGED = compile("forged");
const MENTION = compile("mention");
/** Mentions of one text that are told apart; past these it is known well enough what the text is about. */
const MAX_MENTIONS = 16;

function compile(kind: TemplateRule["kind"]): Compiled {
  const rules = TEMPLATE_RULES.filter((rule) => rule.kind === kind);
  return { rules, expression: new RegExp(rules.map((rule) => `(${rule.pattern})`).join("|"), "gmu") };
}

/** The first forged turn in a text, or null. */
export function forgedTurn(text: string): TemplateRule | null {
  FORGED.expression.lastIndex = 0;
  const found = FORGED.expression.exec(text);
  return found === null ? null : ruleOf(FORGED, found);
}

/** Rules of which a text holds a mere mention. */
export function mentions(text: string): ReadonlySet<TemplateRule> {
  const found = new Set<TemplateRule>();
  MENTION.expression.lastIndex = 0;
  for (let count = 0; count < MAX_MENTIONS && found.size < MENTION.rules.length; count++) {
    const match = MENTION.expression.exec(text);
    const rule = match === null ? null : ruleOf(MENTION, match);
    if (rule === null) break;
    found.add(rule);
  }
  return found;
}

function ruleOf(compiled: Compiled, match: RegExpExecArray): TemplateRule | null {
  return compiled.rules[match.slice(1).findIndex((group) => group !== undefined)] ?? null;
}

// Looks for chat-template control tokens. The rules are compiled once, into one expression for each kind, so that a
// text is read once a kind whatever the number of rules.
import type { Span } from "../finding.ts";
import { TEMPLATE_RULES, type TemplateRule } from "./template-rules.ts";

export interface TokenMatch extends Span {
  readonly rule: TemplateRule;
}

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
export function forgedTurn(text: string): TokenMatch | null {
  FORGED.expression.lastIndex = 0;
  return next(FORGED, text);
}

/** Mere mentions, the first of each rule. */
export function mentions(text: string): readonly TokenMatch[] {
  const found = new Map<TemplateRule, TokenMatch>();
  MENTION.expression.lastIndex = 0;
  for (let count = 0; count < MAX_MENTIONS && found.size < MENTION.rules.length; count++) {
    const match = next(MENTION, text);
    if (match === null) break;
    if (!found.has(match.rule)) found.set(match.rule, match);
  }
  return [...found.values()];
}

function next({ rules, expression }: Compiled, text: string): TokenMatch | null {
  const match = expression.exec(text);
  if (match === null) return null;
  const rule = rules[match.slice(1).findIndex((group) => group !== undefined)];
  return rule === undefined ? null : { rule, start: match.index, end: match.index + match[0].length };
}

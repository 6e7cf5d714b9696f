// Chat-template tokens with their places: the rules of template-rules.ts, on a text or on a decoded view of it, since a
// token that zero-width characters cut is whole again for a tokenizer behind a normaliser.
import type { Finding } from "../../finding.ts";
import type { View } from "../../text/view.ts";
import { TEMPLATE_RULES, type TemplateRule } from "../template-rules.ts";

/** A forged turn is certain; a token by itself is documentation more often than not. */
const FORGED_SCORE = 0.95;
const MENTION_SCORE = 0.2;

const compiled = (kind: TemplateRule["kind"]) => {
  const rules = TEMPLATE_RULES.filter((rule) => rule.kind === kind);
  return { rules, source: rules.map((rule) => `(${rule.pattern})`).join("|") };
};
const FORGED = compiled("forged");
const MENTION = compiled("mention");

/** No token without one of these: what spares ordinary text both expressions. */
const LEAD = /<[|\uff5c/<seb]|<turn|<start|<end|\[\/?(?:INST|SYS|AVA|TOOL)/;

/**
 * The first forged turn of a text, or the first mere mention where there is none.
 * @param text the original; read when no view is given
 * @param view a decoded view of it, to whose text the rules go; offsets stay the original's
 */
export function templateFindings(text: string, view?: View): readonly Finding[] {
  const read = view?.text ?? text;
  if (!LEAD.test(read)) return [];
  const forged = first(FORGED, read);
  const match = forged ?? first(MENTION, read);
  if (match === null) return [];
  const { rule, start, end } = match;
  const span = view === undefined ? { start, end } : view.spanOf(start, end);
  const shown = view === undefined || view.name === "plain" ? {} : { view: view.name };
  const score = forged === null ? MENTION_SCORE : FORGED_SCORE;
  return [{ rule: rule.id, category: "structure", score, ...span, ...shown }];
}

interface Match {
  readonly rule: TemplateRule;
  readonly start: number;
  readonly end: number;
}

function first({ rules, source }: typeof FORGED, text: string): Match | null {
  const match = new RegExp(source, "mu").exec(text);
  if (match === null) return null;
  const rule = rules[match.slice(1).findIndex((group) => group !== undefined)];
  return rule === undefined ? null : { rule, start: match.index, end: match.index + match[0].length };
}

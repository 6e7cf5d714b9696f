// Chat-template tokens as findings: on a text or on a decoded view of it, since a token that zero-width characters cut is
// whole again for a tokenizer behind a normaliser.
import type { Finding } from "../../finding.ts";
import type { View } from "../../text/view.ts";
import { forgedTurn, mentions, type TokenMatch } from "../template-tokens.ts";

/** A forged turn is certain; a token by itself is documentation more often than not. */
const FORGED_SCORE = 1;
const MENTION_SCORE = 0.1;

/** No token without one of these: what spares ordinary text both expressions. */
const LEAD = /<[|\uff5c/<seb]|<turn|<start|<end|\[\/?(?:INST|SYS|AVA|TOOL)/;

/**
 * The first forged turn of a text, or where there is none its mere mentions, one a rule.
 * @param text the original; read when no view is given
 * @param view a decoded view of it, to whose text the rules go; offsets stay the original's
 */
export function templateFindings(text: string, view?: View): readonly Finding[] {
  const read = view?.text ?? text;
  if (!LEAD.test(read)) return [];
  const finding = ({ rule, start, end }: TokenMatch, score: number): Finding => {
    const span = view === undefined ? { start, end } : view.spanOf(start, end);
    const shown = view === undefined || view.name === "plain" ? {} : { view: view.name };
    return { rule: rule.id, category: "structure", score, ...span, ...shown };
  };
  const forged = forgedTurn(read);
  if (forged !== null) return [finding(forged, FORGED_SCORE)];
  return mentions(read).map((match) => finding(match, MENTION_SCORE));
}

// A doubtful text as a guard model may see it: what policy hides from the model that answers is hidden from the one that
// judges, which may run elsewhere.
import type { Redaction } from "../../../guards/data/index.ts";
import type { Doubt, PromptJudgement } from "../../../guards/prompt/index.ts";

/** Offsets of the suspicious window within `text`. */
export interface Shown {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** @param redaction null where nothing of the prompt was hidden */
export function shownOf(doubt: Doubt, redactions: PromptJudgement["redactions"], redaction: Redaction | null): Shown {
  const { text, start, end } = doubt;
  if (redaction === null) return { text, start, end };
  // by value, not by place: the text of a doubt may be several parts joined
  const kinds = new Map<string, string>();
  for (const { text: from, matches } of redactions.values())
    for (const match of matches) kinds.set(from.slice(match.start, match.end), match.kind);
  const longestFirst = [...kinds].sort(([one], [other]) => other.length - one.length);
  const hide = (part: string): string =>
    longestFirst.reduce(
      (left, [value, kind]) => left.replaceAll(value, () => redaction.placeholderOf(value, kind)),
      part,
    );
  return { text: hide(text), start: hide(text.slice(0, start)).length, end: hide(text.slice(0, end)).length };
}

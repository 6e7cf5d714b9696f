// What a guard found in a text: which rule, how sure, and where in the original. Never the text itself.
import type { Verdict } from "../protocol/audit.ts";

/** What a client may be told of a verdict; the rule's id goes to the log only, unless policy says more. */
export type Category =
  | "request"
  | "injection"
  | "structure"
  | "secret"
  | "personal_data"
  | "prompt_leak"
  | "canary"
  | "link"
  | "extraction";

/** UTF-16 offsets into the original text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Span {
  /** stable: stands in verdicts and in audit records, never renamed */
  readonly rule: string;
  readonly category: Category;
  /** 0 to 1; 1 where a rule is certain */
  readonly score: number;
  /** the decoded view in which it was found (`base64`, `homoglyphs`, …); absent for the text as it stands */
  readonly view?: string;
}

/** The finding as the audit record keeps it. */
export function verdictOf(finding: Finding, action: Verdict["action"], where?: string): Verdict {
  const { rule, start, end, view } = finding;
  const score = Math.round(finding.score * 1000) / 1000;
  return {
    rule,
    action,
    ...(where === undefined ? {} : { where }),
    at: [start, end],
    score,
    ...(view === undefined ? {} : { view }),
  };
}

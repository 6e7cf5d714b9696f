// What a policy says of the WAF, and what the WAF answers.
import type { Finding } from "../finding.ts";
import type { Paranoia, RuleClass, Severity } from "./rule.ts";

export interface Exclusion {
  /** exact, or a prefix that ends in `*`; every route where absent */
  readonly route?: string;
  /** exact, or a prefix that ends in `*` (`body.comment*`); every place where absent */
  readonly place?: string;
  /** a rule's id, or a class followed by `-*` (`sql-*`) */
  readonly rule: string;
}

export interface WafConfig {
  readonly paranoia: Paranoia;
  /** points that one field may reach before the request is blocked; at least 1 */
  readonly threshold: number;
  readonly exclusions: readonly Exclusion[];
  /** `detect` finds and scores the same but never blocks */
  readonly mode: "block" | "detect";
}

export const DEFAULT_WAF_CONFIG: WafConfig = { paranoia: 2, threshold: 5, exclusions: [], mode: "block" };

/** `start` and `end` are offsets into the value (or name) of the field at `place`. */
export interface WafFinding extends Finding {
  readonly class: RuleClass;
  readonly severity: Severity;
  readonly reason: string;
  readonly place: string;
}

export interface WafVerdict {
  readonly blocked: boolean;
  /** the worst field's points: a request is as bad as its worst field, not as the sum of many odd ones */
  readonly score: number;
  readonly findings: readonly WafFinding[];
}

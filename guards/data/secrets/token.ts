// How most rules for secrets are made: a token with a prefix of its provider's, whose rest is drawn by chance.
import { isPlaceholder, isRandom } from "../checks/randomness.ts";
import type { Certainty, DataRule } from "../rule.ts";

export type TokenOptions = Partial<Omit<DataRule, "id" | "category" | "reason" | "patterns">> & {
  /** entropy in bits a character that the rest must have: 3 unless stated */
  readonly bits?: number;
  /** characters of the prefix, which say nothing of chance */
  readonly skip?: number;
};

/** A rule `secret.NAME` for tokens of the kind NAME. */
export function token(
  name: string,
  reason: string,
  patterns: string | readonly string[],
  { bits = 3, skip = 0, ...rest }: TokenOptions = {},
): DataRule {
  return {
    id: `secret.${name}`,
    category: "secret",
    kind: name,
    reason,
    patterns: typeof patterns === "string" ? [patterns] : patterns,
    notBefore: "\\x_",
    priority: 3,
    judge: (datum) => (isRandom(datum.slice(skip), bits) ? "sure" : "no"),
    ...rest,
  };
}

/** A form that other things share: the provider's name, or the like, must stand before it. */
export function near(context: RegExp, bits: number): Pick<DataRule, "context" | "judge" | "priority"> {
  return { context, judge: (datum) => (isRandom(datum, bits) ? "weak" : "no"), priority: 2 };
}

/** No check of chance: the form is proof enough, save where somebody left a placeholder. */
export function written(datum: string): Certainty {
  return isPlaceholder(datum) ? "no" : "sure";
}

/** Any of the patterns' common hexadecimal UUID. */
export const UUID = "\\H{8}-\\H{4}-\\H{4}-\\H{4}-\\H{12}";

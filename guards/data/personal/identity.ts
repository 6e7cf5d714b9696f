// How most rules for personal data are made: a number with a form and a check, and the words that name it.
import { compact } from "../checks/digits.ts";
import type { Certainty, DataRule } from "../rule.ts";

export type IdentityOptions = Partial<Omit<DataRule, "id" | "category" | "kind" | "reason" | "patterns" | "judge">> & {
  /** on the letters and digits alone, in upper case; a number with one may also be the whole text */
  readonly check?: (plain: string) => boolean;
  /** a form that hardly anything else has needs no word before it: tells so of the text as it stands */
  readonly sure?: boolean | ((datum: string, plain: string) => boolean);
};

/** A rule `pii.NAME` for numbers of the kind `kind`. */
export function identity(
  name: string,
  kind: string,
  reason: string,
  patterns: string | readonly string[],
  { check, sure = false, ...rest }: IdentityOptions = {},
): DataRule {
  const judge = (datum: string): Certainty => {
    const plain = compact(datum);
    if (check?.(plain) === false) return "no";
    return (typeof sure === "boolean" ? sure : sure(datum, plain)) ? "sure" : "weak";
  };
  return {
    id: `pii.${name}`,
    category: "personal_data",
    kind,
    reason,
    patterns: typeof patterns === "string" ? [patterns] : patterns,
    ignoreCase: true,
    notAfter: "_.\\-/",
    notBefore: "\\x_",
    number: true,
    judge,
    alone: check !== undefined,
    ...rest,
  };
}

/** Written with separators: for numbers whose bare digits also fit other things. */
export function separated(datum: string): boolean {
  return /\d[ .\-/]\w/.test(datum);
}

export function upper(datum: string): boolean {
  return datum === datum.toUpperCase();
}

/** Separators of one kind throughout. */
export function even(datum: string): boolean {
  return new Set(datum.replace(/[A-Za-z0-9]/g, "")).size <= 1;
}

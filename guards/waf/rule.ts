// Rules are data: what is wrong, how sure that is, from which paranoia level on it counts, and why, for a person.
// Paranoia 1: nobody honest sends this. 2: hardly anybody. 3: unusual. 4: only a service with narrow inputs wants it.

import type { FieldKind } from "./surface.ts";

export type RuleClass =
  | "sql"
  | "shell"
  | "code"
  | "xss"
  | "path"
  | "template"
  | "nosql"
  | "ldap"
  | "xpath"
  | "xml"
  | "ssrf"
  | "deserialization"
  | "injection"
  | "scanner"
  | "protocol";

export type Severity = "critical" | "error" | "warning" | "notice";
export type Paranoia = 1 | 2 | 3 | 4;

/** What one hit adds to a field's score; the default threshold is one critical hit. */
export const POINTS: Readonly<Record<Severity, number>> = { critical: 5, error: 4, warning: 3, notice: 2 };
export const DEFAULT_THRESHOLD = 5;

export interface Rule {
  /** stable: stands in logs, policies and exclusions */
  readonly id: string;
  readonly class: RuleClass;
  readonly severity: Severity;
  readonly paranoia: Paranoia;
  readonly reason: string;
  /** holds in `prose` fields too: it attacks whatever logs or relays the text, whoever reads it */
  readonly everywhere?: boolean;
  /** not judged in what came out of base64, which may hold whatever it holds */
  readonly plainOnly?: boolean;
  /** judged in the contents of uploaded files too */
  readonly files?: boolean;
  /**
   * what it looks for in a decoded view in lower case; absent where a tokenizer of this room finds it. Every repetition
   * is bounded, so that a match costs time in proportion to the text, whatever it holds.
   */
  readonly patterns?: readonly RegExp[];
  /** and only if this small one matches: large patterns cost an isolate their compiling on the first try */
  readonly hint?: RegExp;
  /** the patterns are worth trying only if the view holds one of these characters; every view where absent */
  readonly needs?: string;
  /** and only if one of its words, letters and digits without a break, is as long as this */
  readonly needsWord?: number;
  /** the kinds of field it is judged in; all where absent */
  readonly kinds?: readonly FieldKind[];
}

/** `reason` in plain words; most rules are critical at paranoia 1. */
export function rule(id: string, cls: RuleClass, reason: string, more: Partial<Omit<Rule, "id" | "class">> = {}): Rule {
  return { id, class: cls, severity: "critical", paranoia: 1, reason, ...more };
}

// Examples are the specification of each rule: what it must find and what must pass it. They are data for tests and for
// documentation, and stay out of what is deployed.
import type { FieldKind } from "../surface.ts";

/** A value as a JSON field, a value of another kind, or a whole recorded request. */
export type Example =
  | string
  | { readonly value: string; readonly kind: FieldKind; readonly name?: string; readonly file?: true }
  | { readonly request: string };

export interface RuleExamples {
  readonly match: readonly Example[];
  readonly pass: readonly Example[];
}

export type Examples = Readonly<Record<string, RuleExamples>>;

export function query(value: string, name = "q"): Example {
  return { value, kind: "query", name };
}

export function header(value: string, name = "x-note"): Example {
  return { value, kind: "header", name };
}

export function path(value: string): Example {
  return { value, kind: "path" };
}

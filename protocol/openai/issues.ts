// From a schema's findings to a refusal. The texts are composed here: a validator's own messages may repeat what the
// client sent, at any length, and change with its version.
import type { z } from "zod";
import { paramPath } from "../param-path.ts";
import type { Refusal } from "../refusal.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export interface Findings {
  /** the first thing that is wrong with the value */
  readonly refusal: Refusal | null;
  /** places of keys that the schema does not know: `["messages", 1, "foo"]` */
  readonly unknown: readonly Path[];
}

export function invalid(path: Path, expected: string): Refusal {
  return { code: "invalid_request", param: paramPath(path), expected };
}

/** @param value the value that was judged, to tell what is missing from what is wrong */
export function readIssues(issues: readonly Issue[], base: Path, value: unknown): Findings {
  const unknown: Path[] = [];
  let refusal: Refusal | null = null;
  for (const { issue, path } of flattened(issues, [], value)) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) unknown.push([...base, ...path, key]);
    else refusal ??= invalid([...base, ...path], expectation(issue, valueAt(value, path)));
  }
  return { refusal, unknown };
}

interface Placed {
  readonly issue: Issue;
  readonly path: Path;
}

function flattened(issues: readonly Issue[], base: Path, value: unknown): Placed[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code !== "invalid_union") return [{ issue, path }];
    // of a union's branches the one that matched the value's kind tells more than "no branch matched"
    const branch = issue.errors.find((errors) => !errors.some((error) => error.path.length === 0 && isKind(error)));
    return branch === undefined ? [{ issue, path }] : flattened(branch as Issue[], path, value);
  });
}

/** Does the issue say that the value is of the wrong kind altogether? */
function isKind(issue: { readonly code: string }): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "custom";
}

function expectation(issue: Issue, value: unknown): string {
  const text = described(issue);
  return value === undefined ? `is missing, ${text}` : text;
}

function described(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${ARTICLED[issue.expected] ?? "another type"}`;
    case "invalid_value":
      return `expected ${listed(issue.values)}`;
    case "too_small":
      return bound("at least", issue.minimum, issue.origin);
    case "too_big":
      return bound("at most", issue.maximum, issue.origin);
    case "invalid_union":
      return unionExpectation(issue);
    // written by us, beside the schema
    case "invalid_format":
    case "custom":
      return issue.message;
    default:
      return "expected another value";
  }
}

const ARTICLED: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

function bound(word: string, limit: number | bigint, origin: string): string {
  const plural = Number(limit) === 1 ? "" : "s";
  if (origin === "string") return `expected ${word} ${limit} character${plural}`;
  if (origin === "array") return `expected ${word} ${limit} element${plural}`;
  return `expected a number of ${word} ${limit}`;
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if ("options" in issue && Array.isArray(issue.options)) return `expected ${listed(issue.options)}`;
  const kinds = issue.errors.flatMap((errors) => errors.filter((error) => error.path.length === 0).map(kindOf));
  return kinds.length === 0 ? "expected another value" : `expected ${[...new Set(kinds)].join(" or ")}`;
}

function kindOf(issue: z.core.$ZodIssue): string {
  return described(issue).replace(/^expected /, "");
}

function listed(values: readonly unknown[]): string {
  const names = values.map((value) => JSON.stringify(value));
  return names.length === 1 ? `${names[0]}` : `one of ${names.join(", ")}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let node: unknown = value;
  for (const step of path) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, step)) return undefined;
    node = (node as Record<PropertyKey, unknown>)[step];
  }
  return node;
}

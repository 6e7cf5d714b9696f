// What changed between two policies, for a person to read before it is published.
import { isJsonObject } from "../protocol/json.ts";
import { paramPath } from "../protocol/param-path.ts";

export interface Change {
  readonly path: string;
  /** undefined: was not there */
  readonly before: unknown;
  /** undefined: is no longer there */
  readonly after: unknown;
}

/** Changes of leaves, in the order of paths as `before` and then `after` spell them. Arrays are compared whole. */
export function diffPolicy(before: unknown, after: unknown): Change[] {
  return compare(before, after, []);
}

function compare(before: unknown, after: unknown, path: readonly string[]): Change[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => compare(own(before, name), own(after, name), [...path, name]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path: paramPath(path) ?? "policy", before, after }];
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

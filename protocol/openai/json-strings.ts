// Strings of free-form JSON, keys included: descriptions and property names of a tool's schema reach the model alike.
import { paramPath } from "../param-path.ts";

/** Depth first, without recursion. Values that hold no string yield nothing. */
export function* stringsOf(value: unknown): Generator<string> {
  for (const { text } of walk(value, "")) yield text;
}

export interface PlacedString {
  /** `documents[0].text`; of a key, the place of the object that has it */
  readonly where: string;
  readonly text: string;
  readonly isKey: boolean;
}

/**
 * The same, each with its place. Two strings can have one place only where their path is no exact one (see `mapStrings`).
 * @param name the field's own name
 */
export function* placedStrings(value: unknown, name: string): Generator<PlacedString> {
  for (const { text, isKey, node } of walk(value, name)) yield { where: placeOf(node), text, isKey };
}

/** A value and what it stands in, so that a place is spelt only where someone asks for it. */
interface Node {
  readonly value: unknown;
  readonly step: PropertyKey;
  readonly in: Node | null;
  readonly isKey: boolean;
}

function* walk(value: unknown, name: string): Generator<{ text: string; isKey: boolean; node: Node }> {
  const stack: Node[] = [{ value, step: name, in: null, isKey: false }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { value: inner, isKey } = node;
    if (typeof inner === "string") yield { text: inner, isKey, node };
    if (typeof inner !== "object" || inner === null) continue;
    if (Array.isArray(inner)) {
      for (let at = inner.length - 1; at >= 0; at--) stack.push({ value: inner[at], step: at, in: node, isKey: false });
      continue;
    }
    for (const [key, member] of Object.entries(inner).reverse())
      stack.push(
        { value: member, step: key, in: node, isKey: false },
        { value: key, step: key, in: node, isKey: true },
      );
  }
}

function placeOf(node: Node): string {
  const path: PropertyKey[] = [];
  for (let at: Node | null = node.isKey ? node.in : node; at !== null; at = at.in) path.unshift(at.step);
  return paramPath(path) ?? "";
}

/**
 * A copy with strings replaced by their place; keys stay. A place that is cut, or that holds a name with odd characters,
 * may stand for several strings: those are not offered.
 */
export function mapStrings(value: unknown, name: string, of: (where: string, text: string) => string): unknown {
  return mapped(value, [name], of);
}

// the depth is bounded where the body was read
function mapped(value: unknown, path: readonly PropertyKey[], of: (where: string, text: string) => string): unknown {
  if (typeof value === "string") {
    const where = paramPath(path) ?? "";
    return isExact(where) ? of(where, value) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner, at) => mapped(inner, [...path, at], of));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, [...path, key], of)]));
}

function isExact(where: string): boolean {
  return !where.includes('["') && !where.endsWith("…");
}

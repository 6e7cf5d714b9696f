// Cuts a record down to what fits a leaf, whatever it holds: bounded strings, lists, names and depth, no lone
// surrogates, no numbers without a JSON form. Fields × (bytes + name) stays below 16 KiB by the figures below.
import { utf8 } from "../protocol/encoding.ts";

/** Each bounds one way in which a record could grow; together they keep a cut leaf below its limit. */
export interface LeafBounds {
  /** characters of a string */
  readonly maxChars: number;
  /** elements and names kept in a nested list or object */
  readonly maxNested: number;
  /** fields kept of the record itself */
  readonly maxFields: number;
  /** bytes of a single field's JSON: a longer list is shortened, anything else that is longer becomes null */
  readonly maxFieldBytes: number;
}

export const LEAF_BOUNDS: LeafBounds = { maxChars: 160, maxNested: 16, maxFields: 20, maxFieldBytes: 600 };

const FIELD_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The record's fields, each cut to the bounds. */
export function boundFields(record: object, bounds: LeafBounds = LEAF_BOUNDS): Record<string, unknown> {
  const fields = Object.entries(record).filter(([name]) => FIELD_NAME.test(name));
  return Object.fromEntries(
    fields.slice(0, bounds.maxFields).map(([name, value]) => [name, fit(boundValue(value, bounds, 3), bounds)]),
  );
}

function fit(value: unknown, bounds: LeafBounds): unknown {
  let kept = value;
  while (utf8(JSON.stringify(kept)).length > bounds.maxFieldBytes) {
    if (!Array.isArray(kept) || kept.length === 0) return null;
    kept = kept.slice(0, Math.floor(kept.length / 2));
  }
  return kept;
}

function boundValue(value: unknown, bounds: LeafBounds, depth: number): unknown {
  if (typeof value === "string") return value.slice(0, bounds.maxChars).toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null || depth === 0) return null;
  if (Array.isArray(value)) return value.slice(0, bounds.maxNested).map((item) => boundValue(item, bounds, depth - 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, bounds.maxNested)
      .map(([name, item]) => [name.slice(0, 64).toWellFormed(), boundValue(item, bounds, depth - 1)]),
  );
}

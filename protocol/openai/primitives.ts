// Building blocks of the request schemas. They are built once, when the module loads; `error` texts are ours, since
// they reach the client as `expected`.
import { z } from "zod";

/** An optional field. OpenAI treats null in it as absence, and so do we: a backend never sees the null. */
export function optional<T extends z.ZodType>(schema: T) {
  return z.optional(z.nullable(schema).transform((value) => value ?? undefined));
}

/** Free-form JSON (a JSON schema): passes unchanged, every key of it. */
export const freeForm = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/**
 * A short list. Its length is asked first: otherwise a million wrong elements would make a million issues, each far
 * larger than the two bytes that spelt it.
 */
export function shortList<T extends z.ZodType>(element: T, max: number) {
  return z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= max, `expected an array of at most ${max}`)
    .pipe(z.array(element));
}

/** A name of a function, tool or schema as the API documents it. */
export const definedName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "expected 1 to 64 letters, digits, _ or -");

/** A name within the history: whatever a model made up is not the client's fault, it is only bounded. */
export const usedName = z.string().max(256);

/** `name` of a participant. */
export const participant = z.string().max(256);

/** A whole number from 1 up, of any size: what is too large is lowered later, never refused. */
export const positiveCount = z.custom<number>(
  (value) => typeof value === "number" && Number.isInteger(value) && value >= 1,
  "expected a whole number of at least 1",
);

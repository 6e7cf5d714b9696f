// `input` of an embeddings request in its four forms. Checked by hand: a list of 300,000 tokens is ordinary, and the
// place of a wrong one has to be told.
import { z } from "zod";

export type EmbeddingsInput = string | readonly string[] | readonly number[] | readonly (readonly number[])[];

interface Fault {
  readonly path: PropertyKey[];
  readonly expected: string;
}

export const embeddingsInput = z.unknown().transform((value, context): EmbeddingsInput => {
  const fault = faultOf(value);
  if (fault === null) return value as EmbeddingsInput;
  context.issues.push({ code: "custom", message: fault.expected, path: fault.path, input: value });
  return z.NEVER;
});

function faultOf(input: unknown): Fault | null {
  if (typeof input === "string") return input === "" ? fault([], "expected a text that is not empty") : null;
  if (!Array.isArray(input)) return fault([], "expected a string or an array");
  if (input.length === 0) return fault([], "expected at least one text");
  const [first] = input as unknown[];
  if (typeof first === "number") return tokensFault(input, []);
  if (Array.isArray(first)) return listsFault(input);
  const at = input.findIndex((text) => typeof text !== "string" || text === "");
  return at < 0 ? null : fault([at], "expected a text that is not empty");
}

function listsFault(lists: readonly unknown[]): Fault | null {
  for (const [at, list] of lists.entries()) {
    if (!Array.isArray(list) || list.length === 0) return fault([at], "expected a list of token numbers");
    const found = tokensFault(list, [at]);
    if (found !== null) return found;
  }
  return null;
}

function tokensFault(tokens: readonly unknown[], path: PropertyKey[]): Fault | null {
  const at = tokens.findIndex((token) => !Number.isSafeInteger(token) || (token as number) < 0);
  return at < 0 ? null : fault([...path, at], "expected a token number");
}

function fault(path: PropertyKey[], expected: string): Fault {
  return { path, expected };
}

/** The texts of an input; empty where it comes as token numbers, which no guard can read. */
export function inputTexts(input: EmbeddingsInput): readonly string[] {
  if (typeof input === "string") return [input];
  return typeof input[0] === "string" ? (input as readonly string[]) : [];
}

/** Token numbers of all lists together; 0 where the input is text. */
export function inputTokens(input: EmbeddingsInput): number {
  if (typeof input === "string") return 0;
  let count = 0;
  for (const item of input) {
    if (typeof item === "number") count++;
    else if (typeof item !== "string") count += item.length;
  }
  return count;
}

/** How many embeddings this input asks for: one text or list of numbers is one. */
export function inputCount(input: EmbeddingsInput): number {
  return typeof input === "string" || typeof input[0] === "number" ? 1 : input.length;
}

// What a JSON document says, without its form: keys and strings, a line each, of documents within its strings as well. A
// program's arguments are judged by these words: quotes, braces and escapes around honest code look like an attempt to break
// out of something.
import { isJsonObject, parseJson } from "../json.ts";
import { stringsOf } from "./json-strings.ts";

/** Documents within one another that are taken apart; what is deeper is read as the string that it stands in. */
const MAX_DEPTH = 4;

/** Null for what is no JSON object or list, or has no words in it. */
export function jsonWords(text: string): string | null {
  const lines = linesOf(text, MAX_DEPTH);
  return lines === null || lines.length === 0 ? null : lines.join("\n");
}

function linesOf(text: string, depth: number): string[] | null {
  if (depth === 0 || !/^\s*[[{]/.test(text.slice(0, 64))) return null;
  const value = parseJson(text);
  if (!isJsonObject(value) && !Array.isArray(value)) return null;
  const lines: string[] = [];
  for (const one of stringsOf(value)) for (const line of linesOf(one, depth - 1) ?? [one]) lines.push(line);
  return lines;
}

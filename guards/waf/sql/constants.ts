// Whole values that are a comparison of constants or the bare beginning of a call: probes, too short for the tokenizer.
import type { EmitSpan } from "../emit.ts";
import { FUNCTIONS, STRONG_FUNCTIONS } from "./words.ts";

/** `1=1`, `42 like 42`: a value that is nothing but a comparison of two numbers or two strings. */
export function judgeConstant(lower: string, emit: EmitSpan): void {
  if (lower.length > 80) return;
  if (CONSTANTS_COMPARED.test(lower)) emit("sql-constant", 0, lower.length);
  if (lower.length > 48 || !lower.trimEnd().endsWith("(")) return;
  // between the name and its parenthesis stand at most signs that filters take for the end of the name
  const call =
    /^(?:[\w.[\]-]{1,24}=)?\W{0,4}([a-z_]\w{1,32})[\s\]\\/'"=?!&|.>)$]{0,6}\(\s{0,4}$/.exec(lower)?.[1] ?? "";
  if (FUNCTIONS.has(call) || STRONG_FUNCTIONS.has(call) || TIMES.has(call)) emit("sql-open-call", 0, lower.length);
}

/** functions whose names are too common to tell anything anywhere else */
const TIMES = new Set("date time local quarter week in insert timestamp".split(" "));

const CONSTANTS_COMPARED =
  /^[\s(]{0,4}(?:\d{1,9}\s{0,2}[-+*/|&^]\s{0,2}(?:true|false|null)\b|\d{1,9}\s{0,4}(?:==?|!=|<>|<=>|\s(?:not\s{1,4})?(?:like|rlike|regexp)\s|\sis\s{1,4}(?:not\s{1,4})?)\s{0,4}\d{1,9}|'[^']{0,20}'\s{0,4}(?:[=!]{1,2}|<>|\s?(?:not\s{1,4})?(?:like|rlike|regexp)\s?|\s?is\s{1,4}(?:not\s{1,4})?)\s{0,4}'[^']{0,20}'?)[\s)]{0,4}$/;

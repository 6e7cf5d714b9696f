// What guards the answer of one request: the policy's compiled parts, and what only this request knows: its own system
// message, and the data that it held itself.
import {
  compileOutput,
  DEFAULT_OUTPUT_LIMITS,
  echoOf,
  LeakIndex,
  type OutputRules,
  requestTexts,
} from "../../guards/output/index.ts";
import type { PromptText } from "../../protocol/openai/index.ts";
import type { OutputParts } from "./guards-of.ts";

/** Null where policy looks for nothing in answers: then not a byte of them is touched. */
export function outputRulesFor(texts: readonly PromptText[], parts: OutputParts): OutputRules | null {
  const { modes, data, canaries, links, allowEcho } = parts;
  if (Object.values(modes).every((mode) => mode === "off")) return null;
  const { system, others } = requestTexts(texts);
  const limits = { ...DEFAULT_OUTPUT_LIMITS, ...parts.limits };
  return compileOutput({
    modes,
    data,
    canaries: [canaries],
    links,
    limits,
    ...(modes.prompt_leak === "off" || system.length === 0 ? {} : { leak: new LeakIndex(system, others, limits) }),
    ...(allowEcho ? { known: echoOf(others) } : {}),
  });
}

/** Whether anything that is found may be kept from the client; a guard that only reports changes nothing. */
export function keepsBack(rules: OutputRules | null): boolean {
  return rules !== null && rules.watches(true) !== null;
}

// What the guard on an answer takes from its request: what is the operator's own, and what others said.
import type { PromptText } from "../../protocol/openai/text-of.ts";

export interface RequestTexts {
  /** system and developer messages: not to be repeated */
  readonly system: readonly string[];
  /** all others: what stands there may be said again */
  readonly others: readonly string[];
}

export function requestTexts(texts: Iterable<PromptText>): RequestTexts {
  const system: string[] = [];
  const others: string[] = [];
  for (const { role, text, view } of texts) {
    if (role === "system" || role === "developer") system.push(text);
    // a second view repeats what stands elsewhere; tool definitions are the operator's too, but no message
    else if (view !== true && role !== "definition") others.push(text);
  }
  return { system, others };
}

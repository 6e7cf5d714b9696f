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

/** Looks that one answer may take at its request. Each costs a reading of it; what is found after them is foreign. */
const MAX_LOOKS = 64;

/** Whether a datum stood in one of the texts. One for each answer: its looks are counted. */
export function echoOf(texts: readonly string[]): (value: string) => boolean {
  const looked = new Map<string, boolean>();
  return (value) => {
    const before = looked.get(value);
    if (before !== undefined) return before;
    if (looked.size >= MAX_LOOKS) return false;
    const stood = texts.some((text) => text.includes(value));
    looked.set(value, stood);
    return stood;
  };
}

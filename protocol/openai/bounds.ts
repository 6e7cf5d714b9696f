// Lengths that are asked before the schemas run: a validator makes an issue for each wrong element, so a megabyte of
// `0,` would cost hundreds of megabytes of issues.
import type { Refusal } from "../refusal.ts";
import { invalid } from "./issues.ts";
import type { RequestLimits } from "./limits.ts";

export function chatBoundsFault(json: Readonly<Record<string, unknown>>, limits: RequestLimits): Refusal | null {
  const { messages } = json;
  for (const name of ["tools", "functions"] as const)
    if (lengthOf(json[name]) > limits.maxTools) return invalid([name], `expected at most ${limits.maxTools}`);
  if (!Array.isArray(messages)) return null;
  if (messages.length > limits.maxMessages)
    return invalid(["messages"], `expected at most ${limits.maxMessages} messages`);
  let parts = 0;
  let calls = 0;
  for (const [at, message] of (messages as unknown[]).entries()) {
    if (typeof message !== "object" || message === null) continue;
    parts += "content" in message ? lengthOf(message.content) : 0;
    if (parts > limits.maxParts)
      return invalid(["messages", at, "content"], `expected at most ${limits.maxParts} parts in all messages`);
    calls += "tool_calls" in message ? lengthOf(message.tool_calls) : 0;
    if (calls > limits.maxToolCalls)
      return invalid(["messages", at, "tool_calls"], `expected at most ${limits.maxToolCalls} calls in all messages`);
  }
  return null;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

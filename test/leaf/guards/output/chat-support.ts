// Chunks as backends send them, and what a client makes of those that it gets.
import { ChatStreamGuard, type OutputRules } from "../../../../guards/output/index.ts";

export interface ChunkChoice {
  readonly index: number;
  readonly delta: Readonly<Record<string, unknown>>;
  readonly logprobs?: unknown;
  readonly finish_reason: string | null;
}

export interface Chunk {
  readonly [name: string]: unknown;
  readonly choices: readonly ChunkChoice[];
}

const COMMON = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };

export function chunk(index: number, delta: Readonly<Record<string, unknown>>, logprobs?: unknown): Chunk {
  const probs = logprobs === undefined ? {} : { logprobs };
  return { ...COMMON, choices: [{ index, delta, ...probs, finish_reason: null }] };
}

export function content(text: string, index = 0, logprobs?: unknown): Chunk {
  return chunk(index, { content: text }, logprobs);
}

export function toolDelta(tool: number, text: string, index = 0): Chunk {
  return chunk(index, { tool_calls: [{ index: tool, function: { arguments: text } }] });
}

export function finish(index: number, reason: string): Chunk {
  return { ...COMMON, choices: [{ index, delta: {}, logprobs: null, finish_reason: reason }] };
}

export interface ToolSeen {
  id?: string;
  type?: string;
  name: string;
  arguments: string;
}

export interface Seen {
  content: string;
  reasoning: string;
  finish: string | null;
  readonly tools: ToolSeen[];
  readonly tokens: string[];
}

interface ToolEntry {
  readonly index: number;
  readonly id?: string;
  readonly type?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

/** Puts a stream together as the SDKs do; a name replaces, arguments are appended. */
export function run(rules: OutputRules, choices: number, given: readonly Chunk[]) {
  const guard = new ChatStreamGuard(rules, choices);
  const chunks = [...given.flatMap((one) => guard.push(one, 0)), ...guard.end()] as unknown as Chunk[];
  const seen = new Map<number, Seen>();
  for (const { choices: parts } of chunks) for (const part of parts) take(part, seen);
  return { guard, chunks, choices: seen };
}

function take({ index, delta, logprobs, finish_reason }: ChunkChoice, seen: Map<number, Seen>): void {
  const choice = seen.get(index) ?? { content: "", reasoning: "", finish: null, tools: [], tokens: [] };
  seen.set(index, choice);
  if (typeof delta.content === "string") choice.content += delta.content;
  if (typeof delta.reasoning_content === "string") choice.reasoning += delta.reasoning_content;
  for (const entry of (delta.tool_calls ?? []) as readonly ToolEntry[]) {
    const tool = choice.tools[entry.index] ?? { name: "", arguments: "" };
    choice.tools[entry.index] = tool;
    if (entry.id !== undefined) tool.id = entry.id;
    if (entry.type !== undefined) tool.type = entry.type;
    if (entry.function?.name) tool.name = entry.function.name;
    tool.arguments += entry.function?.arguments ?? "";
  }
  const tokens = (logprobs as { content?: readonly { token: string }[] } | null | undefined)?.content ?? [];
  for (const { token } of tokens) choice.tokens.push(token);
  choice.finish = finish_reason ?? choice.finish;
}

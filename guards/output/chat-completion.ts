// The guard on a whole chat completion: the same rules in the same order as on a stream, so the same findings and the
// same text.
import type { Verdict } from "../../protocol/audit.ts";
import { fields } from "../../protocol/openai/responses.ts";
import { ChatStreamGuard } from "./chat-stream.ts";
import { type DeltaPart, deltaOf } from "./delta.ts";
import type { OutputFinding } from "./findings.ts";
import { LOGPROB_KEYS } from "./logprobs.ts";
import type { OutputRules } from "./rules.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface GuardedCompletion {
  /** the document itself where nothing in it changed */
  readonly document: Fields;
  readonly cut: boolean;
  readonly findings: readonly OutputFinding[];
  readonly verdicts: readonly Verdict[];
}

/** Models think first, then speak, then call; what comes after a cut is gone. */
const ORDER = ["role", "reasoning_content", "reasoning", "content", "refusal"];

/** @param document an answer of `chat.completion`, parsed; what is no array of choices is passed as it is */
export function guardCompletion(document: Fields, rules: OutputRules): GuardedCompletion {
  const count = Array.isArray(document.choices) ? document.choices.length : 0;
  const guard = new ChatStreamGuard(rules, count);
  const left = guard.envelope(document, "message");
  const choices: readonly unknown[] = Array.isArray(left.choices) ? left.choices : [];
  let changed = false;
  const guarded = choices.map((given, at) => {
    const choice = fields(given) ?? {};
    const out = guardedChoice({ index: at, ...choice }, guard);
    changed ||= out !== null;
    return out ?? given;
  });
  const { anyCut: cut, findings, verdicts } = guard;
  return { document: changed ? { ...left, choices: guarded } : left, cut, findings, verdicts };
}

/** Null where it stays as it is. The whole choice as one delta of a stream, and what leaves of it as one message. */
function guardedChoice(choice: Fields, guard: ChatStreamGuard): Fields | null {
  const { message, index, logprobs, finish_reason } = choice;
  const given = fields(message) ?? {};
  const delta = inOrder(given);
  const chunk = { choices: [{ index, delta, logprobs, finish_reason: null }] };
  const finish = {
    choices: [{ index, delta: {}, finish_reason: typeof finish_reason === "string" ? finish_reason : "stop" }],
  };
  const chunks = [...guard.push(chunk, 0), ...guard.push(finish, 0)];
  if (chunks.length === 2 && chunks[0] === chunk && chunks[1] === finish) return null;
  const out = chunks.flatMap((one) => (Array.isArray(one.choices) ? (one.choices as readonly unknown[]) : []));
  const parts: DeltaPart[] = [];
  let reason: unknown = finish_reason;
  let probs: Fields | null = null;
  for (const piece of out) {
    const { delta: said, finish_reason: finished, logprobs: tokens } = fields(piece) ?? {};
    parts.push(...partsOf(fields(said) ?? {}));
    if (finished === "content_filter") reason = finished;
    probs = together(probs, fields(tokens));
  }
  const left = deltaOf(parts);
  const same = JSON.stringify(left) === JSON.stringify(delta);
  const asItCame = JSON.stringify(probs) === JSON.stringify(logprobs ?? null);
  if (same && asItCame && reason === finish_reason) return null;
  return { ...choice, message: same ? given : messageOf(given, left), logprobs: probs, finish_reason: reason };
}

function messageOf(given: Fields, { tool_calls, ...rest }: Fields): Fields {
  const calls = Array.isArray(tool_calls) ? { tool_calls: tool_calls.map(withoutIndex) } : {};
  // a message has these two even where nothing is in them
  return { role: given.role ?? "assistant", content: null, ...rest, ...calls };
}

/** Log probabilities that left in several pieces. */
function together(before: Fields | null, more: Fields | null): Fields | null {
  if (before === null || more === null) return more ?? before;
  const both = LOGPROB_KEYS.map((key): [string, unknown] => {
    const lists = [before[key], more[key]].filter((list) => Array.isArray(list));
    return [key, lists.length === 0 ? null : lists.flat()];
  });
  return Object.fromEntries(both);
}

function inOrder(message: Fields): Fields {
  const { tool_calls, function_call, ...texts } = message;
  const ordered: Record<string, unknown> = {};
  for (const name of ORDER) if (name in texts) ordered[name] = texts[name];
  const calls = Array.isArray(tool_calls)
    ? { tool_calls: tool_calls.map((call, index) => ({ index, ...(fields(call) ?? {}) })) }
    : {};
  return { ...ordered, ...texts, ...calls, ...(function_call === undefined ? {} : { function_call }) };
}

function partsOf(delta: Fields): DeltaPart[] {
  return Object.entries(delta).flatMap(([name, value]): DeltaPart[] => {
    if (name === "tool_calls" && Array.isArray(value))
      return value.map((entry) => ({ kind: "tool", entry: fields(entry) ?? {} }));
    return typeof value === "string" && name !== "role"
      ? [{ kind: "text", name, text: value }]
      : [{ kind: "field", name, value }];
  });
}

function withoutIndex(call: unknown): Fields {
  const { index: _, ...rest } = fields(call) ?? {};
  return rest;
}

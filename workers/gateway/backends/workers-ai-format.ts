// The forms in which Workers AI takes and gives text, and OpenAI's. Pure.
import { END, type Translate } from "./backend.ts";

export interface About {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Workers AI knows the output limit as `max_tokens` and takes no `model` or `stream_options` in its inputs. */
export function chatInputs(value: Json): Json {
  const { model: _model, stream_options: _options, max_completion_tokens, ...inputs } = value;
  if (max_completion_tokens !== undefined && inputs.max_tokens === undefined) inputs.max_tokens = max_completion_tokens;
  return inputs;
}

/** A whole answer. Null where the result has neither form. */
export function completionOf(result: unknown, about: About): Json | null {
  if (!isObject(result)) return null;
  if (Array.isArray(result.choices)) return { ...about, object: "chat.completion", ...result };
  if (typeof result.response !== "string" && !Array.isArray(result.tool_calls)) return null;
  const toolCalls = toolCallsOf(result.tool_calls);
  const message = {
    role: "assistant",
    content: textOf(result.response),
    ...(toolCalls === null ? {} : { tool_calls: toolCalls }),
  };
  const choice = { index: 0, message, finish_reason: toolCalls === null ? "stop" : "tool_calls", logprobs: null };
  return {
    ...about,
    object: "chat.completion",
    choices: [choice],
    ...(isObject(result.usage) ? { usage: result.usage } : {}),
  };
}

/** A model's piece of text is a string, or a bare number where it wrote digits. */
function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}

function toolCallsOf(calls: unknown): Json[] | null {
  if (!Array.isArray(calls) || calls.length === 0) return null;
  return calls.filter(isObject).map((call, index) => ({
    id: typeof call.id === "string" ? call.id : `call_${index}`,
    type: "function",
    function: {
      name: String(call.name ?? ""),
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments ?? {}),
    },
  }));
}

/** Stateful: the first chunk carries the role; the one with usage, or the stream's end, closes the choice. */
export function newChunkTranslator(about: About): Translate {
  let begun = false;
  let closed = false;
  let calledTools = false;
  const chunk = (delta: Json, finish: string | null): Json => ({
    ...about,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  });
  const closing = (): Json => {
    closed = true;
    return chunk(begun ? {} : { role: "assistant", content: "" }, calledTools ? "tool_calls" : "stop");
  };
  return (data) => {
    if (data === END) return begun && !closed ? [closing()] : [];
    if (!isObject(data) || Array.isArray(data.choices) || "error" in data) return [data];
    const chunks: Json[] = [];
    const content = textOf(data.response);
    const toolCalls = toolCallsOf(data.tool_calls);
    if ((content !== null && content !== "") || toolCalls !== null) {
      const delta: Json = begun ? {} : { role: "assistant" };
      if (content !== null && content !== "") delta.content = content;
      if (toolCalls !== null) delta.tool_calls = toolCalls.map((call, index) => ({ index, ...call }));
      begun = true;
      calledTools ||= toolCalls !== null;
      chunks.push(chunk(delta, null));
    }
    if (isObject(data.usage) && !closed) {
      chunks.push(closing());
      chunks.push({ ...about, object: "chat.completion.chunk", choices: [], usage: data.usage });
    }
    return chunks;
  };
}

/** `{shape, data: number[][]}` → OpenAI's list. Null where it is neither form. */
export function embeddingsOf(result: unknown, about: About): Json | null {
  if (!isObject(result) || !Array.isArray(result.data)) return null;
  const vectors = result.data as unknown[];
  const isVector = (vector: unknown): vector is number[] =>
    Array.isArray(vector) && vector.every((component) => typeof component === "number");
  if (!vectors.every(isVector)) return null;
  return {
    object: "list",
    model: about.model,
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: vector,
    })),
    ...(isObject(result.usage) ? { usage: result.usage } : {}),
  };
}

// The forms in which Workers AI takes and gives text, and OpenAI's. Pure.
import { isJsonObject } from "../../../protocol/json.ts";
import { END, type Translate } from "./backend.ts";

export interface About {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

type Json = Record<string, unknown>;

/** Workers AI knows the output limit as `max_tokens` and takes no `model` or `stream_options` in its inputs. */
export function chatInputs(value: Json): Json {
  const { model: _model, stream_options: _options, max_completion_tokens, ...inputs } = value;
  if (max_completion_tokens !== undefined && inputs.max_tokens === undefined) inputs.max_tokens = max_completion_tokens;
  return inputs;
}

/**
 * A whole answer. Null where the result has neither form.
 * @param limit output tokens that were asked for, where they are known
 */
export function completionOf(result: unknown, about: About, limit: number | null): Json | null {
  if (!isJsonObject(result)) return null;
  if (Array.isArray(result.choices)) return { ...about, object: "chat.completion", ...result };
  const content = textOf(result.response);
  const toolCalls = callsIn(result.tool_calls).map(wholeCall);
  if (content === null && toolCalls.length === 0) return null;
  const message = { role: "assistant", content, ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }) };
  const finish_reason = finishOf(toolCalls.length > 0, result.usage, limit);
  return {
    ...about,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason, logprobs: null }],
    ...(isJsonObject(result.usage) ? { usage: result.usage } : {}),
  };
}

/** A model's text is a string, a bare number where it wrote digits alone, or an object where it was asked for JSON. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : null;
}

/** Workers AI does not say why a model stopped; that it wrote all it was given leave to is told by its usage. */
function finishOf(calledTools: boolean, usage: unknown, limit: number | null): "stop" | "length" | "tool_calls" {
  if (calledTools) return "tool_calls";
  const written = isJsonObject(usage) ? usage.completion_tokens : undefined;
  return limit !== null && typeof written === "number" && written >= limit ? "length" : "stop";
}

function callsIn(calls: unknown): Json[] {
  return Array.isArray(calls) ? calls.filter(isJsonObject) : [];
}

/** `{name, arguments}` as an object, or OpenAI's own form. */
function wholeCall(call: Json, index: number): Json {
  const named = isJsonObject(call.function) ? call.function : call;
  const { name, arguments: given } = named;
  return {
    id: typeof call.id === "string" ? call.id : `call_${index}`,
    type: "function",
    function: {
      name: typeof name === "string" ? name : "",
      arguments: typeof given === "string" ? given : JSON.stringify(given ?? {}),
    },
  };
}

/** Stateful: the first chunk carries the role; the one with usage and no text, or the stream's end, closes the choice. */
export function newChunkTranslator(about: About, limit: number | null): Translate {
  let ownForm = false;
  let begun = false;
  let closed = false;
  let tools = 0;
  let usage: unknown;
  const chunk = (delta: Json, finish: string | null): Json => {
    const role = begun ? {} : { role: "assistant" };
    begun = true;
    return {
      ...about,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { ...role, ...delta }, finish_reason: finish, logprobs: null }],
    };
  };
  const closing = (): Json => {
    closed = true;
    return chunk(begun ? {} : { content: "" }, finishOf(tools > 0, usage, limit));
  };
  // pieces of a call carry its index; a whole call gets the next one
  const callDelta = (call: Json): Json => {
    const known = typeof call.index === "number" ? call.index : tools;
    tools = Math.max(tools, known + 1);
    return typeof call.index === "number" ? call : { index: known, ...wholeCall(call, known) };
  };
  return (data) => {
    // only what spoke this form is closed in its name
    if (data === END) return ownForm && !closed ? [closing()] : [];
    if (!isJsonObject(data) || Array.isArray(data.choices)) return [data];
    ownForm = true;
    const content = textOf(data.response) ?? "";
    const calls = callsIn(data.tool_calls).map(callDelta);
    const chunks: Json[] = [];
    if (content !== "" || calls.length > 0) {
      const delta = { ...(content === "" ? {} : { content }), ...(calls.length === 0 ? {} : { tool_calls: calls }) };
      chunks.push(chunk(delta, null));
    }
    if (!isJsonObject(data.usage)) return chunks;
    usage = data.usage;
    // some models tell their usage so far with every piece
    if (chunks.length === 0 && !closed) chunks.push(closing());
    chunks.push({ ...about, object: "chat.completion.chunk", choices: [], usage });
    return chunks;
  };
}

/** `{shape, data: number[][]}` → OpenAI's list. Null where it is neither form. */
export function embeddingsOf(result: unknown, about: About): Json | null {
  if (!isJsonObject(result) || !Array.isArray(result.data)) return null;
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
    ...(isJsonObject(result.usage) ? { usage: result.usage } : {}),
  };
}

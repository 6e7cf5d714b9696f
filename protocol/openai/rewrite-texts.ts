// Texts of a request replaced, by their places as `textOf` names them: what a guard redacts is gone from the one typed
// value that everything after it reads. A place that cannot be rewritten (a name, an id, a file's bytes) stays, and is
// given back, so that the caller refuses rather than sends what it meant to hide.
import type { ChatRequest } from "./chat-request.ts";
import type { ContentPart } from "./content.ts";
import type { EmbeddingsInput } from "./embeddings-input.ts";
import { mapStrings } from "./json-strings.ts";
import type { ChatMessage, ToolCall } from "./messages.ts";

/** place → its whole new text */
export type Edits = ReadonlyMap<string, string>;

export interface Rewritten<T> {
  readonly value: T;
  /** fields outside OpenAI's API */
  readonly engine: Readonly<Record<string, unknown>>;
  /** places of `edits` that were not rewritten */
  readonly left: readonly string[];
}

type Engine = Readonly<Record<string, unknown>>;

export function rewriteChat(request: ChatRequest, edits: Edits, engine: Engine = {}): Rewritten<ChatRequest> {
  const wanted = new Edited(edits);
  const messages = request.messages.map((message, at) => rewriteMessage(message, `messages[${at}]`, wanted));
  const { prediction, stop } = request;
  const value: ChatRequest = {
    ...request,
    messages,
    ...(prediction === undefined ? {} : { prediction: rewritePrediction(prediction, wanted) }),
    ...(stop === undefined ? {} : { stop: wanted.all("stop", stop) }),
  };
  return { value, engine: rewriteEngine(engine, wanted), left: wanted.left() };
}

export function rewriteInput(input: EmbeddingsInput, edits: Edits, engine: Engine = {}): Rewritten<EmbeddingsInput> {
  const wanted = new Edited(edits);
  const value = rewriteTexts(input, wanted);
  return { value, engine: rewriteEngine(engine, wanted), left: wanted.left() };
}

function rewriteTexts(input: EmbeddingsInput, edits: Edited): EmbeddingsInput {
  if (typeof input === "string") return edits.text("input", input);
  if (typeof input[0] !== "string") return input;
  return (input as readonly string[]).map((text, at) => edits.text(`input[${at}]`, text));
}

function rewriteEngine(engine: Engine, edits: Edited): Engine {
  return Object.fromEntries(Object.entries(engine).map(([name, value]) => [name, edits.all(name, value)]));
}

function rewritePrediction(prediction: Prediction, edits: Edited): Prediction {
  const { content } = prediction;
  if (typeof content === "string") return { ...prediction, content: edits.text("prediction.content", content) };
  const rewritten = content.map((part, at) => ({ ...part, text: edits.text(`prediction.content[${at}]`, part.text) }));
  return { ...prediction, content: rewritten };
}

type Prediction = NonNullable<ChatRequest["prediction"]>;

/** The edits, and which of them found their place. */
class Edited {
  readonly #edits: Edits;
  readonly #done = new Set<string>();

  constructor(edits: Edits) {
    this.#edits = edits;
  }

  text(where: string, was: string): string {
    const edited = this.#edits.get(where);
    if (edited === undefined) return was;
    this.#done.add(where);
    return edited;
  }

  /** Every string of a field that is no message. */
  all<T>(name: string, value: T): T {
    // the same shape with other texts: still of its type
    return mapStrings(value, name, (where, was) => this.text(where, was)) as T;
  }

  left(): string[] {
    return [...this.#edits.keys()].filter((where) => !this.#done.has(where));
  }
}

function rewriteMessage(message: ChatMessage, place: string, edits: Edited): ChatMessage {
  const { content } = message;
  const changed: Record<string, unknown> = { ...message };
  if (typeof content === "string") changed.content = edits.text(`${place}.content`, content);
  else if (Array.isArray(content))
    changed.content = content.map((part: ContentPart, at) => rewritePart(part, `${place}.content[${at}]`, edits));
  if (message.role === "assistant") {
    if (message.refusal !== undefined) changed.refusal = edits.text(`${place}.refusal`, message.refusal);
    if (message.tool_calls !== undefined)
      changed.tool_calls = message.tool_calls.map((call, at) => rewriteCall(call, `${place}.tool_calls[${at}]`, edits));
    if (message.function_call !== undefined) {
      const { name, arguments: given } = message.function_call;
      changed.function_call = { name, arguments: edits.text(`${place}.function_call.arguments`, given) };
    }
  }
  // the same keys with the same kinds of values: still the message that the schema read
  return changed as ChatMessage;
}

function rewritePart(part: ContentPart, place: string, edits: Edited): ContentPart {
  if (part.type === "text") return { ...part, text: edits.text(place, part.text) };
  return part.type === "refusal" ? { ...part, refusal: edits.text(place, part.refusal) } : part;
}

function rewriteCall(call: ToolCall, place: string, edits: Edited): ToolCall {
  if (call.type === "custom")
    return { ...call, custom: { ...call.custom, input: edits.text(`${place}.custom.input`, call.custom.input) } };
  const { name, arguments: given } = call.function;
  return { ...call, function: { name, arguments: edits.text(`${place}.function.arguments`, given) } };
}

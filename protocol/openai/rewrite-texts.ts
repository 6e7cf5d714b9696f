// Texts of a request replaced, by their places as `textOf` names them: what a guard redacts is gone from the one typed
// value that everything after it reads. A place that cannot be rewritten (a name, an id, a file's bytes) stays, and is
// given back, so that the caller refuses rather than sends what it meant to hide.
import type { ChatRequest } from "./chat-request.ts";
import type { ContentPart } from "./content.ts";
import type { EmbeddingsInput } from "./embeddings-input.ts";
import type { ChatMessage, ToolCall } from "./messages.ts";

/** place → its whole new text */
export type Edits = ReadonlyMap<string, string>;

export interface Rewritten<T> {
  readonly value: T;
  /** places of `edits` that were not rewritten */
  readonly left: readonly string[];
}

export function rewriteChat(request: ChatRequest, edits: Edits): Rewritten<ChatRequest> {
  const wanted = new Edited(edits);
  const messages = request.messages.map((message, at) => rewriteMessage(message, `messages[${at}]`, wanted));
  return { value: { ...request, messages }, left: wanted.left() };
}

export function rewriteInput(input: EmbeddingsInput, edits: Edits): Rewritten<EmbeddingsInput> {
  const wanted = new Edited(edits);
  if (typeof input === "string") return { value: wanted.text("input", input), left: wanted.left() };
  if (typeof input[0] !== "string") return { value: input, left: wanted.left() };
  const value = (input as readonly string[]).map((text, at) => wanted.text(`input[${at}]`, text));
  return { value, left: wanted.left() };
}

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

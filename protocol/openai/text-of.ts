// Every text that a backend could see, with its place: what guards read is a superset of what any template can render.
// Names, arguments, tool definitions, stop texts and an engine's own fields count, not only content. Whose words a field
// holds is the field table's to say; what no table names is anyone's.
import { CHAT_FIELDS } from "./chat-fields.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ContentPart } from "./content.ts";
import { type EmbeddingsInput, inputTexts } from "./embeddings-input.ts";
import { engineWriter } from "./engine-fields.ts";
import type { FieldTable, Writer } from "./fields.ts";
import { fileTexts } from "./file-text.ts";
import { placedStrings, stringsOf } from "./json-strings.ts";
import { jsonWords } from "./json-words.ts";
import { disguisedMedia } from "./media-text.ts";
import type { ChatMessage, Role, ToolCall } from "./messages.ts";

export interface PromptText {
  /** `messages[3].content[1]`, as in an error's `param` */
  readonly where: string;
  /** who is said to speak; `definition` for what is no message */
  readonly role: Role | "definition";
  readonly text: string;
  /** a second view of texts that stand elsewhere in the list: read by guards, counted by nobody */
  readonly view?: true;
  /** the text of a file: whoever sends it need not have written it */
  readonly file?: true;
  /**
   * `apart`: a document whose words are an item of their own, so its form is judged here, and whether it instructs anyone
   * there; `only`: that item
   */
  readonly words?: "apart" | "only";
}

/** @param engine the fields outside OpenAI's API that will go upstream */
export function* textOf(request: ChatRequest, engine: Readonly<Record<string, unknown>> = {}): Generator<PromptText> {
  for (const [at, message] of request.messages.entries()) yield* messageTexts(message, `messages[${at}]`);
  const given = request as Readonly<Record<string, unknown>>;
  for (const [name, writer] of WRITERS) {
    if (name === "prediction") yield* predictionTexts(request.prediction);
    // no joined view: OpenAI's own lists of texts are rendered nowhere, and stop texts together look like a forged turn
    else for (const text of fieldTexts(name, given[name], writer)) if (text.view !== true) yield text;
  }
  yield* engineTexts(engine);
}

/** The fields that may go upstream, but for those that speak for themselves and those that hold no text. */
const WRITERS: readonly (readonly [name: string, writer: Writer])[] = Object.entries(
  CHAT_FIELDS as unknown as FieldTable,
).flatMap(([name, { class: fieldClass, writer = "anyone" }]): [string, Writer][] => {
  const leaves = fieldClass === "passed" || fieldClass === "enforced";
  return leaves && writer !== "turns" && writer !== "nobody" ? [[name, writer]] : [];
});

const ROLES = { operator: "definition", caller: "user", anyone: "tool" } as const;

function* engineTexts(engine: Readonly<Record<string, unknown>>): Generator<PromptText> {
  for (const [name, value] of Object.entries(engine)) yield* fieldTexts(name, value, engineWriter(name));
}

function* fieldTexts(name: string, value: unknown, writer: Writer): Generator<PromptText> {
  if (writer === "turns" || writer === "nobody") return;
  const role = ROLES[writer];
  if (role === "definition") {
    if (!Array.isArray(value)) yield* definition(name, value);
    else for (const [at, one] of (value as readonly unknown[]).entries()) yield* definition(`${name}[${at}]`, one);
    return;
  }
  const joined: string[] = [];
  for (const { where, text, isKey } of placedStrings(value, name)) {
    if (!isKey) joined.push(text);
    yield { where, role, text };
  }
  // as with parts: who renders a list renders its items one after the other
  if (joined.length > 1) yield { where: name, role, text: joined.join(""), view: true };
}

function* predictionTexts(prediction: ChatRequest["prediction"]): Generator<PromptText> {
  const content = prediction?.content;
  if (typeof content === "string") yield { where: "prediction.content", role: "user", text: content };
  else if (content !== undefined) yield* partTexts(content, "prediction.content", "user");
}

/** The texts of an embeddings request, and of an engine's own fields; none of the input where it comes as token numbers. */
export function* textOfEmbeddings(
  input: EmbeddingsInput,
  engine: Readonly<Record<string, unknown>> = {},
): Generator<PromptText> {
  const single = typeof input === "string";
  for (const [at, text] of inputTexts(input).entries())
    yield { where: single ? "input" : `input[${at}]`, role: "user", text };
  yield* engineTexts(engine);
}

function* messageTexts(message: ChatMessage, place: string): Generator<PromptText> {
  const { role, content } = message;
  if (typeof content === "string") yield { where: `${place}.content`, role, text: content };
  else if (Array.isArray(content)) yield* partTexts(content, `${place}.content`, role);
  if ("name" in message && message.name !== undefined) yield { where: `${place}.name`, role, text: message.name };
  if (role === "tool") yield { where: `${place}.tool_call_id`, role, text: message.tool_call_id };
  if (role !== "assistant") return;
  if (message.refusal !== undefined) yield { where: `${place}.refusal`, role, text: message.refusal };
  for (const [at, call] of (message.tool_calls ?? []).entries())
    yield* callTexts(call, `${place}.tool_calls[${at}]`, role);
  if (message.function_call !== undefined) {
    yield { where: `${place}.function_call.name`, role, text: message.function_call.name };
    yield* argumentTexts(`${place}.function_call.arguments`, role, message.function_call.arguments);
  }
}

function* partTexts(parts: readonly ContentPart[], place: string, role: Role): Generator<PromptText> {
  const texts: string[] = [];
  for (const [at, part] of parts.entries()) {
    if (part.type === "file") yield* textsInFile(part.file.file_data, `${place}[${at}].file.file_data`, role);
    const disguised = disguisedMedia(part);
    if (disguised !== null) yield* textsInFile(disguised.url, `${place}[${at}].${disguised.field}`, role);
    const text = partText(part);
    if (text === null) continue;
    texts.push(text);
    yield { where: `${place}[${at}]`, role, text };
  }
  // templates join the parts of a message, so that a sequence cut into two parts is whole again for the model
  if (texts.length > 1) yield { where: place, role, text: texts.join(""), view: true };
}

/** What can be read of a file that is no text is read, and not counted: its tokens are not those of its strings. */
function* textsInFile(url: string | undefined, where: string, role: Role): Generator<PromptText> {
  for (const { text, partial } of url === undefined ? [] : fileTexts(url))
    if (text !== "") yield { where, role, text, file: true, ...(partial ? { view: true } : {}) };
}

function partText(part: ContentPart): string | null {
  if (part.type === "text") return part.text;
  if (part.type === "refusal") return part.refusal;
  return part.type === "file" ? (part.file.filename ?? null) : null;
}

function* callTexts(call: ToolCall, place: string, role: Role): Generator<PromptText> {
  yield { where: `${place}.id`, role, text: call.id };
  const [called, input] =
    call.type === "function" ? [call.function.name, call.function.arguments] : [call.custom.name, call.custom.input];
  const field = call.type === "function" ? "arguments" : "input";
  yield { where: `${place}.${call.type}.name`, role, text: called };
  yield* argumentTexts(`${place}.${call.type}.${field}`, role, input);
}

function* argumentTexts(where: string, role: Role, text: string): Generator<PromptText> {
  const words = jsonWords(text);
  if (words === null) yield { where, role, text };
  else {
    yield { where, role, text, words: "apart" };
    yield { where, role, text: words, view: true, words: "only" };
  }
}

function* definition(where: string, value: unknown): Generator<PromptText> {
  for (const text of stringsOf(value)) yield { where, role: "definition", text };
}

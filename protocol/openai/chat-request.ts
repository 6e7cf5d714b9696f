// `POST /v1/chat/completions`: from a JSON object to a typed request, or to a refusal that names the field.
// What is not in the table is never dropped: top-level fields come back as `engine` (select asks the model's policy),
// nested ones as `unknownNested` (select refuses them).
import type { Refusal } from "../refusal.ts";
import { chatBoundsFault } from "./bounds.ts";
import { CHAT_FIELDS } from "./chat-fields.ts";
import type { FieldTable, RequestOf } from "./fields.ts";
import { invalid } from "./issues.ts";
import { DEFAULT_REQUEST_LIMITS, type RequestLimits } from "./limits.ts";
import { readMessages } from "./message-walk.ts";
import { type Need, type Refused, readFields } from "./read-fields.ts";

export type ChatRequest = RequestOf<typeof CHAT_FIELDS, "model" | "messages">;

export interface ChatReading {
  readonly ok: true;
  readonly request: ChatRequest;
  /** unknown top-level fields, to be judged by the model's policy */
  readonly engine: Readonly<Record<string, unknown>>;
  /** places of unknown nested fields; none of them is in `request` */
  readonly unknownNested: readonly string[];
  /** fields that were accepted and have no effect */
  readonly ignored: readonly string[];
  readonly needs: readonly Need[];
}

const TABLE = CHAT_FIELDS as unknown as FieldTable;

export function parseChatRequest(
  json: Readonly<Record<string, unknown>>,
  limits: RequestLimits = DEFAULT_REQUEST_LIMITS,
): ChatReading | Refused {
  const bounds = chatBoundsFault(json, limits);
  if (bounds !== null) return { ok: false, refusal: bounds };
  const read = readFields(json, TABLE);
  if (!read.ok) return read;
  for (const name of ["model", "messages"])
    if (!read.values.has(name)) return { ok: false, refusal: invalid([name], "is missing") };
  const request = Object.fromEntries(read.values) as unknown as ChatRequest;
  const settled = settle(request, limits);
  if (!settled.ok) return settled;
  const messages = readMessages(settled.request.messages, limits);
  if (!messages.ok) return messages;
  return {
    ok: true,
    request: { ...settled.request, messages: messages.messages },
    engine: read.engine,
    unknownNested: read.unknownNested,
    ignored: [...read.ignored, ...settled.ignored, ...messages.ignored],
    needs: [...needsOf(read.needs, settled.ignored), ...messages.needs],
  };
}

/** Rules between fields. */
function settle(
  request: ChatRequest,
  limits: RequestLimits,
): { readonly ok: true; readonly request: ChatRequest; readonly ignored: readonly string[] } | Refused {
  const fault = crossFault(request, limits);
  if (fault !== null) return { ok: false, refusal: fault };
  const ignored: string[] = [];
  const settled: { -readonly [K in keyof ChatRequest]: ChatRequest[K] } = { ...request };
  if (request.stream_options?.include_obfuscation === true) ignored.push("stream_options.include_obfuscation");
  // choosing among no tools asks for nothing, and some backends refuse it
  for (const [name, among] of CHOICES) {
    if (settled[name] === undefined || settled[among] !== undefined) continue;
    delete settled[name];
    ignored.push(name);
  }
  return { ok: true, request: settled, ignored };
}

const CHOICES = [
  ["tool_choice", "tools"],
  ["parallel_tool_calls", "tools"],
  ["function_call", "functions"],
] as const;

function crossFault(request: ChatRequest, limits: RequestLimits): Refusal | null {
  const { max_tokens, max_completion_tokens, tool_choice, function_call } = request;
  // two limits would mean that reservation, backend and bill may speak of different numbers
  if (max_tokens !== undefined && max_completion_tokens !== undefined && max_tokens !== max_completion_tokens)
    return invalid(["max_completion_tokens"], "expected the same number as max_tokens, or only one of the two");
  if (request.n !== undefined && request.n > limits.maxChoices)
    return invalid(["n"], `expected a number of at most ${limits.maxChoices}`);
  if (request.top_logprobs !== undefined && request.logprobs !== true)
    return invalid(["top_logprobs"], "expected logprobs to be true with it");
  if (request.stream_options !== undefined && request.stream !== true)
    return invalid(["stream_options"], "expected stream to be true with it");
  if (tool_choice !== undefined && request.tools === undefined && tool_choice !== "none" && tool_choice !== "auto")
    return invalid(["tool_choice"], "expected tools to choose from");
  if (typeof function_call === "object" && request.functions === undefined)
    return invalid(["function_call"], "expected functions to choose from");
  return null;
}

function needsOf(needs: readonly Need[], ignored: readonly string[]): readonly Need[] {
  const chat: Need = { capability: "chat", param: "model" };
  return [chat, ...needs.filter((need) => !ignored.includes(need.param))];
}

// What goes to a backend: a plain object made from the typed request, serialised once. Never the client's bytes, so
// that guard, price, quota and engine see the same value. Ignored fields are gone; the output limit stands under the
// one name that the backend knows.
import { CHAT_FIELDS } from "./chat-fields.ts";
import type { ChatRequest } from "./chat-request.ts";
import { EMBEDDINGS_FIELDS } from "./embeddings-fields.ts";
import type { EmbeddingsRequest } from "./embeddings-request.ts";
import type { FieldTable } from "./fields.ts";
import type { ChatMessage } from "./messages.ts";

export interface UpstreamChatOptions {
  /** the backend's own name of the model */
  readonly model: string;
  /** tokens of one choice: what was reserved, divided by n */
  readonly outputTokens: number;
  readonly outputLimitField: "max_tokens" | "max_completion_tokens";
  /** unknown top-level fields that the model's policy allows; one that the table knows is left out */
  readonly engine: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  /** asks for the usage event; written only where `stream` is true, since backends refuse it elsewhere */
  readonly includeUsage: boolean;
  /** the backend knows the role `developer` (capability `developer_role`); else it is written as `system` */
  readonly developerRole?: boolean;
}

export type UpstreamBody = Readonly<Record<string, unknown>>;

const PASSED_CHAT = passedNames(CHAT_FIELDS);
const PASSED_EMBEDDINGS = passedNames(EMBEDDINGS_FIELDS);

export function toUpstreamChat(request: ChatRequest, options: UpstreamChatOptions): UpstreamBody {
  const messages = options.developerRole === true ? request.messages : request.messages.map(withoutDeveloperRole);
  const body: [string, unknown][] = [
    ["model", options.model],
    ["messages", messages],
    ...engineEntries(options.engine, CHAT_FIELDS),
    ...present(request, PASSED_CHAT),
    [options.outputLimitField, options.outputTokens],
  ];
  if (request.n !== undefined) body.push(["n", request.n]);
  if (options.stream) body.push(["stream", true]);
  if (options.stream && options.includeUsage) body.push(["stream_options", { include_usage: true }]);
  return Object.fromEntries(body);
}

export function toUpstreamEmbeddings(
  request: EmbeddingsRequest,
  options: Pick<UpstreamChatOptions, "model" | "engine">,
): UpstreamBody {
  return Object.fromEntries([
    ["model", options.model],
    ["input", request.input],
    ...engineEntries(options.engine, EMBEDDINGS_FIELDS),
    ...present(request, PASSED_EMBEDDINGS),
    ["encoding_format", "float"],
  ]);
}

/** `developer` replaced `system` and means the same; most servers know only the older word. */
function withoutDeveloperRole(message: ChatMessage): ChatMessage {
  return message.role === "developer" ? { ...message, role: "system" } : message;
}

function passedNames(table: object): readonly string[] {
  return Object.entries(table as FieldTable).flatMap(([name, rule]) => (rule.class === "passed" ? [name] : []));
}

function present(request: object, names: readonly string[]): [string, unknown][] {
  const fields = request as Readonly<Record<string, unknown>>;
  return names.flatMap((name): [string, unknown][] => (fields[name] === undefined ? [] : [[name, fields[name]]]));
}

/** An engine's field can never overrule one that the table judges. */
function engineEntries(engine: Readonly<Record<string, unknown>>, table: object): [string, unknown][] {
  return Object.entries(engine).filter(([name]) => !Object.hasOwn(table, name));
}

// Answers of the inference API: types for what the gateway writes, and tolerant readers for what backends send. A
// backend is not trusted to be well formed: readers answer null and never throw.

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: Readonly<Record<string, number>>;
  readonly completion_tokens_details?: Readonly<Record<string, number>>;
}

export interface ChatCompletion {
  readonly id: string;
  readonly object: "chat.completion";
  /** Unix seconds */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly message: AnswerMessage;
    readonly logprobs?: unknown;
    readonly finish_reason: FinishReason | null;
  }[];
  readonly usage?: Usage;
}

export interface AnswerMessage {
  readonly role: "assistant";
  readonly content: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly unknown[];
}

export interface ChatCompletionChunk {
  readonly id: string;
  readonly object: "chat.completion.chunk";
  /** Unix seconds */
  readonly created: number;
  readonly model: string;
  /** empty in the chunk that carries the usage */
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: "assistant";
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly tool_calls?: readonly unknown[];
    };
    readonly logprobs?: unknown;
    readonly finish_reason: FinishReason | null;
  }[];
  readonly usage?: Usage | null;
}

export interface EmbeddingsResponse {
  readonly object: "list";
  readonly data: readonly {
    readonly object: "embedding";
    readonly index: number;
    /** numbers, or base64 of little-endian 32-bit floats where the client asked for it */
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

export interface ModelCard {
  readonly id: string;
  readonly object: "model";
  /** Unix seconds */
  readonly created: number;
  readonly owned_by: string;
}

export interface ModelList {
  readonly object: "list";
  readonly data: readonly ModelCard[];
}

/** The usage of an answer, an event, or of a bare usage object; null where there is none to trust. */
export function readUsage(value: unknown): Usage | null {
  const outer = fields(value);
  const usage = fields(outer?.usage) ?? (outer !== null && "prompt_tokens" in outer ? outer : null);
  if (usage === null) return null;
  const prompt = tokenCount(usage.prompt_tokens);
  // embeddings have no completion
  const completion = usage.completion_tokens === undefined ? 0 : tokenCount(usage.completion_tokens);
  if (prompt === null || completion === null) return null;
  const promptDetails = details(usage.prompt_tokens_details);
  const completionDetails = details(usage.completion_tokens_details);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(promptDetails === null ? {} : { prompt_tokens_details: promptDetails }),
    ...(completionDetails === null ? {} : { completion_tokens_details: completionDetails }),
  };
}

/** Is it an error in the place of an answer or an event? Backends send `{"error": …}` with status 200 too. */
export function isErrorEvent(value: unknown): boolean {
  const outer = fields(value);
  if (outer === null) return false;
  if (outer.error !== undefined && outer.error !== null && outer.error !== false) return true;
  return outer.object === "error" || outer.type === "error";
}

/** An object's own fields; null for anything else. */
export function fields(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function tokenCount(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function details(value: unknown): Readonly<Record<string, number>> | null {
  const read = fields(value);
  if (read === null) return null;
  const counts = Object.entries(read).filter((entry): entry is [string, number] => tokenCount(entry[1]) !== null);
  return counts.length === 0 ? null : Object.fromEntries(counts);
}

// Reads a backend's stream once: counts, learns usage, hides what the client did not ask for, and knows how it ended.
// No timers and no I/O: the relay drives it with the bytes that arrive.

import { concat } from "../../protocol/encoding.ts";
import { readUsage, textTokens, type Usage } from "../../protocol/openai/index.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import { DONE, formatEvent, type SseEvent, SseParser } from "../../protocol/sse.ts";
import { END, errorOf, parseJson, type Translate } from "./backends/backend.ts";

export interface MonitorOptions {
  readonly translate: Translate;
  /** the model's name as the client wrote it; a backend's own name is none of the client's business */
  readonly model: string;
  readonly wantsUsage: boolean;
  readonly choices: number;
  readonly promptTokens: number;
  readonly maxEventBytes: number;
  readonly maxReplyBytes: number;
}

/** Why the stream is over. `failed` carries the backend's error, `done` came with `[DONE]` or with every choice finished. */
export type StreamEnd =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "oversize" };

const DONE_EVENT = formatEvent(DONE);

export class StreamMonitor {
  readonly #options: MonitorOptions;
  readonly #parser: SseParser;
  readonly #finished = new Set<number>();
  #replyBytes = 0;
  #lastChunk: Record<string, unknown> | null = null;
  usage: Usage | null = null;
  estimatedTokens = 0;
  /** chunks that went out: zero means that an error can still have a status */
  delivered = 0;
  end: StreamEnd | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#parser = new SseParser({ maxEventBytes: options.maxEventBytes });
  }

  /** What goes to the client for these bytes of the backend; `end` says whether it was the last. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#emit(this.#parser.push(bytes));
  }

  /** The backend closed its stream. */
  close(): Uint8Array {
    const rest = this.#emit(this.#parser.flush());
    if (this.end !== null) return rest;
    // No [DONE], but nothing is missing: every choice said how it finished.
    if (this.#finished.size >= this.#options.choices) return concat(rest, this.#finish());
    this.end = { kind: "failed", error: null };
    return rest;
  }

  #emit(events: readonly SseEvent[]): Uint8Array {
    const out: Uint8Array[] = [];
    for (const event of events) {
      if (this.end !== null) break;
      // a backend's comments keep its own connection alive; the relay has its own means
      if (event.type === "comment") continue;
      if (event.type === "oversize") {
        this.end = { kind: "failed", error: null };
        break;
      }
      if (event.data === DONE) {
        for (const chunk of this.#options.translate(END)) this.#forward(chunk, out);
        out.push(this.#finish());
        break;
      }
      const value = parseJson(event.data);
      const error = errorOf(value);
      if (value === undefined || (error !== undefined && error !== null)) {
        this.end = { kind: "failed", error };
        break;
      }
      for (const chunk of this.#options.translate(value)) this.#forward(chunk, out);
    }
    const [only] = out;
    const bytes = only !== undefined && out.length === 1 ? only : concat(...out);
    this.#replyBytes += bytes.length;
    if (this.#replyBytes > this.#options.maxReplyBytes && this.end === null) this.end = { kind: "oversize" };
    return bytes;
  }

  #forward(value: unknown, out: Uint8Array[]): void {
    if (typeof value !== "object" || value === null) return;
    const chunk = value as Record<string, unknown>;
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    this.usage = readUsage(chunk.usage) ?? this.usage;
    for (const choice of choices) this.#count(choice);
    // the chunk that carries usage alone is sent at the end, and only to who asked for it
    if (choices.length === 0 && "usage" in chunk) {
      this.#lastChunk = chunk;
      return;
    }
    if (!this.#options.wantsUsage) delete chunk.usage;
    chunk.model = this.#options.model;
    this.#lastChunk = chunk;
    this.delivered += 1;
    out.push(formatEvent(JSON.stringify(chunk)));
  }

  #count(choice: unknown): void {
    if (typeof choice !== "object" || choice === null) return;
    const { index, delta, finish_reason } = choice as { index?: unknown; delta?: unknown; finish_reason?: unknown };
    if (typeof finish_reason === "string") this.#finished.add(typeof index === "number" ? index : 0);
    if (typeof delta !== "object" || delta === null) return;
    const { content, refusal, reasoning_content, tool_calls } = delta as Record<string, unknown>;
    for (const text of [content, refusal, reasoning_content])
      if (typeof text === "string") this.estimatedTokens += textTokens(text);
    if (Array.isArray(tool_calls)) this.estimatedTokens += textTokens(JSON.stringify(tool_calls));
  }

  /** For a client that asked for usage, from a backend that reports none. */
  #estimated(): Usage {
    const { promptTokens } = this.#options;
    const completion = Math.ceil(this.estimatedTokens);
    return { prompt_tokens: promptTokens, completion_tokens: completion, total_tokens: promptTokens + completion };
  }

  #finish(): Uint8Array {
    this.end = { kind: "done" };
    if (!this.#options.wantsUsage) return DONE_EVENT;
    const last = this.#lastChunk ?? {};
    const usage = this.usage ?? this.#estimated();
    const chunk = {
      id: last.id ?? null,
      object: "chat.completion.chunk",
      created: last.created ?? 0,
      model: this.#options.model,
      choices: [],
      usage,
    };
    return concat(formatEvent(JSON.stringify(chunk)), DONE_EVENT);
  }
}

/** An error after the first token: an `error` event, then the stream closes without `[DONE]`. */
export function errorEvent(refusal: Refusal): Uint8Array {
  return formatEvent(JSON.stringify({ error: answerOf(refusal).error }), "error");
}

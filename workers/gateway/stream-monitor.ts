// Reads a backend's stream once: counts, learns usage, guards what may leave, hides what the client did not ask for, and
// knows how it ended.
// No timers and no I/O: the relay drives it with the bytes that arrive.

import type { ChatStreamGuard } from "../../guards/output/index.ts";
import type { Verdict } from "../../protocol/audit.ts";
import { concat } from "../../protocol/encoding.ts";
import { parseJson } from "../../protocol/json.ts";
import { fields, readUsage, textTokens, type Usage } from "../../protocol/openai/index.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import { DONE, formatEvent, type SseEvent, SseParser } from "../../protocol/sse.ts";
import { END, errorOf, type Translate } from "./backends/backend.ts";
import type { ChatRestorer } from "./chat-restorer.ts";

export interface MonitorOptions {
  readonly translate: Translate;
  /** the model's name as the client wrote it; a backend's own name is none of the client's business */
  readonly model: string;
  readonly wantsUsage: boolean;
  readonly choices: number;
  readonly promptTokens: number;
  readonly maxEventBytes: number;
  readonly maxReplyBytes: number;
  /** null: policy looks for nothing in answers */
  readonly guard: ChatStreamGuard | null;
  /** null: nothing was hidden from the model */
  readonly restorer: ChatRestorer | null;
}

/** Why a stream is over that is not complete. `failed` carries the backend's error, null where it gave none. */
export type StreamFailure = { readonly kind: "failed"; readonly error: unknown } | { readonly kind: "oversize" };

const DONE_EVENT = formatEvent(DONE);

export class StreamMonitor {
  readonly #options: MonitorOptions;
  readonly #parser: SseParser;
  readonly #finished = new Set<number>();
  #replyBytes = 0;
  #lastChunk: Readonly<Record<string, unknown>> | null = null;
  usage: Usage | null = null;
  estimatedTokens = 0;
  /** chunks that went out: zero means that an error can still have a status */
  delivered = 0;
  /** `[DONE]` came, or every choice said how it finished before the backend closed */
  complete = false;
  failure: StreamFailure | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#parser = new SseParser({ maxEventBytes: options.maxEventBytes });
  }

  /** When `tick` has something to send, on the clock of `push`; infinite for never. */
  get dueMs(): number {
    return this.#over ? Number.POSITIVE_INFINITY : (this.#options.guard?.dueMs ?? Number.POSITIVE_INFINITY);
  }

  /** Whether a guard cut the answer, or a choice of it. */
  get cut(): boolean {
    return this.#options.guard?.anyCut ?? false;
  }

  get verdicts(): readonly Verdict[] {
    return this.#options.guard?.verdicts ?? [];
  }

  /** What goes to the client for these bytes of the backend. Nothing does once the stream is complete or failed. */
  push(bytes: Uint8Array, nowMs: number): Uint8Array {
    return this.#emit(this.#parser.push(bytes), nowMs);
  }

  /** Text that the guard held for no rule, and that is due. */
  tick(nowMs: number): Uint8Array {
    if (this.#over) return NOTHING;
    const out: Uint8Array[] = [];
    for (const chunk of this.#options.guard?.tick(nowMs) ?? []) this.#send(chunk, out);
    this.#endIfAllCut(out);
    return joined(out);
  }

  /** The backend closed its stream. */
  close(nowMs: number): Uint8Array {
    const rest = this.#emit(this.#parser.flush(), nowMs);
    if (this.#over) return rest;
    // No [DONE], but nothing is missing: every choice said how it finished.
    if (this.#finished.size >= this.#options.choices) {
      const out = [rest];
      this.#finish(out);
      return concat(...out);
    }
    this.failure = { kind: "failed", error: null };
    return rest;
  }

  get #over(): boolean {
    return this.complete || this.failure !== null;
  }

  #emit(events: readonly SseEvent[], nowMs: number): Uint8Array {
    const out: Uint8Array[] = [];
    for (const event of events) {
      if (this.#over) break;
      // a backend's comments keep its own connection alive; the relay has its own means
      if (event.type === "comment") continue;
      if (event.type === "oversize") {
        this.failure = { kind: "failed", error: null };
        break;
      }
      if (event.data === DONE) {
        for (const chunk of this.#options.translate(END)) this.#forward(chunk, nowMs, out);
        if (!this.#over) this.#finish(out);
        break;
      }
      const value = parseJson(event.data);
      const error = errorOf(value) ?? (event.event === "error" ? value : undefined);
      if (value === undefined || error !== undefined) {
        this.failure = { kind: "failed", error: error ?? null };
        break;
      }
      for (const chunk of this.#options.translate(value)) this.#forward(chunk, nowMs, out);
      this.#endIfAllCut(out);
    }
    return joined(out);
  }

  #forward(value: unknown, nowMs: number, out: Uint8Array[]): void {
    // what is no chunk is none of the client's business: a backend's own words may stand in it
    const given = fields(value);
    if (this.#over || given === null || !Array.isArray(given.choices)) return;
    const { usage, ...chunk } = given;
    const choices: readonly unknown[] = given.choices;
    this.usage = readUsage(usage) ?? this.usage;
    const { guard } = this.#options;
    const guarded = guard?.push(chunk, nowMs) ?? [chunk];
    this.#lastChunk = guard?.template ?? chunk;
    // the chunk that carries usage alone is sent at the end, and only to who asked for it
    if (choices.length === 0 && usage !== undefined && usage !== null) return;
    for (const choice of choices) this.#count(choice);
    for (const one of guarded) this.#send(one, out);
  }

  #send(guarded: Readonly<Record<string, unknown>>, out: Uint8Array[]): void {
    this.#write(this.#options.restorer?.push(guarded) ?? guarded, out);
  }

  #write(chunk: Readonly<Record<string, unknown>>, out: Uint8Array[]): void {
    if (this.failure !== null) return;
    const nothing = this.#options.wantsUsage ? { usage: null } : {};
    const bytes = formatEvent(JSON.stringify({ ...chunk, model: this.#options.model, ...nothing }));
    // by the event, so that how the backend's bytes were cut decides nothing
    this.#replyBytes += bytes.length;
    if (this.#replyBytes > this.#options.maxReplyBytes) {
      this.failure = { kind: "oversize" };
      return;
    }
    this.delivered += 1;
    out.push(bytes);
  }

  /** Nothing more of this answer may leave: it is complete, and the backend need not go on. */
  #endIfAllCut(out: Uint8Array[]): void {
    if (!this.#over && this.#options.guard?.allCut === true) this.#finish(out);
  }

  #count(choice: unknown): void {
    const { index, delta, finish_reason } = fields(choice) ?? {};
    if (typeof finish_reason === "string") this.#finished.add(typeof index === "number" ? index : 0);
    // whatever the model wrote, under whatever name the backend gives it: content, reasoning, tool calls
    for (const [name, part] of Object.entries(fields(delta) ?? {})) {
      if (name === "role" || part === null || part === "") continue;
      this.estimatedTokens += textTokens(typeof part === "string" ? part : JSON.stringify(part));
    }
  }

  /** For a client that asked for usage, from a backend that reports none. */
  #estimated(): Usage {
    const { promptTokens } = this.#options;
    const completion = Math.ceil(this.estimatedTokens);
    return { prompt_tokens: promptTokens, completion_tokens: completion, total_tokens: promptTokens + completion };
  }

  #finish(out: Uint8Array[]): void {
    for (const chunk of this.#options.guard?.end() ?? []) this.#send(chunk, out);
    const held = this.#options.restorer?.end() ?? [];
    if (held.length > 0) this.#write({ ...this.#lastChunk, choices: held }, out);
    if (this.failure !== null) return;
    this.complete = true;
    if (this.#options.wantsUsage) out.push(this.#usageEvent());
    out.push(DONE_EVENT);
  }

  #usageEvent(): Uint8Array {
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
    return formatEvent(JSON.stringify(chunk));
  }
}

const NOTHING = new Uint8Array(0);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : concat(...parts);
}

/** An error after the first token: an `error` event, then the stream closes without `[DONE]`. */
export function errorEvent(refusal: Refusal): Uint8Array {
  return formatEvent(JSON.stringify({ error: answerOf(refusal).error }), "error");
}

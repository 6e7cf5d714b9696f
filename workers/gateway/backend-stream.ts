// The backend's side of a stream: what comes, already in the form that goes to the client.
import { ChatStreamGuard } from "../../guards/output/index.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { formatComment } from "../../protocol/sse.ts";
import { refusalOfError } from "./backends/backend.ts";
import { ChatRestorer } from "./chat-restorer.ts";
import { GATEWAY_LIMITS } from "./limits.ts";

import { isRefusal, type Step } from "./products.ts";
import type { Relay } from "./relayed.ts";
import { type StreamFailure, StreamMonitor } from "./stream-monitor.ts";

const WAITING = formatComment("waiting for the model");
/** A guard has held text for as long as it may. */
const DUE: unique symbol = Symbol("held text is due");
const TOO_LATE: unique symbol = Symbol("the head is due");

/** Bytes for the client, perhaps none; `last` where the answer is complete with them. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

interface Opened {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly monitor: StreamMonitor;
}

export class BackendStream {
  readonly #relay: Relay;
  #opened: Opened | null = null;
  #pending: Promise<Step<Piece>> | null = null;
  #reading: Promise<Step<Piece>> | null = null;
  #receivedBytes = 0;

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  /** Whether anything came from the backend yet. */
  get heard(): boolean {
    return this.#receivedBytes > 0;
  }

  /** What is known of the stream so far; null before the backend's answer. */
  get state(): StreamMonitor | null {
    return this.#opened?.monitor ?? null;
  }

  /**
   * The first bytes for the client, or the refusal that comes in their place. A head that is due goes out with a comment:
   * from then on a client's leaving is noticed.
   */
  async head(): Promise<Step<Piece>> {
    const { headHoldMs, headHoldBytes } = GATEWAY_LIMITS;
    const firstByteMs = this.#relay.context.snapshot.policy.reply.first_byte_timeout_ms;
    const { promise: late, resolve } = Promise.withResolvers<typeof TOO_LATE>();
    const due = setTimeout(() => resolve(TOO_LATE), Math.min(headHoldMs, firstByteMs));
    try {
      for (;;) {
        this.#pending ??= this.#advance();
        const next = await Promise.race([this.#pending, late]);
        if (next === TOO_LATE && firstByteMs <= headHoldMs && !this.heard) return { code: "backend_timeout" };
        if (next === TOO_LATE) return { bytes: WAITING, last: false };
        this.#pending = null;
        if (isRefusal(next) || next.bytes.length > 0 || next.last) return next;
        if (this.#receivedBytes > headHoldBytes) return { bytes: WAITING, last: false };
      }
    } finally {
      clearTimeout(due);
    }
  }

  /** More for the client, or a refusal where the backend failed. Never rejects. Not to be asked after the last piece. */
  next(): Promise<Step<Piece>> {
    const pending = this.#pending ?? this.#advance();
    this.#pending = null;
    return pending;
  }

  /** Tells the backend to stop; errors of a stream that is being torn down anyway are of no interest. */
  stop(): void {
    this.#relay.aborter.abort();
    this.#opened?.reader.cancel().catch(() => undefined);
  }

  /** The answer is complete. Its end is read too, so that the connection can serve again; who does not end is stopped. */
  async leave(patience: Promise<unknown>): Promise<void> {
    const ended = this.#opened?.reader.read().then(
      ({ done }) => done,
      () => true,
    );
    if (!(await Promise.race([ended, patience.then(() => false)]))) this.stop();
  }

  /** What the backend sends next, or what the guard held for long enough before it. */
  async #advance(): Promise<Step<Piece>> {
    const reading = this.#reading ?? this.#read();
    this.#reading = reading;
    const { state } = this;
    const dueMs = state?.dueMs ?? Number.POSITIVE_INFINITY;
    if (state === null || dueMs === Number.POSITIVE_INFINITY) {
      const next = await reading;
      this.#reading = null;
      return next;
    }
    const { promise: due, resolve } = Promise.withResolvers<typeof DUE>();
    const timer = setTimeout(() => resolve(DUE), Math.max(0, dueMs - Date.now()));
    const first = await Promise.race([reading, due]);
    clearTimeout(timer);
    if (first === DUE) return { bytes: state.tick(Date.now()), last: state.complete };
    this.#reading = null;
    return first;
  }

  async #read(): Promise<Step<Piece>> {
    try {
      const opened = this.#opened ?? (await this.#open());
      if (isRefusal(opened)) return opened;
      const { reader, monitor } = opened;
      if (monitor.failure !== null) return this.#refusalOf(monitor.failure);
      const { done, value } = await reader.read();
      this.#receivedBytes += value?.length ?? 0;
      const bytes = done ? monitor.close(Date.now()) : monitor.push(value, Date.now());
      // what came before a failure goes out first
      if (bytes.length === 0 && monitor.failure !== null) return this.#refusalOf(monitor.failure);
      return { bytes, last: monitor.complete };
    } catch {
      return { code: this.#relay.aborter.signal.aborted ? "backend_timeout" : "backend_error" };
    }
  }

  /** Waits for the backend's answer, once. */
  async #open(): Promise<Step<Opened>> {
    const { admitted, answering, context, aborter } = this.#relay;
    const answer = await answering;
    if (isRefusal(answer)) return answer;
    if (answer.kind !== "stream") return { code: "backend_error" };
    const reader = answer.bytes.getReader();
    if (aborter.signal.aborted) {
      reader.cancel().catch(() => undefined);
      return { code: "backend_timeout" };
    }
    context.latency.backend = Date.now() - context.startedAtMs;
    const { grant, promptTokens, output, redaction } = admitted.prompt;
    const request = grant.typed.kind === "chat" ? grant.typed.parsed.request : null;
    const monitor = new StreamMonitor({
      translate: answer.translate,
      model: grant.requested,
      wantsUsage: request?.stream_options?.include_usage === true,
      choices: grant.choices,
      promptTokens,
      maxEventBytes: GATEWAY_LIMITS.maxEventBytes,
      maxReplyBytes: context.snapshot.policy.reply.max_reply_bytes,
      guard: output === null ? null : new ChatStreamGuard(output, grant.choices),
      restorer: redaction === null ? null : new ChatRestorer(redaction),
    });
    this.#opened = { reader, monitor };
    return this.#opened;
  }

  #refusalOf(failure: StreamFailure): Refusal {
    if (failure.kind === "oversize" || failure.error === null) return { code: "backend_error" };
    return refusalOfError(failure.error, this.#relay.admitted.prompt.grant.model.context_tokens);
  }
}

// A stream from backend to client. The head is held for the first event, at most a second and 16 KiB, so that an error
// before the first token has a status; from then on the head is out and a client's leaving is noticed. Bytes are pulled
// from the backend only as the client takes them, nothing is collected, and a stream that stands still, on either side,
// or whose lease cannot be renewed, is ended.

import type { OutcomeKind } from "../../protocol/audit.ts";
import { concat, toBase64Url } from "../../protocol/encoding.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { formatComment } from "../../protocol/sse.ts";
import { type BackendAnswer, refusalOfError } from "./backends/backend.ts";
import type { LedgerClient } from "./ledger-client.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import { isRefusal, type RequestContext, type Step } from "./products.ts";
import { type Relayed, settleRefused } from "./relayed.ts";
import type { Settler } from "./settler.ts";
import type { Routed } from "./steps/route.ts";
import { errorEvent, StreamMonitor } from "./stream-monitor.ts";
import { watchStream } from "./stream-watch.ts";

export interface StreamRelay {
  readonly routed: Routed;
  readonly answering: Promise<BackendAnswer | Refusal>;
  readonly aborter: AbortController;
  readonly clientSignal: AbortSignal;
  /** runs out when the backend's first byte is too late */
  readonly timer: ReturnType<typeof setTimeout>;
  readonly ledger: LedgerClient;
  readonly context: RequestContext;
  readonly settler: Settler;
}

const WAITING = formatComment("waiting for the model");
const TOO_LATE: unique symbol = Symbol("the head is due");

export async function relayStream(relay: StreamRelay): Promise<Step<Relayed>> {
  const source = new BackendStream(relay);
  const head = await source.head();
  if (head instanceof Uint8Array)
    return { body: clientStream(source, head, relay), contentType: "text/event-stream; charset=utf-8" };
  return settleRefused(head, relay.routed, relay.settler, relay.clientSignal);
}

/** The backend's side: what comes, already in the form that goes to the client. */
class BackendStream {
  readonly #relay: StreamRelay;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #monitor: StreamMonitor | null = null;
  #pending: Promise<Uint8Array | Refusal | null> | null = null;

  constructor(relay: StreamRelay) {
    this.#relay = relay;
  }

  get state(): StreamMonitor | null {
    return this.#monitor;
  }

  /** The first bytes for the client, or the refusal that comes in their place. */
  async head(): Promise<Uint8Array | Refusal> {
    const { promise: late, resolve } = Promise.withResolvers<typeof TOO_LATE>();
    const due = setTimeout(() => resolve(TOO_LATE), GATEWAY_LIMITS.headHoldMs);
    try {
      let held: Uint8Array = new Uint8Array(0);
      for (;;) {
        this.#pending ??= this.#read();
        const next = await Promise.race([this.#pending, late]);
        if (next === TOO_LATE) return concat(held, WAITING);
        this.#pending = null;
        if (next === null) return held;
        if (!(next instanceof Uint8Array)) return next;
        held = held.length === 0 ? next : concat(held, next);
        if ((this.#monitor?.delivered ?? 0) > 0 || held.length > GATEWAY_LIMITS.headHoldBytes) return held;
      }
    } finally {
      clearTimeout(due);
    }
  }

  /** More bytes for the client; null at a complete end, a refusal where the backend failed. */
  next(): Promise<Uint8Array | Refusal | null> {
    const pending = this.#pending ?? this.#read();
    this.#pending = null;
    return pending;
  }

  async #read(): Promise<Uint8Array | Refusal | null> {
    if (this.#monitor !== null && this.#monitor.end !== null) return this.#ending(this.#monitor);
    const opened = await this.#open();
    if (opened !== null) return opened;
    const reader = this.#reader as ReadableStreamDefaultReader<Uint8Array>;
    const monitor = this.#monitor as StreamMonitor;
    try {
      const { done, value } = await reader.read();
      clearTimeout(this.#relay.timer);
      const bytes = done ? monitor.close() : monitor.push(value);
      return bytes.length === 0 && monitor.end !== null ? this.#ending(monitor) : bytes;
    } catch {
      return monitor.end?.kind === "done"
        ? null
        : { code: this.#relay.aborter.signal.aborted ? "backend_timeout" : "backend_error" };
    }
  }

  /** Waits for the backend's answer, once. */
  async #open(): Promise<Refusal | null> {
    if (this.#reader !== null) return null;
    const { routed, answering, context } = this.#relay;
    const answer = await answering.catch((): Refusal => ({ code: "internal_error" }));
    if (isRefusal(answer)) return answer;
    if (answer.kind !== "stream") return { code: "backend_error" };
    context.latency.backend = Date.now() - context.startedAtMs;
    const { grant, promptTokens } = routed.admitted.prompt;
    const request = grant.typed.kind === "chat" ? grant.typed.parsed.request : null;
    this.#reader = answer.bytes.getReader();
    this.#monitor = new StreamMonitor({
      translate: answer.translate,
      model: grant.requested,
      wantsUsage: request?.stream_options?.include_usage === true,
      choices: grant.choices,
      promptTokens,
      maxEventBytes: GATEWAY_LIMITS.maxEventBytes,
      maxReplyBytes: context.snapshot.policy.reply.max_reply_bytes,
    });
    return null;
  }

  #ending(monitor: StreamMonitor): Refusal | null {
    const { end } = monitor;
    if (end === null || end.kind === "done") return null;
    if (end.kind === "oversize" || end.error === null || end.error === undefined) return { code: "backend_error" };
    const { grant } = this.#relay.routed.admitted.prompt;
    return refusalOfError(end.error, grant.model.context_tokens);
  }

  /** Tells the backend to stop; errors of a stream that is being torn down anyway are of no interest. */
  stop(): void {
    this.#relay.aborter.abort();
    this.#reader?.cancel().catch(() => undefined);
  }
}

function clientStream(source: BackendStream, head: Uint8Array, relay: StreamRelay): ReadableStream<Uint8Array> {
  const { routed, settler, context, clientSignal, ledger } = relay;
  const digest = new crypto.DigestStream("SHA-256");
  const hashing = digest.getWriter();
  let over = false;

  const finish = (outcome: OutcomeKind): void => {
    if (over) return;
    over = true;
    clearTimeout(relay.timer);
    watch.stop();
    clientSignal.removeEventListener("abort", onLeave);
    if (outcome !== "completed") source.stop();
    settler.end({
      outcome,
      status: 200,
      backend: routed.backendName,
      usage: source.state?.usage ?? null,
      estimatedTokens: Math.ceil(source.state?.estimatedTokens ?? 0),
      resultSha256: hashing.close().then(async () => toBase64Url(new Uint8Array(await digest.digest))),
    });
  };
  const onLeave = (): void => finish("client_closed");
  clientSignal.addEventListener("abort", onLeave, { once: true });
  let cut: ((refusal: Refusal, outcome: OutcomeKind) => void) | null = null;
  const watch = watchStream({
    idleMs: context.snapshot.policy.reply.idle_timeout_ms,
    leaseMs: context.snapshot.policy.lease_ms,
    leaseExpiresAtMs: routed.admitted.leaseExpiresAtMs,
    renew: () => ledger.renew(context.requestId, context.snapshot.policy.lease_ms),
    now: Date.now,
    onIdle: () => cut?.({ code: "backend_timeout" }, "idle"),
    onLeaseLost: () => cut?.({ code: "ledger_unavailable" }, "unknown"),
  });

  const deliver = (controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void => {
    watch.moved();
    // rejections surface when the digest is closed; a write need not be awaited
    hashing.write(bytes).catch(() => undefined);
    controller.enqueue(bytes);
  };

  return new ReadableStream<Uint8Array>({
    start(controller) {
      cut = (refusal, outcome) => {
        if (over) return;
        deliver(controller, errorEvent(refusal));
        finish(outcome);
        controller.close();
      };
      if (head.length > 0) deliver(controller, head);
    },
    async pull(controller) {
      watch.moved();
      for (;;) {
        const next = await source.next();
        if (over) return;
        if (next instanceof Uint8Array) {
          if (next.length === 0) continue;
          return deliver(controller, next);
        }
        if (next !== null) return cut?.(next, source.state?.end?.kind === "oversize" ? "oversize" : "backend_failed");
        finish("completed");
        return controller.close();
      }
    },
    cancel() {
      finish("client_closed");
    },
  });
}

// The client's side of a stream. Bytes are pulled from the backend only as the client takes them, nothing is collected,
// and a stream that stands still, on either side, or whose lease cannot be renewed, is ended. Whichever end comes first
// settles, and stops the backend.

import type { OutcomeKind } from "../../protocol/audit.ts";
import { toBase64Url } from "../../protocol/encoding.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { BackendStream, Piece } from "./backend-stream.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import { isRefusal } from "./products.ts";
import { type RelayWatch, watchRelay } from "./relay-watch.ts";
import type { Relay } from "./relayed.ts";
import { errorEvent } from "./stream-monitor.ts";

export class ClientStream {
  /** Server-sent events. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #source: BackendStream;
  readonly #relay: Relay;
  readonly #watch: RelayWatch;
  readonly #digest = new crypto.DigestStream("SHA-256");
  readonly #hashing = this.#digest.getWriter();
  #out: ReadableStreamDefaultController<Uint8Array> | null = null;
  #over = false;

  /** @param head what the backend sent so far */
  constructor(source: BackendStream, head: Piece, relay: Relay) {
    this.#source = source;
    this.#relay = relay;
    const { context, ledger, admitted, clientSignal } = relay;
    const { reply, lease_ms } = context.snapshot.policy;
    this.#watch = watchRelay({
      startedAtMs: source.heard ? Date.now() : relay.askedAtMs,
      idleMs: () => (source.heard ? reply.idle_timeout_ms : reply.first_byte_timeout_ms),
      leaseMs: lease_ms,
      leaseExpiresAtMs: admitted.leaseExpiresAtMs,
      checkMs: GATEWAY_LIMITS.answerCheckMs,
      renew: () => ledger.renew(context.requestId, lease_ms),
      now: Date.now,
      onIdle: () => this.#cut({ code: "backend_timeout" }, "idle"),
      onLeaseLost: (refused) =>
        refused
          ? this.#cut({ code: "invalid_api_key", presented: true }, "revoked")
          : this.#cut({ code: "ledger_unavailable" }, "unknown"),
    });
    clientSignal.addEventListener("abort", this.#onLeave, { once: true });
    this.body = new ReadableStream<Uint8Array>({
      start: (out) => {
        this.#out = out;
        this.#deliver(head);
      },
      pull: () => this.#pull(),
      cancel: () => this.#end("client_closed"),
    });
    if (clientSignal.aborted) this.#onLeave();
  }

  async #pull(): Promise<void> {
    // the client asked for more, so it does not stand still; before the first byte the backend's own limit runs on
    if (this.#source.heard) this.#watch.moved();
    while (!this.#over) {
      const { heard } = this.#source;
      const next = await this.#source.next();
      if (this.#over) return;
      if (!heard && this.#source.heard) this.#watch.moved();
      if (isRefusal(next))
        return this.#cut(next, this.#source.state?.failure?.kind === "oversize" ? "oversize" : "backend_failed");
      // comments and the like are no movement, or a backend could hold a lease with them for good
      if (next.bytes.length === 0 && !next.last) continue;
      this.#watch.moved();
      return this.#deliver(next);
    }
  }

  #deliver({ bytes, last }: Piece): void {
    this.#send(bytes);
    // with its last byte, not with the next pull: who has it all may leave before he asks again
    if (last) this.#close(this.#source.state?.cut === true ? "cut_by_guard" : "completed");
  }

  #send(bytes: Uint8Array): void {
    // rejections surface when the digest is closed; a write need not be awaited
    this.#hashing.write(bytes).catch(() => undefined);
    this.#out?.enqueue(bytes);
  }

  /** An end that the client is told of: an `error` event, then the stream closes. */
  #cut(refusal: Refusal, outcome: OutcomeKind): void {
    if (this.#over) return;
    this.#send(errorEvent(refusal));
    this.#close(outcome);
  }

  #close(outcome: OutcomeKind): void {
    if (this.#over) return;
    this.#end(outcome);
    this.#out?.close();
  }

  readonly #onLeave = (): void => this.#close("client_closed");

  #end(outcome: OutcomeKind): void {
    if (this.#over) return;
    this.#over = true;
    const { clientSignal, settler, backendName } = this.#relay;
    this.#watch.stop();
    clientSignal.removeEventListener("abort", this.#onLeave);
    if (outcome === "completed") void this.#source.leave(settler.settled);
    else this.#source.stop();
    const { usage = null, estimatedTokens = 0, verdicts = [] } = this.#source.state ?? {};
    settler.end({
      outcome,
      status: 200,
      backend: backendName,
      usage,
      delivered: usage !== null || estimatedTokens > 0,
      estimatedTokens: Math.ceil(estimatedTokens),
      resultSha256: this.#resultSha256(),
      verdicts,
    });
  }

  async #resultSha256(): Promise<string> {
    await this.#hashing.close();
    return toBase64Url(new Uint8Array(await this.#digest.digest));
  }
}

// What a relay works with and gives back, and how a request ends of which no byte was delivered.
import type { OutcomeKind } from "../../protocol/audit.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import type { BackendAnswer } from "./backends/backend.ts";
import type { LedgerClient } from "./ledger-client.ts";
import type { Admitted, RequestContext } from "./products.ts";
import type { Settler } from "./settler.ts";

/** One admitted request and its backend, which was asked. */
export interface Relay extends Unanswered {
  readonly admitted: Admitted;
  /** never rejects, and does not outlast `aborter` */
  readonly answering: Promise<BackendAnswer | Refusal>;
  /** Unix milliseconds */
  readonly askedAtMs: number;
  /** tells the backend to stop */
  readonly aborter: AbortController;
  readonly ledger: LedgerClient;
  readonly context: RequestContext;
}

/** What the client gets: a document's bytes, or a stream of server-sent events. */
export interface Relayed {
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly contentType: "application/json" | "text/event-stream; charset=utf-8";
}

/** An admitted request of which the client got nothing. */
export interface Unanswered {
  readonly settler: Settler;
  readonly clientSignal: AbortSignal;
  readonly backendName: string;
}

/** Settles a request that no byte was delivered for; its refusal becomes the answer. */
export function settleRefused(refusal: Refusal, from: Unanswered): Refusal {
  from.settler.end({
    outcome: outcomeOf(refusal, from.clientSignal),
    status: answerOf(refusal).status,
    backend: from.backendName,
    usage: null,
    delivered: false,
    estimatedTokens: 0,
    resultSha256: Promise.resolve(null),
  });
  return refusal;
}

/** Settles an admitted request that a guard model refused before its backend was asked: the reservation goes back whole. */
export function settleGuarded(refusal: Refusal, from: Unanswered): Refusal {
  from.settler.end({
    outcome: "refused_by_guard",
    status: answerOf(refusal).status,
    backend: from.backendName,
    usage: null,
    delivered: false,
    estimatedTokens: 0,
    resultSha256: Promise.resolve(null),
  });
  return refusal;
}

function outcomeOf(refusal: Refusal, clientSignal: AbortSignal): OutcomeKind {
  if (clientSignal.aborted) return "client_closed";
  const theClients = refusal.code === "backend_rejected" || refusal.code === "context_length_exceeded";
  return theClients ? "backend_rejected" : "backend_failed";
}

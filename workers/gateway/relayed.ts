// What a relay gives back, and how a request ends of which no byte was delivered.
import type { OutcomeKind } from "../../protocol/audit.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import type { Settler } from "./settler.ts";
import type { Routed } from "./steps/route.ts";

/** What the client gets: a document's bytes, or a stream of server-sent events. */
export interface Relayed {
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly contentType: "application/json" | "text/event-stream; charset=utf-8";
}

/** Settles a request that no byte was delivered for; its refusal becomes the answer. */
export function settleRefused(refusal: Refusal, routed: Routed, settler: Settler, clientSignal: AbortSignal): Refusal {
  settler.end({
    outcome: outcomeOf(refusal, clientSignal),
    status: answerOf(refusal).status,
    backend: routed.backendName,
    usage: null,
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

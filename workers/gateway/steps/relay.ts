// Step 9: calls the backend and passes its answer on. Settlement was registered before; whichever end comes first counts.
import type { Backend, BackendAnswer, BackendCall } from "../backends/backend.ts";
import { logFault } from "../fault-log.ts";
import type { LedgerClient } from "../ledger-client.ts";
import { isRefusal, type RequestContext, type Step } from "../products.ts";
import { relayDocument } from "../relay-document.ts";
import { relayStream } from "../relay-stream.ts";
import type { Relayed } from "../relayed.ts";
import type { Settler } from "../settler.ts";
import type { Routed } from "./route.ts";

export interface RelayMeans {
  readonly ledger: LedgerClient;
  readonly context: RequestContext;
  readonly settler: Settler;
  readonly clientSignal: AbortSignal;
}

export async function relay(routed: Routed, means: RelayMeans): Promise<Step<Relayed>> {
  const { context, clientSignal } = means;
  const { admitted, backendName } = routed;
  const { prompt, upstream } = admitted;
  const aborter = new AbortController();
  if (clientSignal.aborted) aborter.abort();
  clientSignal.addEventListener("abort", () => aborter.abort(), { once: true });
  const call: BackendCall = {
    endpoint: prompt.grant.typed.kind,
    upstream,
    signal: aborter.signal,
    digest: prompt.grant.digest,
    contextTokens: prompt.grant.model.context_tokens,
    maxReplyBytes: context.snapshot.policy.reply.max_reply_bytes,
  };
  const answering = ask(routed.backend, call, context);
  const relayed = { ...means, admitted, backendName, aborter, answering, askedAtMs: Date.now() };
  return upstream.stream ? relayStream(relayed) : relayDocument(relayed);
}

/**
 * Never rejects, and ends with the call's signal: a backend that does not heed it (Workers AI takes none) is not waited
 * for, and what it answers too late is dropped.
 */
function ask(backend: Backend, call: BackendCall, context: RequestContext): Promise<Step<BackendAnswer>> {
  const { signal } = call;
  return new Promise((resolve) => {
    const late = (): void => resolve({ code: "backend_timeout" });
    if (signal.aborted) return late();
    signal.addEventListener("abort", late, { once: true });
    (async () => backend(call))().then(
      (answer) => {
        if (signal.aborted && !isRefusal(answer) && answer.kind === "stream")
          answer.bytes.cancel().catch(() => undefined);
        resolve(answer);
      },
      (error: unknown) => {
        logFault("backend_fault", context.requestId, error);
        resolve({ code: "internal_error" });
      },
    );
  });
}

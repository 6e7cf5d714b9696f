// Settles one admitted request exactly once, whichever end comes first: the backend's last byte, its failure, the
// client's leaving, a timer. Registered with waitUntil before the backend is called, so that no end can be missed.
import type { Settlement } from "../../durable-objects/account-ledger/commands.ts";
import type { OutcomeKind, Verdict } from "../../protocol/audit.ts";
import type { Usage } from "../../protocol/openai/index.ts";
import { logFault } from "./fault-log.ts";
import type { LedgerClient } from "./ledger-client.ts";
import type { Prompt, RequestContext } from "./products.ts";

export interface Ending {
  readonly outcome: OutcomeKind;
  readonly status: number;
  readonly backend: string;
  /** what the backend reported, where it did */
  readonly usage: Usage | null;
  /** false: nothing of the answer reached the client, so a backend's failure costs it nothing */
  readonly delivered: boolean;
  /** of what was delivered: charged where no usage was reported */
  readonly estimatedTokens: number;
  readonly resultSha256: Promise<string | null>;
  /** what a guard found after the request was admitted */
  readonly verdicts?: readonly Verdict[];
}

export interface Settler {
  /** The first ending counts; later ones are ignored. */
  end(ending: Ending): void;
  /** Goes into the record of the end, whichever it is. */
  note(verdicts: readonly Verdict[]): void;
  /** For waitUntil: resolves once the ledger has the settlement, or could not be reached (then the lease's end settles). */
  readonly settled: Promise<void>;
}

export function settlerFor(
  prompt: Pick<Prompt, "promptTokens">,
  ledger: LedgerClient,
  context: RequestContext,
  now: () => number,
): Settler {
  let ended = false;
  let noted: readonly Verdict[] = [];
  const { promise, resolve } = Promise.withResolvers<Ending>();
  return {
    end(ending) {
      if (ended) return;
      ended = true;
      context.latency.total = now() - context.startedAtMs;
      resolve({ ...ending, verdicts: [...noted, ...(ending.verdicts ?? [])] });
    },
    note(verdicts) {
      noted = [...noted, ...verdicts];
    },
    settled: promise.then(async (ending) => {
      // a digest that could not be made must not cost the settlement
      const resultSha256 = await ending.resultSha256.catch(() => null);
      try {
        await ledger.settle(toSettlement(ending, prompt, context, resultSha256));
      } catch (error) {
        // The lease's end charges what was reserved and records `unknown`: never less than was used.
        logFault("settlement_unconfirmed", context.requestId, error);
      }
    }),
  };
}

function toSettlement(
  ending: Ending,
  prompt: Pick<Prompt, "promptTokens">,
  context: RequestContext,
  resultSha256: string | null,
): Settlement {
  const failed =
    ending.outcome === "refused_by_guard" ||
    ending.outcome === "backend_failed" ||
    ending.outcome === "backend_rejected" ||
    ending.outcome === "idle";
  const free = failed && !ending.delivered;
  return {
    requestId: context.requestId,
    outcome: ending.outcome,
    status: ending.status,
    backend: ending.backend,
    promptTokens: free ? 0 : (ending.usage?.prompt_tokens ?? prompt.promptTokens),
    completionTokens: free ? 0 : (ending.usage?.completion_tokens ?? ending.estimatedTokens),
    usageReported: ending.usage !== null,
    free,
    latencyMs: { ...context.latency },
    resultSha256,
    ...(ending.verdicts && ending.verdicts.length > 0 && { verdicts: ending.verdicts }),
  };
}

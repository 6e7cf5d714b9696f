// How a reservation ends (settled, or its lease over) or goes on (renewed).

import type { RequestId } from "../../protocol/ids.ts";
import type { Settlement } from "./commands.ts";
import { lapsed } from "./concurrency.ts";
import { liveRows } from "./credentials.ts";
import { type Commands, type Decider, isAmount } from "./decision.ts";
import type { About, LedgerEvent } from "./events.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState, Reservation } from "./state.ts";

/** A settlement of what is not open (settled before, lapsed, never admitted) changes nothing and is no error. */
export const decideSettle: Decider<Settlement, null> = (state, given, now, limits) => {
  const open = state.open.get(given.requestId);
  if (open === undefined) return { events: [], reply: null };
  // counts that are no amounts are charged as reserved, and the record says that no one reported them
  const sound = isAmount(given.promptTokens) && isAmount(given.completionTokens);
  const event: LedgerEvent = {
    kind: "settled",
    at: now,
    record: state.nextRecord,
    ...about(given.requestId, open),
    outcome: given.outcome,
    status: given.status,
    backend: given.backend,
    prompt_tokens: sound ? given.promptTokens : open.promptTokens,
    completion_tokens: sound ? given.completionTokens : open.outputTokens,
    usage_reported: sound && given.usageReported,
    free: given.free,
    latency_ms: given.latencyMs,
    result_sha256: given.resultSha256,
    ...(given.verdicts && given.verdicts.length > 0 && { verdicts: given.verdicts.slice(0, limits.maxVerdicts) }),
  };
  return { events: [event], reply: null };
};

export const decideRenew: Decider<Commands["renew"], boolean> = (state, { requestId, leaseMs }, now, limits) => {
  const open = state.open.get(requestId);
  if (open === undefined || open.leaseExpiresAtMs <= now) return { events: [], reply: false };
  if (isRevoked(state, open, now, limits) || !isAmount(leaseMs)) return { events: [], reply: false };
  const until = now + Math.min(leaseMs, limits.maxLeaseMs);
  if (until <= open.leaseExpiresAtMs) return { events: [], reply: true };
  return { events: [{ kind: "renewed", at: now, request_id: requestId, lease_expires_at_ms: until }], reply: true };
};

export const decideExpire: Decider<null, null> = (state, _, now) => {
  const events = lapsed(state, now).map(
    ([requestId, open], index): LedgerEvent => ({
      kind: "expired",
      at: now,
      record: state.nextRecord + index,
      ...about(requestId, open),
      backend: open.backend,
      prompt_tokens: open.promptTokens,
      output_tokens: open.outputTokens,
    }),
  );
  return { events, reply: null };
};

/** A stream may outlive the life of its token, not its revocation. */
function isRevoked(state: LedgerState, open: Reservation, now: number, limits: LedgerLimits): boolean {
  if (open.callerKind === "api_key") return state.credentials.get(open.credentialId)?.revoked ?? false;
  const holder = { credentialId: open.credentialId, kind: open.callerKind, expiresAtMs: Number.POSITIVE_INFINITY };
  return liveRows(state, holder, now, limits).length === 0;
}

function about(requestId: RequestId, open: Reservation): About {
  return {
    request_id: requestId,
    credential_id: open.credentialId,
    route: open.route,
    policy_digest: open.policyDigest,
  };
}

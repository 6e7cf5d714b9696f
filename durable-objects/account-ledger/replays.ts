// Proofs are good for one request (RFC 9449, section 11.1; requests that a client signs, RFC 9421): the ledger remembers
// the key of each until it could not be shown again, and refuses it to any other request. The key rides on the call and
// the row that a request makes anyway.
//
// Kept for requests that were admitted and for those refused for another reason. Not kept: where no credential stood
// behind the request (each repeat is 401 too, and whoever holds a revoked one cannot fill the cache of the account), where
// the cache is full, and while the log is too far behind to record anything (nothing is admitted then either).
// An attacker who can write here makes proofs usable again, or keeps an account's own out until they expire.
import type { RequestId } from "../../protocol/ids.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { AdmitCommand, RefuseCommand } from "./commands.ts";
import { NOT_AUTHENTICATED } from "./credentials.ts";
import { isTime } from "./decision.ts";
import type { Admitted, Capped, Refused } from "./events.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState } from "./state.ts";

/** The cache is looked through at most once in this time, however many proofs come. */
const SWEEP_MS = 1000;
const MAX_KEY_CHARS = 128;

/** Why the request's proof does not let it in: used before, or past its time, or past what can be remembered. */
export function replayRefusal(
  state: LedgerState,
  { requestId, replay }: Pick<AdmitCommand, "requestId" | "replay">,
  now: number,
  limits: LedgerLimits,
): Refusal | null {
  if (replay === undefined) return null;
  const { key, expiresAtMs } = replay;
  if (key.length === 0 || key.length > MAX_KEY_CHARS || !isTime(expiresAtMs)) return { code: "internal_error" };
  if (expiresAtMs > now + limits.maxReplayMs) return { code: "internal_error" };
  // A request that was verified in time and came here late: its proof may have been used and forgotten by now.
  if (expiresAtMs + limits.clockSkewMs <= now) return NOT_AUTHENTICATED;
  const seen = state.replays.get(key);
  if (seen !== undefined && seen.untilMs > now) return seen.requestId === requestId ? null : NOT_AUTHENTICATED;
  return isFull(state, now, limits) ? { code: "busy" } : null;
}

function isFull(state: LedgerState, now: number, limits: LedgerLimits): boolean {
  if (state.replays.size < limits.maxReplayKeys) return false;
  if (now < state.replaysDueMs) return true;
  for (const { untilMs } of state.replays.values()) if (untilMs <= now) return false;
  return true;
}

/** The proof as an event keeps it. */
export function proofOf({ replay }: AdmitCommand | RefuseCommand): Pick<Admitted, "replay"> {
  return replay === undefined ? {} : { replay: { key: replay.key, expires_at_ms: replay.expiresAtMs } };
}

export function keepProof(state: LedgerState, event: Admitted | Refused | Capped, limits: LedgerLimits): void {
  if (event.at >= state.replaysDueMs) sweep(state, event.at);
  if (event.replay === undefined) return;
  const untilMs = event.replay.expires_at_ms + limits.clockSkewMs;
  state.replays.set(event.replay.key, { requestId: event.request_id as RequestId, untilMs });
  state.replaysDueMs = Math.min(state.replaysDueMs, Math.max(untilMs, event.at + SWEEP_MS));
}

function sweep(state: LedgerState, at: number): void {
  let due = Number.MAX_SAFE_INTEGER;
  for (const [key, { untilMs }] of state.replays)
    if (untilMs <= at) state.replays.delete(key);
    else due = Math.min(due, untilMs);
  state.replaysDueMs = Math.max(due, at + SWEEP_MS);
}

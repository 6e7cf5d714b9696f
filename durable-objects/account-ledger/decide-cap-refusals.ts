// What an isolate of the gateway refused by its own cap and counted: one record for the count. It came without a call of
// its own, so no one waits for it, and it is a lower bound; what must not happen is that one count is taken twice.
import type { CapRefusals } from "./commands.ts";
import { ownsLedger } from "./credentials.ts";
import { type Decider, isAmount, isTime } from "./decision.ts";
import { logIsBehind } from "./log-backlog.ts";
import { replayRefusal } from "./replays.ts";

/** Each count is known by its id, kept beside the proofs that were used, for as long as it could be sent again. */
export const decideCapRefusals: Decider<CapRefusals, null> = (state, given, now, limits) => {
  const { id, tenant, account, count, sinceMs, addresses } = given;
  const nothing = { events: [], reply: null };
  if (!ownsLedger(state, { tenant, account }) || logIsBehind(state, limits)) return nothing;
  if (!isAmount(count) || count === 0 || !isTime(sinceMs)) return nothing;
  const key = `cap/${id}`;
  const replay = { key, expiresAtMs: sinceMs + limits.capRefusalsMs };
  // seen, too old to know whether it was seen, or no room to remember it
  if (state.replays.has(key) || replayRefusal(state, { requestId: id, replay }, now, limits) !== null) return nothing;
  const known = Object.keys(addresses).length;
  return {
    events: [
      {
        kind: "capped",
        at: now,
        record: state.nextRecord,
        request_id: id,
        policy_digest: given.policyDigest,
        since_ms: sinceMs,
        count,
        addresses: known,
        personal: known === 0 ? {} : { client_addresses: JSON.stringify(addresses) },
        replay: { key, expires_at_ms: replay.expiresAtMs },
      },
    ],
    reply: null,
  };
};

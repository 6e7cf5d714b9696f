// What a ledger decides: `decide(state, kind, command, now) → {events, reply}`. Pure: it reads the state, never changes
// it, and has no clock of its own. The events are facts once they stand in the journal; `apply` folds them in.
import { decideChange, decideProvision, decideRevoke } from "./decide-account.ts";
import { decideCapRefusals } from "./decide-cap-refusals.ts";
import { decideEnrol } from "./decide-enrol.ts";
import { decideAdmit, decideRefuse } from "./decide-request.ts";
import { decideExpire, decideRenew, decideSettle } from "./decide-reservation.ts";
import type { CommandKind, Commands, Decider, Decision, Replies } from "./decision.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState } from "./state.ts";

const DECIDERS: { readonly [K in CommandKind]: Decider<Commands[K], Replies[K]> } = {
  admit: decideAdmit,
  refuse: decideRefuse,
  settle: decideSettle,
  capRefusals: decideCapRefusals,
  renew: decideRenew,
  enrol: decideEnrol,
  expire: decideExpire,
  provision: decideProvision,
  change: decideChange,
  revoke: decideRevoke,
  shipped: (state, { record, row }, now) => ({
    events: record > state.shippedRecord ? [{ kind: "shipped", at: now, record, row }] : [],
    reply: null,
  }),
};

export function decide<K extends CommandKind>(
  state: LedgerState,
  kind: K,
  command: Commands[K],
  now: number,
  limits: LedgerLimits,
): Decision<Replies[K]> {
  return DECIDERS[kind](state, command, now, limits);
}

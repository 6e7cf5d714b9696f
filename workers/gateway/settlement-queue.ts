// Settlements of this isolate that no ledger has confirmed yet: they wait for a call to ride on, or ride on one. Plain
// data, which requests may share; a promise would tie one request to the life of another.
//
//   put ─→ waiting ─ take ─→ riding ─ confirm ─→ gone
//             ↑─── putBack ────┘                        crash: the end of the lease settles, charged as reserved
import type { Settlement } from "../../durable-objects/account-ledger/commands.ts";
import type { LedgerName } from "../../protocol/ids.ts";
import { GATEWAY_LIMITS } from "./limits.ts";

const waiting = new Map<LedgerName, readonly Settlement[]>();
const riding = new Set<Settlement>();

export function put(ledger: LedgerName, settlement: Settlement): void {
  keep(ledger, [...(waiting.get(ledger) ?? []), settlement]);
}

/** For the call that is about to be made: it must confirm them or put them back. */
export function take(ledger: LedgerName): readonly Settlement[] {
  const taken = waiting.get(ledger) ?? [];
  waiting.delete(ledger);
  for (const settlement of taken) riding.add(settlement);
  return taken;
}

export function confirm(settlements: readonly Settlement[]): void {
  for (const settlement of settlements) riding.delete(settlement);
}

/** The call that carried them failed. They may have arrived all the same: a ledger knows each by its request id. */
export function putBack(ledger: LedgerName, settlements: readonly Settlement[]): void {
  confirm(settlements);
  if (settlements.length > 0) keep(ledger, [...settlements, ...(waiting.get(ledger) ?? [])]);
}

export function stateOf(ledger: LedgerName, settlement: Settlement): "waiting" | "riding" | "confirmed" {
  if (riding.has(settlement)) return "riding";
  return waiting.get(ledger)?.includes(settlement) === true ? "waiting" : "confirmed";
}

function keep(ledger: LedgerName, settlements: readonly Settlement[]): void {
  waiting.set(ledger, settlements.slice(-GATEWAY_LIMITS.maxWaitingSettlements));
}

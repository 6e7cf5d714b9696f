// The gateway's side of a ledger: one call a request, settlements riding along. Everything sent is idempotent by request
// id, so a call whose answer was lost is repeated once, on a fresh stub, and counted once.
import type {
  AdmitCommand,
  AdmitReply,
  LedgerAdminRpc,
  LedgerRpc,
  RefuseCommand,
  RefuseReply,
  Settlement,
} from "../../durable-objects/account-ledger/commands.ts";
import { type Jurisdiction, ledgerName } from "../../protocol/ids.ts";
import type { GatewayEnv } from "./config.ts";
import { GATEWAY_LIMITS } from "./limits.ts";

/** Settlements of this isolate that wait for a call to ride on: plain data, which requests may share. */
const waiting = new Map<string, Settlement[]>();

export interface LedgerClient {
  admit(command: AdmitCommand): Promise<AdmitReply>;
  refuse(command: RefuseCommand): Promise<RefuseReply>;
  renew(requestId: Settlement["requestId"], leaseMs: number): Promise<boolean>;
  /** Leaves the settlement for the next call; resolves once it was delivered, by that call or by this one. */
  settle(settlement: Settlement): Promise<void>;
}

/** The object by the interfaces that it keeps; the platform wraps each answer in a promise of its own. */
export type LedgerStub = LedgerRpc & LedgerAdminRpc;

export function ledgerStub(env: GatewayEnv, jurisdiction: Jurisdiction, account: string): LedgerStub {
  const name = ledgerName(jurisdiction, account);
  const namespace =
    jurisdiction !== "none" && env.JURISDICTIONS === "platform" ? env.LEDGER.jurisdiction(jurisdiction) : env.LEDGER;
  return namespace.get(namespace.idFromName(name)) as unknown as LedgerStub;
}

export function ledgerClient(env: GatewayEnv, jurisdiction: Jurisdiction, account: string): LedgerClient {
  const name = ledgerName(jurisdiction, account);
  const call = <T>(send: (ledger: LedgerRpc) => Promise<T>): Promise<T> =>
    twice(() => send(ledgerStub(env, jurisdiction, account)));

  /** Takes what waits; puts it back where the call that carried it failed, so that it is neither lost nor sent twice at once. */
  const carrying = async <T>(
    send: (ledger: LedgerRpc, settlements: readonly Settlement[]) => Promise<T>,
  ): Promise<T> => {
    const settlements = waiting.get(name) ?? [];
    waiting.delete(name);
    try {
      return await call((ledger) => send(ledger, settlements));
    } catch (error) {
      if (settlements.length > 0) waiting.set(name, [...settlements, ...(waiting.get(name) ?? [])]);
      throw error;
    }
  };

  return {
    admit: (command) => carrying((ledger, settlements) => ledger.admit(command, settlements)),
    refuse: (command) => carrying((ledger, settlements) => ledger.refuse(command, settlements)),
    renew: (requestId, leaseMs) => call((ledger) => ledger.renew(requestId, leaseMs)),
    async settle(settlement) {
      const queue = waiting.get(name);
      if (queue === undefined) waiting.set(name, [settlement]);
      else queue.push(settlement);
      await new Promise((resolve) => setTimeout(resolve, GATEWAY_LIMITS.settleAfterMs));
      // another request's call took it along
      if (!waiting.get(name)?.includes(settlement)) return;
      await carrying((ledger, settlements) => ledger.settle(settlements));
    },
  };
}

async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    // an overloaded object is not helped by asking again
    if (typeof error === "object" && error !== null && "overloaded" in error && error.overloaded === true) throw error;
    return await attempt();
  }
}

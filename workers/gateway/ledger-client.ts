// The gateway's side of a ledger: one call a request, settlements and what the local cap refused riding along. Everything sent is idempotent by request
// id, so a call whose answer was lost is repeated once, on a fresh stub, and counted once.
import type {
  AdmitCommand,
  AdmitReply,
  Carried,
  LedgerAdminRpc,
  LedgerRpc,
  RefuseCommand,
  RefuseReply,
  Settlement,
} from "../../durable-objects/account-ledger/commands.ts";
import { type Jurisdiction, ledgerName } from "../../protocol/ids.ts";
import { dueCapRefusals, putBackCapRefusals, takeCapRefusals } from "./cap-refusals.ts";
import type { GatewayEnv } from "./config.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import { confirm, put, putBack, stateOf, take } from "./settlement-queue.ts";

/** The ledger of one request's account. */
export interface LedgerClient {
  /** Whether the one call of this request was begun: a fault after that needs no record of its own. */
  readonly asked: boolean;
  admit(command: AdmitCommand): Promise<AdmitReply>;
  refuse(command: RefuseCommand): Promise<RefuseReply>;
  renew(requestId: Settlement["requestId"], leaseMs: number): Promise<boolean>;
  /** Leaves the settlement for the next call; resolves once a ledger confirmed it, in that call or in one of its own. */
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

/**
 * @param waitUntil keeps a call alive when its client leaves: an admission that is on its way by then would hold its
 *   reservation until the lease ends, and a refusal would leave no record
 */
export function ledgerClient(
  env: GatewayEnv,
  jurisdiction: Jurisdiction,
  account: string,
  waitUntil: (work: Promise<unknown>) => void,
): LedgerClient {
  const name = ledgerName(jurisdiction, account);
  const call = <T>(send: (ledger: LedgerRpc) => Promise<T>): Promise<T> =>
    twice(async () => send(ledgerStub(env, jurisdiction, account)));
  const carrying = async <T>(send: (ledger: LedgerRpc, carried: readonly Carried[]) => Promise<T>): Promise<T> => {
    const settlements = take(name);
    const capped = takeCapRefusals(name, Date.now());
    const carried = capped.length === 0 ? settlements : [...settlements, ...capped];
    try {
      const answer = await call((ledger) => send(ledger, carried));
      confirm(settlements);
      return answer;
    } catch (error) {
      putBack(name, settlements);
      putBackCapRefusals(name, capped, Date.now());
      throw error;
    }
  };
  let asked = false;
  const askOnce = <T>(send: Parameters<typeof carrying<T>>[0]): Promise<T> => {
    asked = true;
    const answer = carrying(send);
    waitUntil(answer.catch(() => undefined));
    return answer;
  };

  return {
    get asked() {
      return asked;
    },
    async admit(command) {
      try {
        return await askOnce((ledger, carried) => ledger.admit(command, carried));
      } catch (error) {
        if (command.reserve !== null) put(name, unanswered(command));
        throw error;
      }
    },
    refuse: (command) => askOnce((ledger, carried) => ledger.refuse(command, carried)),
    renew: (requestId, leaseMs) => call((ledger) => ledger.renew(requestId, leaseMs)),
    async settle(settlement) {
      put(name, settlement);
      const { settleAfterMs } = GATEWAY_LIMITS;
      for (const [round, waitMs] of settleAfterMs.entries()) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        const state = stateOf(name, settlement);
        if (state === "confirmed") return;
        if (state === "riding") {
          // another request's call has it; should that fail, it will be here again
          if (round < settleAfterMs.length - 1) continue;
          // that request may have died with it, and a ledger takes each settlement once
          putBack(name, [settlement]);
        }
        try {
          return await carrying((ledger, carried) => ledger.settle(carried));
        } catch {
          // it was put back, and waits for the next try or the next call
        }
      }
      if (stateOf(name, settlement) !== "confirmed") throw new Error("no ledger confirmed it");
    },
  };
}

const MAX_ACCOUNTS_A_REQUEST = 4;

/** For every request: what the cap refused and no call took along for a second is sent, in a call of its own an account. */
export function sendDueCapRefusals(env: GatewayEnv, nowMs: number, waitUntil: (work: Promise<unknown>) => void): void {
  for (const { jurisdiction, account } of dueCapRefusals(nowMs, MAX_ACCOUNTS_A_REQUEST)) {
    const name = ledgerName(jurisdiction, account);
    const refusals = takeCapRefusals(name, nowMs);
    const sent = twice(async () => ledgerStub(env, jurisdiction, account).settle(refusals));
    waitUntil(sent.catch(() => putBackCapRefusals(name, refusals, nowMs)));
  }
}

/** For an admission that failed twice: it may stand in the ledger all the same, and no one will use what it reserved. */
function unanswered({ requestId }: AdmitCommand): Settlement {
  return {
    requestId,
    outcome: "answered_locally",
    status: 503,
    backend: null,
    promptTokens: 0,
    completionTokens: 0,
    usageReported: false,
    free: true,
    latencyMs: {},
    resultSha256: null,
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

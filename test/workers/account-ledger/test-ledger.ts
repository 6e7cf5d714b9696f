// The ledger with a clock that tests can move, small bounds, and its insides open to the tests.

import { LEDGER_LIMITS } from "../../../durable-objects/account-ledger/limits.ts";
import { AccountLedger, type LedgerEnv } from "../../../durable-objects/account-ledger/object.ts";

/** Milliseconds that all ledgers are ahead of the real clock. */
export const clock = { aheadMs: 0 };

export const TEST_LIMITS = {
  ...LEDGER_LIMITS,
  snapshotEvery: 16,
  maxRememberedReplies: 8,
  snapshotPartChars: 500,
  shipDelayMs: 5,
  shipBatch: 8,
  deferMs: 50,
};

export class TestLedger extends AccountLedger {
  constructor(ctx: DurableObjectState, env: LedgerEnv) {
    super(ctx, env, { limits: TEST_LIMITS, now: () => Date.now() + clock.aheadMs });
  }

  /** Own property, so that RPC does not show it. */
  readonly inside = { commits: this.commits, outbox: this.outbox };
}

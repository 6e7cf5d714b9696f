// The account ledger's public names. The object itself is exported by the Worker that hosts it, the gateway.
export type * from "./commands.ts";
export { LEDGER_LIMITS, type LedgerLimits } from "./limits.ts";
export { AccountLedger, type LedgerEnv } from "./object.ts";

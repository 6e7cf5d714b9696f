// Whether so many records wait for the log that no more may be made: then nothing is admitted, and refusals are not kept.
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState } from "./state.ts";

export function logIsBehind(state: LedgerState, limits: LedgerLimits): boolean {
  return state.nextRecord - 1 - state.shippedRecord >= limits.maxUnshippedRecords;
}

// What an account has used of its limits, for the admin API. Counted also where there is no limit to count against,
// save the rates, which have no measure without one.
import type { UsageReport } from "../../protocol/rpc.ts";
import { dayEndsAtMs, monthEndsAtMs, windowsAt } from "./calendar.ts";
import { emptyInMs, gaugeOf, held, RATE_NAMES } from "./gcra.ts";
import type { LedgerState } from "./state.ts";

/** @returns null where the ledger was never provisioned */
export function usageOf(state: LedgerState, now: number): UsageReport | null {
  if (state.identity === null) return null;
  const used: Record<string, { used: number; reset_at_ms: number | null }> = {};
  for (const name of RATE_NAMES) {
    const gauge = gaugeOf(state.limits, name);
    if (gauge === null) continue;
    const bucket = state.rates[name];
    used[name] = { used: held(bucket, gauge, now), reset_at_ms: now + emptyInMs(bucket, gauge, now) };
  }
  const windows = windowsAt(state.windows, now);
  used.requests_per_day = { used: windows.requestsOfDay, reset_at_ms: dayEndsAtMs(now) };
  used.tokens_per_day = { used: windows.tokensOfDay, reset_at_ms: dayEndsAtMs(now) };
  used.tokens_per_month = { used: windows.tokensOfMonth, reset_at_ms: monthEndsAtMs(now) };
  used.concurrency = { used: state.open.size, reset_at_ms: null };
  const credentials = [...state.credentials].map(([id, { lastUsedAtMs, revoked }]) => ({
    id,
    last_used_at_ms: lastUsedAtMs,
    revoked,
  }));
  return { tenant: state.identity.tenant, limits: state.limits, used, open_reservations: state.open.size, credentials };
}

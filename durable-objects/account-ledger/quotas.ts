// The first quota that refuses a request, in the order of DESIGN.md: what no waiting helps, then what a short wait
// helps, then budgets. Reads only; what is admitted is charged by `apply`.
import type { Refusal } from "../../protocol/refusal.ts";
import { dayEndsAtMs, monthEndsAtMs, windowsAt } from "./calendar.ts";
import type { AdmitCommand } from "./commands.ts";
import { CONCURRENCY_RETRY_MS, concurrencyIsFull } from "./concurrency.ts";
import { gaugeOf, type RateName, waitMs } from "./gcra.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState } from "./state.ts";

type Reserve = NonNullable<AdmitCommand["reserve"]>;

/** Why the request rates refuse one more; null: they take it. They count what they take and nothing else. */
export function rateRefusal(state: LedgerState, now: number): Refusal | null {
  const second = waitFor(state, "requests_per_second", 1, now);
  const minute = waitFor(state, "requests_per_minute", 1, now);
  if (second === 0 && minute === 0) return null;
  return minute >= second ? tooFast("requests_per_minute", minute) : tooFast("requests_per_second", second);
}

/** A request that the account's limits could never take. */
export function sizeRefusal(state: LedgerState, { promptTokens, outputTokens }: Reserve): Refusal | null {
  const { input_tokens_per_minute: input, output_tokens_per_minute: output } = state.limits;
  if (input !== null && promptTokens > input)
    return { code: "request_exceeds_limit", limit: "input_tokens_per_minute", needed: promptTokens, allowed: input };
  if (output !== null && outputTokens > output)
    return { code: "request_exceeds_limit", limit: "output_tokens_per_minute", needed: outputTokens, allowed: output };
  return null;
}

/** What a reservation meets after the request rates took it. */
export function reserveRefusal(
  state: LedgerState,
  reserve: Reserve,
  now: number,
  limits: LedgerLimits,
): Refusal | null {
  const { requests_per_day: perDay, tokens_per_day: ofDay, tokens_per_month: ofMonth } = state.limits;
  const windows = windowsAt(state.windows, now);
  if (perDay !== null && windows.requestsOfDay >= perDay) return tooFast("requests_per_day", dayEndsAtMs(now) - now);
  if (concurrencyIsFull(state)) return tooFast("concurrency", CONCURRENCY_RETRY_MS);
  if (state.open.size >= limits.maxOpenReservations) return { code: "busy" };

  const input = waitFor(state, "input_tokens_per_minute", reserve.promptTokens, now);
  if (input > 0) return tooFast("input_tokens_per_minute", input);
  const output = waitFor(state, "output_tokens_per_minute", reserve.outputTokens, now);
  if (output > 0) return tooFast("output_tokens_per_minute", output);

  // the month first: where both are spent, the longer wait is the true one
  const needed = reserve.promptTokens + reserve.outputTokens;
  if (ofMonth !== null && windows.tokensOfMonth + needed > ofMonth)
    return spent("tokens_per_month", needed, ofMonth - windows.tokensOfMonth, monthEndsAtMs(now), now);
  if (ofDay !== null && windows.tokensOfDay + needed > ofDay)
    return spent("tokens_per_day", needed, ofDay - windows.tokensOfDay, dayEndsAtMs(now), now);
  return null;
}

function waitFor(state: LedgerState, name: RateName, weight: number, now: number): number {
  const gauge = gaugeOf(state.limits, name);
  return gauge === null ? 0 : waitMs(state.rates[name], gauge, weight, now);
}

function tooFast(limit: RateName | "requests_per_day" | "concurrency", retryAfterMs: number): Refusal {
  return { code: "rate_limit_exceeded", limit, retryAfterMs, headers: {} };
}

function spent(
  limit: "tokens_per_day" | "tokens_per_month",
  needed: number,
  left: number,
  resetAtMs: number,
  now: number,
): Refusal {
  const remaining = Math.max(0, left);
  return {
    code: "insufficient_quota",
    limit,
    needed,
    remaining,
    resetAtMs,
    retryAfterMs: resetAtMs - now,
    headers: {},
  };
}

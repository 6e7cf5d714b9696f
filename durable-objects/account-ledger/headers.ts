// What an answer says about the account's limits, from the state after its command.
// RateLimit and RateLimit-Policy: draft-ietf-httpapi-ratelimit-headers-11, structured fields (RFC 9651): a list of
// policies, each named as in the account's limits; `q` quota, `qu` its unit where that is not requests, `w` window in
// seconds; `r` what may be used now, `t` seconds until all of it may. `tokens` is a unit of our own.
// x-ratelimit-*: the six fields that OpenAI sends and its users read; times as `1s`, `6m0s`, `120ms`.
import type { QuotaName, ResolvedLimits } from "../../protocol/limits.ts";
import { dayEndsAtMs, monthEndsAtMs, windowsAt } from "./calendar.ts";
import type { AdmitReply, LimitHeaders } from "./commands.ts";
import type { AdmitAnswer } from "./decision.ts";
import { available, emptyInMs, gaugeOf, RATE_NAMES } from "./gcra.ts";
import type { LedgerState } from "./state.ts";

interface Standing {
  readonly name: QuotaName;
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

const PARAMETERS: Record<QuotaName, string> = {
  requests_per_second: ";w=1",
  requests_per_minute: ";w=60",
  requests_per_day: ";w=86400",
  input_tokens_per_minute: ';qu="tokens";w=60',
  output_tokens_per_minute: ';qu="tokens";w=60',
  concurrency: ';qu="concurrent-requests"',
  tokens_per_day: ';qu="tokens";w=86400',
  tokens_per_month: ';qu="tokens"',
};

/** The policies change when the limits do, and those are replaced, never changed. */
const policies = new WeakMap<ResolvedLimits, string>();

/** The answer of an `admit`, complete. */
export function withHeaders(answer: AdmitAnswer, state: LedgerState, now: number): AdmitReply {
  if (answer.admitted) return { ...answer, headers: limitHeaders(state, now) };
  const { refusal } = answer;
  if (refusal.code !== "rate_limit_exceeded" && refusal.code !== "insufficient_quota")
    return { admitted: false, refusal };
  return { admitted: false, refusal: { ...refusal, headers: limitHeaders(state, now) } };
}

/** @returns an empty record where the account has no limit */
export function limitHeaders(state: LedgerState, now: number): LimitHeaders {
  const all = standings(state, now);
  if (all.length === 0) return {};
  let rateLimit = "";
  for (const { name, remaining, resetMs } of all)
    rateLimit += `${rateLimit && ", "}"${name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`;
  const headers: Record<string, string> = {
    ratelimit: rateLimit,
    "ratelimit-policy": policyOf(state.limits, all),
  };
  const requests = pick(all, ["requests_per_minute", "requests_per_day", "requests_per_second"]);
  if (requests) openAiForm(headers, "requests", requests);
  const tokens = tighter(pick(all, ["input_tokens_per_minute"]), pick(all, ["output_tokens_per_minute"]));
  const budget = tokens ?? pick(all, ["tokens_per_day", "tokens_per_month"]);
  if (budget) openAiForm(headers, "tokens", budget);
  return headers;
}

function policyOf(limits: ResolvedLimits, all: readonly Standing[]): string {
  const known = policies.get(limits);
  if (known !== undefined) return known;
  const text = all.map(({ name, limit }) => `"${name}";q=${limit}${PARAMETERS[name]}`).join(", ");
  policies.set(limits, text);
  return text;
}

function standings(state: LedgerState, now: number): Standing[] {
  const { limits } = state;
  const all: Standing[] = [];
  for (const name of RATE_NAMES) {
    const gauge = gaugeOf(limits, name);
    if (gauge === null) continue;
    const bucket = state.rates[name];
    const remaining = available(bucket, gauge, now);
    all.push({ name, limit: gauge.limit, remaining, resetMs: emptyInMs(bucket, gauge, now) });
  }
  const windows = windowsAt(state.windows, now);
  const budget = (name: QuotaName, used: number, resetAtMs: number): void => {
    const limit = limits[name];
    if (limit !== null) all.push({ name, limit, remaining: Math.max(0, limit - used), resetMs: resetAtMs - now });
  };
  budget("requests_per_day", windows.requestsOfDay, dayEndsAtMs(now));
  budget("concurrency", state.open.size, now);
  budget("tokens_per_day", windows.tokensOfDay, dayEndsAtMs(now));
  if (limits.tokens_per_month !== null) budget("tokens_per_month", windows.tokensOfMonth, monthEndsAtMs(now));
  return all;
}

function pick(all: readonly Standing[], names: readonly QuotaName[]): Standing | undefined {
  for (const name of names) {
    const found = all.find((standing) => standing.name === name);
    if (found) return found;
  }
  return undefined;
}

function tighter(one: Standing | undefined, other: Standing | undefined): Standing | undefined {
  if (!one || !other) return one ?? other;
  return one.remaining <= other.remaining ? one : other;
}

function openAiForm(headers: Record<string, string>, unit: "requests" | "tokens", standing: Standing): void {
  headers[`x-ratelimit-limit-${unit}`] = String(standing.limit);
  headers[`x-ratelimit-remaining-${unit}`] = String(standing.remaining);
  headers[`x-ratelimit-reset-${unit}`] = duration(standing.resetMs);
}

/** `17ms`, `1.5s`, `6m0s`, `23h0m5s` */
function duration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  if (ms < 60_000) return `${ms / 1000}s`;
  const seconds = Math.ceil(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = `${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
  return hours > 0 ? `${hours}h${minutes}` : minutes;
}

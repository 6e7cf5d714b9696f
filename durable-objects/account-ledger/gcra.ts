// Rates: the generic cell rate algorithm (ITU-T I.371, annex A), in its form as a leaky bucket used as a meter. A bucket
// drains `limit` units a period and takes a charge if it then holds no more than the burst; so any window of one period
// lets at most limit + burst units through. Levels are kept in unit × milliseconds: for limits up to 10^11 all
// arithmetic is on exact integers, and no rounding can add up to one request too many.
import type { QuotaName, ResolvedLimits } from "../../protocol/limits.ts";

export const RATE_NAMES = [
  "requests_per_second",
  "requests_per_minute",
  "input_tokens_per_minute",
  "output_tokens_per_minute",
] as const satisfies readonly QuotaName[];
export type RateName = (typeof RATE_NAMES)[number];

export interface Bucket {
  /** units × milliseconds at `atMs` */
  readonly level: number;
  readonly atMs: number;
}
export type Rates = { [K in RateName]: Bucket };

/** A rate as it stands in an account's limits. */
export interface Gauge {
  readonly limit: number;
  readonly periodMs: number;
  /** units that may come at once */
  readonly burst: number;
}

export function emptyRates(): Rates {
  const empty: Bucket = { level: 0, atMs: 0 };
  return {
    requests_per_second: empty,
    requests_per_minute: empty,
    input_tokens_per_minute: empty,
    output_tokens_per_minute: empty,
  };
}

/** The gauge of a rate; null where the account has no such limit. Requests: a sixth at once. Tokens: all of it. */
export function gaugeOf(limits: ResolvedLimits, name: RateName): Gauge | null {
  const limit = limits[name];
  if (limit === null) return null;
  if (name === "requests_per_second") return { limit, periodMs: 1000, burst: sixth(limit) };
  if (name === "requests_per_minute") return { limit, periodMs: 60_000, burst: sixth(limit) };
  return { limit, periodMs: 60_000, burst: limit };
}

function sixth(limit: number): number {
  return Math.max(1, Math.floor(limit / 6));
}

function levelAt(bucket: Bucket, gauge: Gauge, now: number): number {
  return Math.max(0, bucket.level - Math.max(0, now - bucket.atMs) * gauge.limit);
}

/** Milliseconds until `weight` units would be taken; 0: now. */
export function waitMs(bucket: Bucket, gauge: Gauge, weight: number, now: number): number {
  const over = levelAt(bucket, gauge, now) + (weight - gauge.burst) * gauge.periodMs;
  return over <= 0 ? 0 : Math.ceil(over / gauge.limit);
}

export function charge(bucket: Bucket, gauge: Gauge, weight: number, now: number): Bucket {
  return { level: levelAt(bucket, gauge, now) + weight * gauge.periodMs, atMs: now };
}

/** Gives back what was charged too much; a negative weight charges what was estimated too low. */
export function giveBack(bucket: Bucket, gauge: Gauge, weight: number, now: number): Bucket {
  return { level: Math.max(0, levelAt(bucket, gauge, now) - weight * gauge.periodMs), atMs: now };
}

/** Units that would be taken at once. */
export function available(bucket: Bucket, gauge: Gauge, now: number): number {
  return Math.max(0, Math.floor(gauge.burst - levelAt(bucket, gauge, now) / gauge.periodMs));
}

/** Units in the bucket, rounded up. */
export function held(bucket: Bucket, gauge: Gauge, now: number): number {
  return Math.ceil(levelAt(bucket, gauge, now) / gauge.periodMs);
}

/** Milliseconds until the bucket is empty. */
export function emptyInMs(bucket: Bucket, gauge: Gauge, now: number): number {
  return Math.ceil(levelAt(bucket, gauge, now) / gauge.limit);
}

/**
 * The bucket under a new limit, from this moment on. What it holds stays, but no more than a full burst: a limit that
 * is lowered must not lock an account out for what the higher one allowed.
 */
export function regauge(bucket: Bucket, before: Gauge | null, after: Gauge | null, now: number): Bucket {
  if (before === null || after === null) return { level: 0, atMs: now };
  return { level: Math.min(levelAt(bucket, before, now), after.burst * after.periodMs), atMs: now };
}

// When a failed delivery is tried again: exponential, with full jitter so that sinks that failed together do not come
// back together, and never before the collector's own Retry-After (RFC 9110, section 10.2.3).
import type { SinkLimits } from "./limits.ts";

/**
 * Milliseconds to wait after the `failures`-th failure in a row (1, 2, …).
 * @param random uniform in [0, 1)
 * @param retryAfterMs what the collector asked for, null where it did not
 */
export function backoffMs(failures: number, random: number, retryAfterMs: number | null, limits: SinkLimits): number {
  const ceiling = Math.min(limits.maxBackoffMs, limits.firstBackoffMs * 2 ** Math.min(failures - 1, 30));
  const asked = Math.min(retryAfterMs ?? 0, limits.maxRetryAfterMs);
  // jitter comes on top of what was asked: all sinks of a collector were asked for the same
  return asked + Math.ceil(random * ceiling);
}

/** Retry-After in milliseconds: whole seconds or an HTTP date; null for anything else. */
export function parseRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // only the fixed form of RFC 9110, section 5.6.7: Date.parse alone takes almost anything
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

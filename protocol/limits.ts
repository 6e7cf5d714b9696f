// The quotas of an account, as they are spelt in `POST /admin/v1/keys`, in policy and in a ledger's rows.
// `null` means no limit; a limit that is absent takes the tenant's default.
import { z } from "zod";

const count = z.int().min(1).max(1_000_000_000_000).nullable();

/** Every limit that a ledger enforces. An unknown name is refused, never accepted without effect. */
export const quotaLimitsSchema = z.strictObject({
  /** GCRA, counts every authenticated request save those that this limit itself refuses */
  requests_per_second: count.optional(),
  requests_per_minute: count.optional(),
  /** exact, per UTC day */
  requests_per_day: count.optional(),
  /** GCRA weighted by the prompt's estimate, burst equal to the limit */
  input_tokens_per_minute: count.optional(),
  /** GCRA weighted by the output reserved, burst equal to the limit */
  output_tokens_per_minute: count.optional(),
  /** requests that hold a reservation at one time */
  concurrency: count.optional(),
  /** prompt and completion together, exact, per UTC day */
  tokens_per_day: count.optional(),
  /** per UTC month */
  tokens_per_month: count.optional(),
});

export type QuotaLimits = z.infer<typeof quotaLimitsSchema>;
export type QuotaName = keyof QuotaLimits;
/** Limits with nothing left open: what a ledger's row holds. */
export type ResolvedLimits = { readonly [K in QuotaName]-?: number | null };

export const QUOTA_NAMES = Object.keys(quotaLimitsSchema.shape) as readonly QuotaName[];

/** Lays a key's limits over its tenant's defaults; what neither names is unlimited. */
export function resolveLimits(own: QuotaLimits, defaults: QuotaLimits): ResolvedLimits {
  const resolved: Record<string, number | null> = {};
  for (const name of QUOTA_NAMES) resolved[name] = own[name] !== undefined ? own[name] : (defaults[name] ?? null);
  return resolved as ResolvedLimits;
}

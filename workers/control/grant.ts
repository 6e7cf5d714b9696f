// What a caller may give to a credential: nobody gives more than he holds. Scopes are bounded by the matrix's `mayGrant`;
// limits, of whoever administers but some tenants, by what policy gives a key of the tenant anyway.
import { mayGrant } from "../../policy/matrix.ts";
import { QUOTA_NAMES, type QuotaLimits } from "../../protocol/limits.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ControlContext } from "./http.ts";
import { defaultLimits } from "./mint.ts";

export interface Gift {
  readonly tenant: string;
  readonly scopes: readonly string[];
  /** as asked for: what is left out is not given anew */
  readonly limits: QuotaLimits;
  /** those that the account has already */
  readonly had?: QuotaLimits;
}

/** Null where the caller may give it. A credential that he could not give he may not change either. */
export function grantFault(c: ControlContext, { tenant, scopes, limits, had = {} }: Gift): Refusal | null {
  if (!mayGrant(c.get("caller").scopes, scopes, tenant)) return { code: "permission_denied", need: "grant" };
  if (c.get("reach") === "all") return null;
  const usual = defaultLimits(tenant, c.get("config").policy);
  const raised = QUOTA_NAMES.find((name) => {
    const wish = limits[name];
    return (
      wish !== undefined && exceeds(wish, usual[name] ?? null) && exceeds(wish, had[name] === undefined ? 0 : had[name])
    );
  });
  if (raised === undefined) return null;
  return { code: "invalid_request", param: `limits.${raised}`, expected: `at most ${usual[raised]}, as policy has it` };
}

/** Null is no limit. */
function exceeds(wish: number | null, limit: number | null): boolean {
  return limit !== null && (wish === null || wish > limit);
}

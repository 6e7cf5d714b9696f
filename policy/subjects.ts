// External subjects: where their ledgers are and what they may use, as their tenant's entry in policy says. Gateway lays
// these terms into each of their calls, control into what an administrator does to them: one function, one ledger.
import type { IssuerRule } from "../identity/issuer-rule.ts";
import type { Jurisdiction } from "../protocol/ids.ts";
import { type QuotaLimits, resolveLimits } from "../protocol/limits.ts";
import type { SubjectTerms } from "../protocol/rpc.ts";
import { tenantPolicy } from "./access.ts";

interface SubjectPolicy {
  readonly tenants: Readonly<
    Record<
      string,
      {
        readonly default_limits: QuotaLimits;
        readonly jurisdiction?: Jurisdiction | undefined;
        readonly log?: string | undefined;
      }
    >
  >;
  readonly issuers: readonly IssuerRule[];
}

export function subjectTerms(policy: SubjectPolicy, tenant: string): SubjectTerms {
  const own = tenantPolicy(policy.tenants, tenant);
  return {
    jurisdiction: own?.jurisdiction ?? "none",
    log: own?.log ?? "default",
    limits: resolveLimits({}, own?.default_limits ?? {}),
  };
}

/**
 * Where policy says that this tenant's data lie; null where it says nothing and no issuer speaks for the tenant, so that
 * nothing of it is placed by policy.
 */
export function placementOf(policy: SubjectPolicy, tenant: string): Pick<SubjectTerms, "jurisdiction" | "log"> | null {
  const own = tenantPolicy(policy.tenants, tenant);
  const stated = own?.jurisdiction !== undefined || own?.log !== undefined;
  const placed = stated || policy.issuers.some(({ tenants }) => tenants.includes(tenant));
  return placed ? subjectTerms(policy, tenant) : null;
}

// The part of a policy that says who comes in and how: network rules, proofs of possession, external issuers. What they
// mean is identity's (network.ts, proof.ts, issuers.ts); here is how they are spelt.
import { z } from "zod";
import { isCidr } from "../identity/cidr.ts";
import { PROOF_KINDS } from "../identity/confirmation.ts";
import { issuerRuleSchema } from "../identity/issuer-rule.ts";
import type { NetworkLists, NetworkRules } from "../identity/network.ts";
import type { ProofRule } from "../identity/proof.ts";
import { isScope } from "../identity/scopes.ts";
import { type Action, matchesRoute } from "./matrix.ts";

const cidrs = z.array(z.string().max(64).refine(isCidr, "an address range such as 192.0.2.0/24")).max(1024).default([]);

export const networkRulesSchema = z.strictObject({
  /** empty: from anywhere */
  allow_cidrs: cidrs,
  /** wins over every allow */
  deny_cidrs: cidrs,
});

const proofScopes = z.array(z.string().refine(isScope, "a scope such as infer:MODEL")).min(1).max(64);

/** One of `proof` is owed by every request of the tenant, or by those that ask for what one of `scopes` covers. */
export const proofRuleSchema = z.strictObject({
  proof: z.array(z.enum(PROOF_KINDS)).min(1),
  scopes: proofScopes.optional(),
});

/**
 * Where the data of a tenant's external subjects lie, fixed as the tenant's own are at its creation: another jurisdiction
 * means other ledgers, with nothing used and nobody revoked. Absent: no jurisdiction, the log `default`.
 */
const placementShape = {
  jurisdiction: z.enum(["none", "eu", "us", "fedramp"]).optional(),
  log: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .optional(),
};

export const tenantAccessShape = {
  ...networkRulesSchema.shape,
  ...placementShape,
  require: z.array(proofRuleSchema).max(32).default([]),
  /**
   * DPoP proofs must carry a nonce of the gateway's (RFC 9449, section 9): all of the tenant's, or those of requests that
   * ask for what one of `scopes` covers. It asks for no proof by itself: that is `require`.
   */
  dpop_nonce: z.union([z.boolean(), z.strictObject({ scopes: proofScopes })]).optional(),
};

/** Of two rules for one issuer and one audience, none could say whose the token is. */
export const issuersSchema = z
  .array(issuerRuleSchema)
  .max(256)
  .superRefine((rules, context) => {
    const seen = new Set<string>();
    for (const [index, { issuer, audiences }] of rules.entries())
      for (const audience of audiences) {
        const pair = JSON.stringify([issuer, audience]);
        if (seen.has(pair))
          context.addIssue({
            code: "custom",
            path: [index, "audiences"],
            message: "stands in another rule of this issuer",
          });
        seen.add(pair);
      }
  })
  .default([]);

/** Network rules by route: an action of the matrix (`keys.create`), or all of a part of the API (`admin.*`). */
export const routesSchema = z
  .record(z.string().refine(matchesRoute, "names no action of the matrix"), networkRulesSchema)
  .default({});

interface TenantAccess extends NetworkRules {
  readonly require: readonly ProofRule[];
  readonly dpop_nonce?: boolean | { readonly scopes: readonly string[] } | undefined;
}

interface AccessPolicy {
  readonly tenants: Readonly<Record<string, TenantAccess>>;
  readonly routes: Readonly<Record<string, NetworkRules>>;
}

/** A tenant's own entry, else that of `*`, which is any other tenant; undefined where policy has neither. */
export function tenantPolicy<T>(tenants: Readonly<Record<string, T>>, tenant: string): T | undefined {
  return Object.hasOwn(tenants, tenant) ? tenants[tenant] : tenants["*"];
}

/** Every list that a request of this tenant to this action stands under. @param key the credential's own */
export function networkListsFor(
  policy: AccessPolicy,
  tenant: string,
  action: Action,
  key: NetworkRules | undefined,
): NetworkLists {
  const route = Object.entries(policy.routes)
    .filter(([pattern]) => matchesRoute(pattern, action))
    .map(([, rules]) => rules);
  return { key, tenant: tenantPolicy(policy.tenants, tenant), route };
}

/** What a tenant's requests must prove; which of it holds for one request is `applicableRules`. */
export function proofRulesFor(policy: AccessPolicy, tenant: string): readonly ProofRule[] {
  return tenantPolicy(policy.tenants, tenant)?.require ?? [];
}

/** For which requests of a tenant a DPoP proof owes a nonce: none, all (no scopes), or those that ask for one of `scopes`. */
export type NonceRule = { readonly scopes: readonly string[] | null };

export function nonceRuleFor(policy: Pick<AccessPolicy, "tenants">, tenant: string): NonceRule | null {
  const rule = tenantPolicy(policy.tenants, tenant)?.dpop_nonce ?? false;
  if (rule === false) return null;
  return { scopes: rule === true ? null : rule.scopes };
}

/** Whether any tenant's proofs owe a nonce: then there must be a key to make them with. */
export function demandsNonces({ tenants }: Pick<AccessPolicy, "tenants">): boolean {
  return Object.keys(tenants).some((tenant) => nonceRuleFor({ tenants }, tenant) !== null);
}

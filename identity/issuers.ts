// Tokens of external issuers, judged without I/O:
//
//   claimedIssuer → the policy's rule for issuer and audience → its keys (discovery.ts, jwks-cache.ts)
//                 → verifyExternalToken → identity → the tenant's jurisdiction → Principal
//
// The rule decides everything that a token could otherwise choose: issuer, audience, type, algorithm, life, and, in
// claims-mapping.ts, tenant, account and scopes (RFC 8725, sections 3.8 to 3.12).
import type { Jurisdiction } from "../protocol/ids.ts";
import { type MappingFault, mapClaims } from "./claims-mapping.ts";
import { type ProofKind, readConfirmation } from "./confirmation.ts";
import type { IssuerRule } from "./issuer-rule.ts";
import type { JwkSet } from "./jwks.ts";
import { readCompactJws } from "./jws-form.ts";
import { audiencesOf, type RegisteredClaims, readClaims } from "./jwt-claims.ts";
import type { Principal } from "./principal.ts";
import { replayKeyOf } from "./replay.ts";
import { isAccepted } from "./tokens.ts";
import { JWS_LIMITS, type JwtFault, verifyJwt } from "./verify-jws.ts";

/** Who a token says it is from, unverified: for choosing a rule, and for nothing else. */
export interface ClaimedIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** Null for what is no JWT with an issuer. */
export function claimedIssuer(token: string): ClaimedIssuer | null {
  const read = readCompactJws(token, JWS_LIMITS.maxTokenLength);
  const claims = read.ok ? readClaims(read.jws.payload) : null;
  if (claims?.registered.iss === undefined) return null;
  return { issuer: claims.registered.iss, audiences: audiencesOf(claims.registered) };
}

/** The one rule for this issuer and one of these audiences; policy has no two for the same pair. */
export function ruleFor(rules: readonly IssuerRule[], claimed: ClaimedIssuer): IssuerRule | null {
  const matching = rules.filter(
    ({ issuer, audiences }) => issuer === claimed.issuer && audiences.some((one) => claimed.audiences.includes(one)),
  );
  // a token for two tenants' audiences at once is for neither
  return matching.length === 1 ? (matching[0] ?? null) : null;
}

export type ExternalFault = JwtFault | MappingFault | "authorized_party" | "lifetime" | "subject" | "confirmation";

/**
 * Whether newer keys could change the answer: the issuer may have rotated, or given a `kid` to another key. Then ask
 * `JwksCache.decideNewer`, whose cool-down bounds what forged tokens can make us fetch.
 */
export function mayBeRotation(fault: ExternalFault): boolean {
  return fault === "unknown_key" || fault === "unusable_key" || fault === "ambiguous_key" || fault === "signature";
}

/** An external subject, before its tenant's jurisdiction is laid into it. */
export type ExternalIdentity = Omit<Principal, "jurisdiction">;

export type ExternalVerdict =
  | { readonly ok: true; readonly identity: ExternalIdentity }
  | { readonly ok: false; readonly fault: ExternalFault };

export interface ExternalExpectation {
  readonly nowMs: number;
  /** as in tokens.ts: the proofs that the caller will demand of a bound token's holder */
  readonly confirmations?: readonly ProofKind[];
}

/** Judges a token under the rule of its issuer and that issuer's keys. Never throws for what it says. */
export async function verifyExternalToken(
  token: string,
  { rule, jwks }: { readonly rule: IssuerRule; readonly jwks: JwkSet },
  expected: ExternalExpectation,
): Promise<ExternalVerdict> {
  const verdict = await verifyJwt(token, jwks, {
    nowMs: expected.nowMs,
    algorithms: rule.algorithms,
    issuer: rule.issuer,
    audiences: rule.audiences,
    types: rule.types.map((type) => (type === "none" ? null : type)),
  });
  if (!verdict.ok) return refused(verdict.reason);
  const { registered, all } = verdict.claims;
  const fault = ruleFault(registered, rule);
  if (fault !== null) return refused(fault);
  const bound = Object.hasOwn(all, "cnf");
  const confirmation = bound ? await readConfirmation(all.cnf) : null;
  if (bound && !isAccepted(confirmation, expected.confirmations)) return refused("confirmation");

  const mapping = await mapClaims(all, rule);
  if (!mapping.ok) return refused(mapping.fault);
  const { tenant, account, scopes } = mapping;
  const { sub = "", exp = 0 } = registered;
  return {
    ok: true,
    identity: {
      tenant,
      account,
      subject: sub,
      credentialId: await credentialIdOf(rule.issuer, registered.jti ?? token),
      kind: "external",
      scopes,
      expiresAtMs: Math.floor(exp * 1000),
      confirmation,
    },
  };
}

export function externalPrincipal(identity: ExternalIdentity, jurisdiction: Jurisdiction): Principal {
  return { ...identity, jurisdiction };
}

function ruleFault({ sub, exp, iat, azp }: RegisteredClaims, rule: IssuerRule): ExternalFault | null {
  if (sub === undefined || sub.length > 256) return "subject";
  if (exp === undefined || iat === undefined) return "claims";
  if (exp <= iat || exp - iat > rule.max_lifetime_s) return "lifetime";
  const parties = rule.authorized_parties;
  if (parties !== undefined && azp !== undefined && !parties.includes(azp)) return "authorized_party";
  return null;
}

/** One of our spelling for the issuer's `jti`, or for the token itself where it has none. */
async function credentialIdOf(issuer: string, name: string): Promise<string> {
  return (await replayKeyOf("external", issuer, name)).replace(":", "_");
}

function refused(fault: ExternalFault): ExternalVerdict {
  return { ok: false, fault };
}

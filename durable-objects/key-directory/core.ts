// What the directory decides, without storage, clock or network.
import { narrows, roleOf } from "../../identity/scopes.ts";
import { CLOCK_SKEW_S, MAX_LIFETIME_S, type TokenClaims } from "../../identity/tokens.ts";
import type { AdminFields } from "../../protocol/audit.ts";
import { resolveLimits } from "../../protocol/limits.ts";
import {
  type Actor,
  type Credential,
  type CredentialChange,
  EARLIER,
  type Issuance,
  type NewCredential,
  type Outcome,
  type Tenant,
} from "./records.ts";

/** The log of a tenant that names none, and of the system's own acts. */
export const DEFAULT_LOG = "default";

/** A client's row has to end some time in the ledger's type: the last millisecond of year 9999. */
const NEVER_MS = 253_402_300_799_999;
const WEEK_MS = 7 * 24 * 3_600_000;
const ACCESS_TOKEN_MS = MAX_LIFETIME_S.access_token * 1000;
export const CLOCK_SKEW_MS = CLOCK_SKEW_S * 1000;

export function enrolled(fresh: NewCredential, tenant: Tenant, nowMs: number): Credential {
  const { jurisdiction, log } = tenant;
  const given = { jurisdiction, log, created_at_ms: nowMs, revoked_at_ms: null, reads_log: readsLog(fresh.scopes) };
  return { ...EARLIER, ...fresh, ...given };
}

export function readsLog(scopes: readonly string[]): boolean {
  return scopes.some((scope) => roleOf(scope)?.role === "auditor");
}

/** The credential with the change laid over it; scopes may only shrink, since the token's own can not grow either. */
export function changed(credential: Credential, change: CredentialChange): Outcome {
  if (credential.revoked_at_ms !== null) return { done: false, fault: "revoked" };
  if (change.scopes !== undefined && !narrows(change.scopes, credential.scopes)) return { done: false, fault: "wider" };
  return {
    done: true,
    credential: {
      ...credential,
      name: change.name ?? credential.name,
      scopes: change.scopes ?? credential.scopes,
      limits: resolveLimits(change.limits ?? {}, credential.limits),
      allow_cidrs: change.allow_cidrs ?? credential.allow_cidrs,
      rotate_before_s: change.rotate_before_s === undefined ? credential.rotate_before_s : change.rotate_before_s,
      auto_rotate: change.auto_rotate ?? credential.auto_rotate,
    },
  };
}

/**
 * From when a key is to be rotated: its holder is told then, and may exchange it himself where it is `auto_rotate`. Null
 * where neither was asked for, or it has no end. A key that exchanges itself lives half its life first, lest it be
 * exchanged over and over.
 */
export function rotateFromMs({
  created_at_ms,
  expires_at_ms,
  rotate_before_s,
  auto_rotate,
}: Credential): number | null {
  if (expires_at_ms === null) return null;
  if (!auto_rotate) return rotate_before_s === null ? null : expires_at_ms - rotate_before_s * 1000;
  const lifeMs = expires_at_ms - created_at_ms;
  const beforeMs = rotate_before_s === null ? Math.min(WEEK_MS, lifeMs / 3) : rotate_before_s * 1000;
  return Math.ceil(expires_at_ms - Math.min(beforeMs, lifeMs / 2));
}

/** What an API key says (RFC 9068, section 2.2). */
export function keyClaims(credential: Credential, { iss, aud }: Issuance, nowMs: number): TokenClaims {
  const { id, tenant, account, jurisdiction, scopes, cnf } = credential;
  const exp = Math.floor((credential.expires_at_ms ?? 0) / 1000);
  const iat = Math.max(Math.floor(nowMs / 1000), exp - MAX_LIFETIME_S.api_key);
  const scope = scopes.join(" ");
  return {
    ...{ iss, aud, sub: id, client_id: id, jti: id, tenant, account, jurisdiction, scope, iat, exp },
    ...(cnf === null ? {} : { cnf }),
  };
}

/** Until when the ledger's row lives. */
export function rowExpiresAtMs(credential: Credential): number {
  return credential.expires_at_ms ?? NEVER_MS;
}

/** Until when audit has to remember a revocation: past it no token of the credential verifies anyway. */
export function revocationExpiresAtMs(credential: Credential, nowMs: number): number {
  return (credential.expires_at_ms ?? nowMs + ACCESS_TOKEN_MS) + CLOCK_SKEW_MS;
}

export function adminRecord(action: string, tenant: string, target: string, actor: Actor, nowMs: number): AdminFields {
  return {
    kind: "admin",
    request_id: actor.requestId,
    time_ms: nowMs,
    tenant,
    credential_id: actor.credentialId,
    action,
    target,
  };
}

/** When to try again: 1 s, doubled up to a minute. */
export function retryDelayMs(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(failures, 6));
}

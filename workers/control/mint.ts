// New credentials: ids and lives. The key directory signs what is made of them.
import type { Credential, Issuance, NewCredential } from "../../durable-objects/key-directory/records.ts";
import type { ConfirmationClaim } from "../../identity/confirmation.ts";
import { tenantPolicy } from "../../policy/access.ts";
import type { Policy } from "../../policy/schema.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { type QuotaLimits, resolveLimits } from "../../protocol/limits.ts";
import type { ControlConfig } from "./config.ts";

export type IdPrefix = "key" | "client" | "acct" | "at";

/** `PREFIX_` and 32 hex digits in the order of time: a listing by id is a listing by age. */
export function newId(prefix: IdPrefix): string {
  const id = newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  return prefix + id.slice(id.indexOf("_"));
}

export interface Wanted {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly limits: QuotaLimits;
  readonly allow_cidrs: readonly string[];
  readonly rotate_before_s?: number | null;
  readonly auto_rotate?: boolean;
  readonly cnf?: ConfirmationClaim | null | undefined;
}

/** An API key in an account of its own. @param expiresInS seconds, at most 90 days */
export function newApiKey(wanted: Wanted, expiresInS: number, policy: Policy): NewCredential {
  return { ...described(wanted, policy), id: newId("key"), kind: "api_key", expires_at_ms: endOf(expiresInS) };
}

/** What a rotation may change. Scopes may be wider: an administrator asks, and the old key's text keeps its own. */
export interface RotationWish {
  readonly name?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly limits?: QuotaLimits | undefined;
  readonly allow_cidrs?: readonly string[] | undefined;
  readonly rotate_before_s?: number | null | undefined;
  readonly auto_rotate?: boolean | undefined;
  /** a bound key's successor is bound, to the same key or another */
  readonly cnf?: ConfirmationClaim | undefined;
}

/** The successor of a key in the same account. @param limits those that the account has now */
export function successorOf(
  old: Credential,
  wish: RotationWish,
  limits: QuotaLimits,
  expiresInS: number,
): NewCredential {
  const { rotate_before_s } = wish;
  return {
    id: newId("key"),
    kind: "api_key",
    tenant: old.tenant,
    account: old.account,
    name: wish.name ?? old.name,
    scopes: wish.scopes ?? old.scopes,
    limits: resolveLimits(wish.limits ?? {}, limits),
    allow_cidrs: wish.allow_cidrs ?? old.allow_cidrs,
    expires_at_ms: endOf(expiresInS),
    replaces: old.id,
    rotate_before_s: rotate_before_s === undefined ? old.rotate_before_s : rotate_before_s,
    auto_rotate: wish.auto_rotate ?? old.auto_rotate,
    by_exchange: false,
    cnf: wish.cnf ?? old.cnf,
  };
}

/** Whole seconds, as the token says them: the directory, the ledger and the token agree on one end. */
function endOf(expiresInS: number): number {
  return (Math.floor(Date.now() / 1000) + expiresInS) * 1000;
}

export function newClient(wanted: Wanted, policy: Policy): NewCredential {
  return { ...described(wanted, policy), id: newId("client"), kind: "client", expires_at_ms: null };
}

function described(wanted: Wanted, policy: Policy): Omit<NewCredential, "id" | "kind" | "expires_at_ms"> {
  const { tenant, name, scopes, limits, allow_cidrs } = wanted;
  return {
    tenant,
    account: newId("acct"),
    name,
    scopes,
    limits: resolveLimits(limits, defaultLimits(tenant, policy)),
    allow_cidrs,
    replaces: null,
    rotate_before_s: wanted.rotate_before_s ?? null,
    auto_rotate: wanted.auto_rotate ?? false,
    by_exchange: false,
    cnf: wanted.cnf ?? null,
  };
}

/** What a limit that is left out becomes for a key of this tenant. */
export function defaultLimits(tenant: string, policy: Policy): QuotaLimits {
  return tenantPolicy(policy.tenants, tenant)?.default_limits ?? {};
}

/** What every token of this platform says beside its record. */
export function issuanceOf({ issuer, audience }: ControlConfig): Issuance {
  return { iss: issuer, aud: audience };
}

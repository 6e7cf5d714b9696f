// What an administrator does to an account: a credential added, changed, revoked. The act itself is recorded by control.
import { ledgerName } from "../../protocol/ids.ts";
import type { ProvisionCommand } from "../../protocol/rpc.ts";
import { isForgettable } from "./credentials.ts";
import { type Commands, type Decider, isTime, type Replies } from "./decision.ts";
import type { LedgerLimits } from "./limits.ts";

/**
 * Makes the ledger, or adds a credential to it. The limits of the newest credential are the account's from now on.
 * Idempotent by credential id: a repeat changes nothing, above all not a revocation.
 */
export const decideProvision: Decider<ProvisionCommand, Replies["provision"]> = (state, command, now, limits) => {
  const name = ledgerName(command.jurisdiction, command.account);
  const known = state.identity;
  if (known !== null && (known.name !== name || known.tenant !== command.tenant || known.log !== command.log))
    return { events: [], reply: "another_account" };
  if (state.credentials.has(command.credential.id)) return { events: [], reply: "done" };
  let kept = 0;
  for (const known of state.credentials.values()) if (!isForgettable(known, now - limits.clockSkewMs)) kept++;
  if (kept >= limits.maxCredentials) return { events: [], reply: "too_many_credentials" };
  const { tenant, account, log, credential } = command;
  return {
    events: [{ kind: "provisioned", at: now, name, tenant, account, log, limits: command.limits, credential }],
    reply: "done",
  };
};

/**
 * Limits are the account's; scopes, ranges and expiry the credential's own. What is absent stays. An expiry only ever
 * shortens: a later one is without effect, one that is no time at all is not a change to make.
 */
export const decideChange: Decider<Commands["change"], boolean> = (state, command, now) => {
  const known = state.credentials.get(command.credential_id);
  if (known === undefined || known.revoked) return { events: [], reply: false };
  const { expires_at_ms } = command;
  if (expires_at_ms !== undefined && !isTime(expires_at_ms)) return { events: [], reply: false };
  return {
    events: [
      {
        kind: "changed",
        at: now,
        credential_id: command.credential_id,
        ...(command.limits && { limits: command.limits }),
        ...(command.scopes && { scopes: command.scopes }),
        ...(command.allow_cidrs && { allow_cidrs: command.allow_cidrs }),
        ...(expires_at_ms !== undefined && { expires_at_ms }),
      },
    ],
    reply: true,
  };
};

/**
 * Revokes a row, or, in a client's account, the one access token with that `jti`. A ledger never sees a token before it
 * is used, so there any id that is no row is taken for one: better a revocation too many than a live token.
 */
export const decideRevoke: Decider<Commands["revoke"], Replies["revoke"]> = (state, command, now, limits) => {
  const { credentialId } = command;
  const known = state.credentials.get(credentialId);
  if (known?.revoked) return { events: [], reply: "done" };
  if (known !== undefined)
    return { events: [{ kind: "revoked", at: now, credential_id: credentialId }], reply: "done" };

  const until_ms = keptUntilMs(command, now, limits);
  const already = state.revokedTokens.get(credentialId);
  // a repeat may come with a later expiry than the first, never shorten it
  if (already !== undefined && (already >= until_ms || command.expiresAtMs === undefined))
    return { events: [], reply: "done" };
  if (already === undefined) {
    const isClient = [...state.credentials.values()].some(({ row }) => row.kind === "client");
    if (!isClient) return { events: [], reply: "unknown" };
    const kept = [...state.revokedTokens.values()].filter((until) => until > now).length;
    if (kept >= limits.maxRevokedTokens) return { events: [], reply: "too_many_tokens" };
  }
  return { events: [{ kind: "revoked", at: now, credential_id: credentialId, until_ms }], reply: "done" };
};

/** A stream outlives its token, by its lease at most: as long the ledger must know that it was revoked. */
function keptUntilMs({ expiresAtMs }: Commands["revoke"], now: number, limits: LedgerLimits): number {
  if (expiresAtMs === undefined || !isTime(expiresAtMs)) return now + limits.revokedTokenMs;
  return Math.max(expiresAtMs + limits.clockSkewMs, now + limits.maxLeaseMs);
}

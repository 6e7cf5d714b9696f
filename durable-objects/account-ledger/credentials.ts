// Which rows of the account stand behind a caller, and what they leave of its token. A row can only narrow: token scopes
// and policy were judged before the call. An API key is its own row. An access token stands on its client's row (a
// client is an account, so the row of kind `client` is its; after a rotation there may be several, and any one will do),
// an external issuer's on its subject's row.
import { addressIn } from "../../identity/cidr.ts";
import { grantsAny } from "../../identity/scopes.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { CredentialRow } from "../../protocol/rpc.ts";
import type { AdmitCommand, Caller } from "./commands.ts";
import type { LedgerLimits } from "./limits.ts";
import type { Credential, LedgerState } from "./state.ts";

export const NOT_AUTHENTICATED: Refusal = { code: "invalid_api_key", presented: true };

/** Whether the ledger is this caller's: two tenants may call an account by the same name. */
export function ownsLedger(state: LedgerState, caller: Pick<Caller, "tenant" | "account">): boolean {
  return state.identity?.tenant === caller.tenant && state.identity.account === caller.account;
}

/** No token lives so long: a subject's row ends by revocation alone. 9999-12-31T23:59:59.999Z */
const NEVER_MS = 253_402_300_799_999;

/**
 * The row of an external subject. It narrows nothing: what a subject may do, its issuer's rule says for each token.
 * @param id of the first one the account itself, which any request can make; one that takes a revocation back has another
 */
export function subjectRow(account: string, id = account): CredentialRow {
  return { id, kind: "subject", scopes: ["infer:*", "embed:*"], allow_cidrs: [], expires_at_ms: NEVER_MS };
}

/** The rows that vouch for the caller now. None: the caller is not authenticated. */
export function liveRows(
  state: LedgerState,
  caller: Pick<Caller, "credentialId" | "kind" | "expiresAtMs">,
  now: number,
  limits: LedgerLimits,
): readonly Credential[] {
  const past = now - limits.clockSkewMs;
  if (caller.expiresAtMs <= past) return [];
  if (caller.kind === "api_key") {
    const own = state.credentials.get(caller.credentialId);
    return own?.row.kind === "api_key" && isLive(own, past) ? [own] : [];
  }
  if (state.revokedTokens.has(caller.credentialId)) return [];
  const kind = caller.kind === "external" ? "subject" : "client";
  return [...state.credentials.values()].filter((known) => known.row.kind === kind && isLive(known, past));
}

/** Whether nothing can come of the row any more, so that it may go. @param past now, less the skew that clocks are allowed */
export function isForgettable(credential: Credential, past: number): boolean {
  return credential.forgetAtMs <= past;
}

function isLive({ row, revoked }: Credential, past: number): boolean {
  return !revoked && row.expires_at_ms > past;
}

/** What the rows refuse of the command: the client's address first, then the scope. */
export function narrowed(rows: readonly Credential[], command: AdmitCommand): Refusal | null {
  const reachable = rows.filter(
    ({ row }) => row.allow_cidrs.length === 0 || addressIn(command.caller.clientAddress, row.allow_cidrs),
  );
  if (reachable.length === 0) return { code: "permission_denied", need: "network" };
  const withModel = reachable.filter(
    ({ row }) => command.anyScope.length === 0 || grantsAny(row.scopes, command.anyScope),
  );
  if (withModel.length > 0) {
    const lacking = (scope: string): boolean => !withModel.some(({ row }) => grantsAny(row.scopes, [scope]));
    const missing = command.allScopes?.find(lacking);
    return missing === undefined ? null : { code: "insufficient_scope", scope: missing };
  }
  const { model } = command.intent;
  return model === null ? { code: "permission_denied", need: "role" } : { code: "model_not_granted", model };
}

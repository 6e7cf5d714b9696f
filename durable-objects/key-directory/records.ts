// What the directory knows and what it is asked to do. Plain data: it crosses an RPC border and stands in storage.
// No key is ever here: an API key is a signed token that its holder alone has; of a client's secret there is a keyed hash.
import type { ConfirmationClaim } from "../../identity/confirmation.ts";
import type { Jurisdiction, RequestId } from "../../protocol/ids.ts";
import type { QuotaLimits, ResolvedLimits } from "../../protocol/limits.ts";

export interface Tenant {
  readonly name: string;
  /** fixed at creation, with the log: both decide where the tenant's data lie */
  readonly jurisdiction: Jurisdiction;
  readonly log: string;
  readonly created_at_ms: number;
}

export type CredentialKind = "api_key" | "client";

/** An API key or an OAuth client, as listed. Its id is the token's `jti`, or the `client_id`. */
export interface Credential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly tenant: string;
  readonly account: string;
  readonly jurisdiction: Jurisdiction;
  readonly log: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly limits: ResolvedLimits;
  /** empty: any address */
  readonly allow_cidrs: readonly string[];
  readonly created_at_ms: number;
  /** null for a client, which lives until it is revoked */
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
  /** the key in the same account that it was made to replace, and the one that replaces it */
  readonly replaces: string | null;
  readonly replaced_by: string | null;
  /** the end of the overlap after a rotation: revoked then */
  readonly retires_at_ms: number | null;
  /** seconds before its end at which its holder is to be told to rotate it; null: never */
  readonly rotate_before_s: number | null;
  /** its holder may exchange it for its successor by himself, once it is time */
  readonly auto_rotate: boolean;
  /** the holder of the key that it replaces got it himself: he may be given its text again */
  readonly by_exchange: boolean;
  /** it was made to read the audit log: audit is told of each change */
  readonly reads_log: boolean;
  /** binds an API key to a key of its holder's; a client's tokens are bound by its registration */
  readonly cnf: ConfirmationClaim | null;
}

/** What a record of an earlier form lacks. */
export const EARLIER = {
  replaces: null,
  replaced_by: null,
  retires_at_ms: null,
  rotate_before_s: null,
  auto_rotate: false,
  by_exchange: false,
  cnf: null,
} as const;

/** A credential before the directory has laid its tenant's jurisdiction and log into it. */
export type NewCredential = Omit<
  Credential,
  "jurisdiction" | "log" | "created_at_ms" | "revoked_at_ms" | "replaced_by" | "retires_at_ms" | "reads_log"
>;

/** What an API key says beside what its record says. */
export interface Issuance {
  readonly iss: string;
  readonly aud: string;
}

export interface CredentialChange {
  readonly name?: string | undefined;
  /** only what is named changes; `null` means no limit */
  readonly limits?: QuotaLimits | undefined;
  /** may only narrow what the row has now */
  readonly scopes?: readonly string[] | undefined;
  readonly allow_cidrs?: readonly string[] | undefined;
  readonly rotate_before_s?: number | null | undefined;
  readonly auto_rotate?: boolean | undefined;
}

/** Who acts, for the audit log. `credentialId` is `bootstrap` where the one-time secret acts. */
export interface Actor {
  readonly requestId: RequestId;
  readonly credentialId: string;
}

export type DirectoryFault =
  | "unknown"
  | "unknown_tenant"
  | "taken"
  | "revoked"
  /** the change would widen the scopes */
  | "wider"
  /** the one-time secret was used before */
  | "burnt"
  /** the key was rotated already: rotate its successor */
  | "replaced"
  /** the key is not one that its holder may exchange, or not yet */
  | "not_due"
  /** the client proves who it is without a secret */
  | "no_secret"
  /** no signing key is known everywhere yet: try again in seconds */
  | "not_ready"
  /** recorded, but the gateway could not be told: it will be, and holds only then */
  | "ledger_unavailable"
  /** recorded and holding at the gateway, but audit could not be told yet */
  | "log_unavailable";

export type Outcome =
  | { readonly done: true; readonly credential: Credential }
  | { readonly done: false; readonly fault: DirectoryFault };

/** `key` is the API key's text: it stands in this answer and nowhere else. */
export type MintOutcome =
  | { readonly done: true; readonly credential: Credential; readonly key: string | null }
  | { readonly done: false; readonly fault: DirectoryFault };

/** What someone should look at: a key near its end, a signing key that changed. Kept for a while, and in the audit log. */
export interface DirectoryEvent {
  /** says nothing of how many others there are */
  readonly id: string;
  readonly time_ms: number;
  readonly kind: string;
  readonly tenant: string;
  readonly target: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** the last item's key, or null at the end */
  readonly next: string | null;
}

export interface PageQuery {
  readonly cursor: string | null;
  readonly limit: number;
}

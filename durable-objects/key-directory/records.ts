// What the directory knows and what control asks of it. Plain data: it crosses an RPC border and stands in storage.
// No key is ever here: an API key is a signed token that its holder alone has; of a client's secret there is a keyed hash.
import type { ConfirmationClaim } from "../../identity/confirmation.ts";
import type { Withdrawal } from "../../identity/key-withdrawal.ts";
import type { SignatureAlgorithm, CredentialKind as TokenKind } from "../../identity/keys.ts";
import type { TokenClaims } from "../../identity/tokens.ts";
import type { Jurisdiction, RequestId } from "../../protocol/ids.ts";
import type { QuotaLimits, ResolvedLimits } from "../../protocol/limits.ts";
import type { PublishedKeys } from "../../protocol/rpc.ts";
import type { ClientRpc, Registration } from "./clients/records.ts";
import type { KeyList, RotateOutcome, SignOutcome } from "./signing/records.ts";

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
  /** binds an API key to a key of its holder's; a client's tokens are bound by its registration */
  readonly cnf: ConfirmationClaim | null;
}

/** What a record of an earlier form lacks. */
export const EARLIER = {
  replaces: null,
  replaced_by: null,
  retires_at_ms: null,
  rotate_before_s: null,
  cnf: null,
} as const;

/** A credential before the directory has laid its tenant's jurisdiction and log into it. */
export type NewCredential = Omit<
  Credential,
  "jurisdiction" | "log" | "created_at_ms" | "revoked_at_ms" | "replaced_by" | "retires_at_ms"
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
  readonly id: number;
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

/** Public methods of the KeyDirectory object, as control calls them through its stub. */
export interface DirectoryRpc extends ClientRpc {
  createTenant(tenant: Omit<Tenant, "created_at_ms">, actor: Actor): Promise<Tenant | null>;
  tenant(name: string): Promise<Tenant | null>;
  tenants(page: PageQuery): Promise<Page<Tenant>>;
  /**
   * Records, provisions the account's ledger, signs the key. A credential whose ledger cannot be reached, or that cannot
   * be signed, is revoked at once.
   */
  mintKey(credential: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome>;
  /** @param secretHash of a client that has a secret */
  mintClient(
    credential: NewCredential,
    registration: Registration,
    secretHash: string | null,
    actor: Actor,
  ): Promise<MintOutcome>;
  /** As `mintKey`, and burns the one-time secret in the same commit. */
  bootstrap(secretHash: string, credential: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome>;
  /** Mints `credential` in the account of the key that it `replaces`, which is revoked after the overlap. */
  rotateKey(credential: NewCredential, issuance: Issuance, overlapMs: number, actor: Actor): Promise<MintOutcome>;
  credential(id: string): Promise<Credential | null>;
  credentials(kind: CredentialKind, tenant: string | null, page: PageQuery): Promise<Page<Credential>>;
  /** Answers once the ledger holds it: the next request is judged by the new row. */
  change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome>;
  /** Answers once the ledger refuses the credential and audit knows. Idempotent. */
  revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome>;
  /** Newest first. */
  events(tenant: string | null, page: PageQuery): Promise<Page<DirectoryEvent>>;
  /** Journals an act that changes nothing here, such as a data key that leaves. Answers once it is durable. */
  record(action: string, tenant: string, target: string, actor: Actor): Promise<void>;

  /** The set that judges tokens now, or null where its generation is the one the caller has. */
  publishedKeys(knownGeneration: number | null): Promise<PublishedKeys | null>;
  signingKeys(): Promise<KeyList>;
  rotateSigningKey(kind: TokenKind, alg: SignatureAlgorithm | null, actor: Actor): Promise<RotateOutcome>;
  /** What would die with a key. */
  signingKeyWithdrawal(kid: string): Promise<WithdrawalNotice | null>;
  /** Answers once no Worker takes what the key signed; the credentials that died with it are revoked as well. */
  withdrawSigningKey(kid: string, actor: Actor): Promise<WithdrawOutcome>;
}

export interface WithdrawalNotice extends Withdrawal {
  /** of `credentials`, as many as an answer should hold */
  readonly shown: readonly Credential[];
}

export type WithdrawOutcome =
  | { readonly done: true; readonly died: number }
  | { readonly done: false; readonly fault: Extract<SignOutcome, { done: false }>["fault"] };

export type { PublishedKeys, TokenClaims };

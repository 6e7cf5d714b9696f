// What the directory knows and what control asks of it. Plain data: it crosses an RPC border and stands in storage.
// No key is ever here: an API key is a signed token that its holder alone has; of a client's secret there is a keyed hash.
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
}

/** A credential before the directory has laid its tenant's jurisdiction and log into it. */
export type NewCredential = Omit<Credential, "jurisdiction" | "log" | "created_at_ms" | "revoked_at_ms">;

export interface CredentialChange {
  readonly name?: string | undefined;
  /** only what is named changes; `null` means no limit */
  readonly limits?: QuotaLimits | undefined;
  /** may only narrow what the row has now */
  readonly scopes?: readonly string[] | undefined;
  readonly allow_cidrs?: readonly string[] | undefined;
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
  /** recorded, but the gateway could not be told: it will be, and holds only then */
  | "ledger_unavailable"
  /** recorded and holding at the gateway, but audit could not be told yet */
  | "log_unavailable";

export type Outcome =
  | { readonly done: true; readonly credential: Credential }
  | { readonly done: false; readonly fault: DirectoryFault };

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
export interface DirectoryRpc {
  createTenant(tenant: Omit<Tenant, "created_at_ms">, actor: Actor): Promise<Tenant | null>;
  tenant(name: string): Promise<Tenant | null>;
  tenants(page: PageQuery): Promise<Page<Tenant>>;
  /** Records, then provisions the account's ledger; a credential whose ledger cannot be reached is revoked at once. */
  mint(credential: NewCredential, secretHash: string | null, actor: Actor): Promise<Outcome>;
  /** As `mint`, and burns the one-time secret in the same commit. */
  bootstrap(secretHash: string, credential: NewCredential, actor: Actor): Promise<Outcome>;
  credential(id: string): Promise<Credential | null>;
  credentials(kind: CredentialKind, tenant: string | null, page: PageQuery): Promise<Page<Credential>>;
  /** Answers once the ledger holds it: the next request is judged by the new row. */
  change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome>;
  /** Answers once the ledger refuses the credential and audit knows. Idempotent. */
  revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome>;
  /** The client whose secret has this hash, unless it is revoked; takes as long for a client that does not exist. */
  clientBySecret(clientId: string, secretHash: string): Promise<Credential | null>;
  /** Journals an act that changes nothing here, such as a data key that leaves. Answers once it is durable. */
  record(action: string, tenant: string, target: string, actor: Actor): Promise<void>;
}

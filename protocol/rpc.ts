// Interfaces of the entrypoints through which the three Workers speak to one another. No Worker binds another's
// Durable Object namespace: a namespace would expose every public method of the class.
import type { AppendBatch } from "./audit.ts";
import type { Jurisdiction } from "./ids.ts";
import type { QuotaLimits, ResolvedLimits } from "./limits.ts";

/** Audit's `Append`: called by gateway's ledgers and by control. Trusted to append, nothing else. */
export interface AppendRpc {
  /** Appends what the log has not seen of this source; answers once it is durable. Throws on a gap in `seq`. */
  append(batch: AppendBatch): Promise<{ readonly acked_seq: number }>;
}

/**
 * The public keys that verify tokens, as control's key directory publishes them. A higher generation replaces a lower one
 * and never the other way round; caches of verified tokens die with the generation that judged them.
 */
export interface PublishedKeys {
  readonly generation: number;
  /** `{"generation","keys":[JWK…]}` as `VERIFICATION_KEYS` has it (docs/environment.md) */
  readonly key_set: string;
}

/** What a credential that reads the log is held to, beside what its token says: it can narrow that, never widen it. */
export interface ReaderRow {
  /** of an access token, its client's */
  readonly credential_id: string;
  readonly scopes: readonly string[];
  /** empty: any address */
  readonly allow_cidrs: readonly string[];
  /** Unix milliseconds: past it no token of the credential verifies, and the row may go */
  readonly expires_at_ms: number;
}

/** Audit's `VerificationKeys`: control pushes what audit needs to judge an auditor's token. */
export interface VerificationKeysRpc {
  /** Credential ids that are revoked though their token has not expired. Returns once durable. */
  revoke(entries: readonly { readonly credential_id: string; readonly expires_at_ms: number }[]): Promise<void>;
  /** Holds from the reader's next request; of two rows of a credential the later. Returns once durable. */
  restrict(rows: readonly ReaderRow[]): Promise<void>;
  /** Durable once it returns. A generation that is not higher than the one held changes nothing. */
  publishKeys(keys: PublishedKeys): Promise<void>;
}

export interface AccountRef {
  readonly jurisdiction: Jurisdiction;
  readonly account: string;
}

/** A credential's own row in its account's ledger. It can narrow the token's scopes and the policy, never widen them. */
export interface CredentialRow {
  readonly id: string;
  /** `subject`: an external issuer's, in an account of its own */
  readonly kind: "api_key" | "client" | "subject";
  readonly scopes: readonly string[];
  /** empty: any address */
  readonly allow_cidrs: readonly string[];
  readonly expires_at_ms: number;
}

/** What an external subject's ledger is made of, and kept at: its tenant's entry in policy. */
export interface SubjectTerms {
  readonly jurisdiction: Jurisdiction;
  readonly log: string;
  readonly limits: ResolvedLimits;
}

export interface ProvisionCommand extends AccountRef {
  readonly tenant: string;
  readonly log: string;
  readonly limits: ResolvedLimits;
  readonly credential: CredentialRow;
}

export interface ChangeCommand extends AccountRef {
  readonly credential_id: string;
  readonly limits?: QuotaLimits;
  readonly scopes?: readonly string[];
  readonly allow_cidrs?: readonly string[];
  /** Ends the credential earlier (a rotation's overlap); later than it ends anyway is without effect. */
  readonly expires_at_ms?: number;
}

export interface UsageReport {
  /** whose account it is */
  readonly tenant: string;
  readonly limits: ResolvedLimits;
  readonly used: Readonly<Record<string, { readonly used: number; readonly reset_at_ms: number | null }>>;
  readonly open_reservations: number;
  /**
   * All rows that the ledger keeps. A use is a request that was not answered 401; null: none yet. An access token is a use
   * of every live row of its client.
   */
  readonly credentials?: readonly {
    readonly id: string;
    readonly last_used_at_ms: number | null;
    readonly revoked: boolean;
  }[];
}

/** Gateway's `Admin`: called by control. */
export interface GatewayAdminRpc {
  /** Creates the account's ledger or adds a credential to it. Idempotent by credential id. */
  provision(command: ProvisionCommand): Promise<void>;
  /** Holds from the next request. Answers false where the credential is unknown. */
  change(command: ChangeCommand): Promise<boolean>;
  /**
   * The next request with this credential is answered 401. Answers false where the credential is unknown.
   * @param expiresAtMs of one access token, its `exp`: past it the ledger forgets the id. Absent: kept for 90 days
   */
  revoke(account: AccountRef, credentialId: string, expiresAtMs?: number): Promise<boolean>;
  usage(account: AccountRef): Promise<UsageReport | null>;
  /** Every isolate judges by these keys within 2 s. A generation that is not higher than the one held changes nothing. */
  publishKeys(keys: PublishedKeys): Promise<void>;
}

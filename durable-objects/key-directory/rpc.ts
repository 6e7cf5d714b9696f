// The directory's methods, as control calls them. Whoever reaches them is control: a namespace exposes them all, so no
// other Worker binds it.
import type { Withdrawal } from "../../identity/key-withdrawal.ts";
import type { SignatureAlgorithm, CredentialKind as TokenKind } from "../../identity/keys.ts";
import type { PublishedKeys } from "../../protocol/rpc.ts";
import type { ClientRpc, Registration } from "./clients/records.ts";
import type { Exchange } from "./desk/exchange.ts";
import type {
  Actor,
  Credential,
  CredentialChange,
  CredentialKind,
  DirectoryEvent,
  Issuance,
  MintOutcome,
  NewCredential,
  Outcome,
  Page,
  PageQuery,
  Tenant,
} from "./records.ts";
import type { KeyList, RotateOutcome, SignOutcome } from "./signing/records.ts";

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
  /** As `rotateKey`, by the key's own holder: what he may is the record's to say (desk/exchange.ts). */
  exchangeKey(exchange: Exchange, actor: Actor): Promise<MintOutcome>;
  credential(id: string): Promise<Credential | null>;
  /** @param tenants null for all */
  credentials(kind: CredentialKind, tenants: readonly string[] | null, page: PageQuery): Promise<Page<Credential>>;
  /** Answers once the ledger holds it: the next request is judged by the new row. */
  change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome>;
  /** Answers once the ledger refuses the credential and audit knows. Idempotent. */
  revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome>;
  /** Newest first. @param tenants null for all @param sinceMs Unix milliseconds, null for all */
  events(tenants: readonly string[] | null, sinceMs: number | null, page: PageQuery): Promise<Page<DirectoryEvent>>;
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

// The KeyDirectory object: one, named "directory". A thin shell: storage, the alarm, RPC. Each act and its audit record
// stand in one commit before any other Worker hears of it (nothing leaves an object before its writes are durable).
//
//   desk/        API keys and clients: minted, rotated, changed, revoked
//   clients/     how clients prove who they are, their tokens
//   signing/     the keys that sign tokens: made, published, rotated, withdrawn
//   storage/     the tables
import { DurableObject } from "cloudflare:workers";
import type { SignatureAlgorithm, CredentialKind as TokenKind } from "../../identity/keys.ts";
import type { PublishedKeys } from "../../protocol/rpc.ts";
import { assemble, type DirectoryEnv, type Parts } from "./assembly.ts";
import type {
  AuthenticateCommand,
  ClientChange,
  ClientChangeOutcome,
  ClientOutcome,
  OneTime,
  Registration,
  RevokeTokenFault,
  SecretRotation,
  Standing,
  TokenOutcome,
  TokenRequest,
} from "./clients/records.ts";
import { change } from "./desk/change.ts";
import { changeClient, rotateSecret } from "./desk/client.ts";
import { type Exchange, exchange } from "./desk/exchange.ts";
import { mint } from "./desk/mint.ts";
import { revoke } from "./desk/revoke.ts";
import { rotate } from "./desk/rotate.ts";
import { noticeOf, withdraw } from "./desk/withdraw.ts";
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
import type { DirectoryRpc, WithdrawalNotice, WithdrawOutcome } from "./rpc.ts";
import type { KeyList, RotateOutcome } from "./signing/records.ts";
import { Wake } from "./wake.ts";

/** Milliseconds that an act waits for others before its audit record is shipped. */
const SHIP_AFTER_MS = 100;

export class KeyDirectory extends DurableObject<DirectoryEnv> implements DirectoryRpc {
  readonly #wake: Wake;
  readonly #parts: Parts;

  constructor(ctx: DurableObjectState, env: DirectoryEnv) {
    super(ctx, env);
    this.#wake = new Wake(ctx.storage);
    this.#parts = assemble(ctx.storage.sql, env, (work) => this.#commit(work));
    void ctx.blockConcurrencyWhile(async () => await this.#wake.read());
  }

  async createTenant(fresh: Omit<Tenant, "created_at_ms">, actor: Actor): Promise<Tenant | null> {
    const { tables, journal } = this.#parts;
    const tenant = { ...fresh, created_at_ms: Date.now() };
    const made = this.#commit(() => {
      if (!tables.tenants.insert(tenant)) return false;
      journal.act("tenant.create", tenant.log, tenant.name, tenant.name, actor);
      return true;
    });
    return made ? tenant : null;
  }

  async tenant(name: string): Promise<Tenant | null> {
    return this.#parts.tables.tenants.find(name);
  }

  async tenants(page: PageQuery): Promise<Page<Tenant>> {
    return this.#parts.tables.tenants.page(page);
  }

  async mintKey(fresh: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome> {
    return await mint(this.#parts.desk, { fresh, actor, action: "mint", issuance });
  }

  async mintClient(
    fresh: NewCredential,
    registration: Registration,
    secretHash: string | null,
    actor: Actor,
  ): Promise<MintOutcome> {
    const also = () => {
      this.#parts.clientStore.register(fresh.id, registration, secretHash);
      return null;
    };
    return await mint(this.#parts.desk, { fresh, actor, action: "mint", issuance: null, also });
  }

  async bootstrap(secretHash: string, fresh: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome> {
    const { desk, tables } = this.#parts;
    const also = () => (tables.burnt.burn(secretHash, Date.now()) ? null : "burnt");
    const outcome = await mint(desk, { fresh, actor, action: "bootstrap", issuance, also });
    // no key was handed out: the secret is not spent
    if (!outcome.done && outcome.fault !== "burnt") this.#commit(() => tables.burnt.unburn(secretHash));
    return outcome;
  }

  async rotateKey(fresh: NewCredential, issuance: Issuance, overlapMs: number, actor: Actor): Promise<MintOutcome> {
    return await rotate(this.#parts.desk, fresh, issuance, overlapMs, actor);
  }

  async exchangeKey(wish: Exchange, actor: Actor): Promise<MintOutcome> {
    return await exchange(this.#parts.desk, wish, actor);
  }

  async credential(id: string): Promise<Credential | null> {
    return this.#parts.tables.credentials.find(id);
  }

  async credentials(
    kind: CredentialKind,
    tenants: readonly string[] | null,
    page: PageQuery,
  ): Promise<Page<Credential>> {
    return this.#parts.tables.credentials.page(kind, tenants, page);
  }

  async change(id: string, kind: CredentialKind, wish: CredentialChange, actor: Actor): Promise<Outcome> {
    return await change(this.#parts.desk, id, kind, wish, actor);
  }

  async revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome> {
    return await revoke(this.#parts.desk, id, kind, actor);
  }

  async events(
    tenants: readonly string[] | null,
    sinceMs: number | null,
    page: PageQuery,
  ): Promise<Page<DirectoryEvent>> {
    return this.#parts.tables.events.page(tenants, sinceMs, page);
  }

  async record(action: string, tenant: string, target: string, actor: Actor): Promise<void> {
    this.#commit(() => this.#parts.journal.ofTenant(action, tenant, target, actor));
  }

  async publishedKeys(knownGeneration: number | null): Promise<PublishedKeys | null> {
    const keys = await this.#parts.keyring.published();
    return keys.generation === knownGeneration ? null : keys;
  }

  async signingKeys(): Promise<KeyList> {
    return await this.#parts.keyring.list();
  }

  async rotateSigningKey(kind: TokenKind, alg: SignatureAlgorithm | null, actor: Actor): Promise<RotateOutcome> {
    return await this.#parts.keyring.rotate(kind, alg, actor);
  }

  async signingKeyWithdrawal(kid: string): Promise<WithdrawalNotice | null> {
    return await noticeOf(this.#parts.desk, kid);
  }

  async withdrawSigningKey(kid: string, actor: Actor): Promise<WithdrawOutcome> {
    return await withdraw(this.#parts.desk, kid, actor);
  }

  async registration(clientId: string): Promise<Registration | null> {
    return this.#parts.clientStore.registration(clientId);
  }

  async oldSecretUntil(clientId: string): Promise<number | null> {
    return this.#parts.clientStore.oldSecret(clientId, Date.now())?.untilMs ?? null;
  }

  async changeClient(
    id: string,
    wish: CredentialChange,
    how: ClientChange,
    actor: Actor,
  ): Promise<ClientChangeOutcome> {
    const { desk, clientStore } = this.#parts;
    return await changeClient(desk, clientStore, id, wish, how, actor);
  }

  async rotateSecret(rotation: SecretRotation, actor: Actor): Promise<Outcome> {
    const { desk, clientStore } = this.#parts;
    return rotateSecret(desk, clientStore, rotation, actor);
  }

  async authenticateClient(command: AuthenticateCommand): Promise<ClientOutcome> {
    return await this.#parts.clients.authenticate(command);
  }

  async issueToken(request: TokenRequest, actor: Actor): Promise<TokenOutcome> {
    return await this.#parts.clients.issue(request, actor);
  }

  async standing(credentialId: string, tokenId: string): Promise<Standing> {
    return this.#parts.clients.standing(credentialId, tokenId);
  }

  async revokeToken(
    client: Credential,
    tokenId: string,
    expiresAtMs: number,
    actor: Actor,
  ): Promise<RevokeTokenFault | null> {
    return await this.#parts.clients.revokeToken(client, tokenId, expiresAtMs, actor);
  }

  async useOnce(oneTime: OneTime): Promise<boolean> {
    return this.#parts.clients.useOnce(oneTime);
  }

  /** Never throws, which would end its retries after six, and always arms itself again while anything is left. */
  override async alarm(): Promise<void> {
    this.#wake.fired();
    const nextMs = await this.#parts.chores.run(Date.now);
    if (Number.isFinite(nextMs)) this.#wake.within(Math.max(0, nextMs - Date.now()));
  }

  #commit<T>(work: () => T): T {
    const result = this.ctx.storage.transactionSync(work);
    this.#parts.chores.wake();
    this.#wake.within(SHIP_AFTER_MS);
    return result;
  }
}

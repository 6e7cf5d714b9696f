// The KeyDirectory object: one, named "directory". A thin shell: storage, the alarm, RPC. Each act and its audit record
// stand in one commit before any other Worker hears of it (nothing leaves an object before its writes are durable).
//
//   desk.ts      API keys and clients: minted, rotated, changed, revoked
//   clients/     how clients prove who they are, their tokens
//   signing/     the keys that sign tokens: made, published, rotated, withdrawn
import { DurableObject } from "cloudflare:workers";
import type { SignatureAlgorithm, CredentialKind as TokenKind } from "../../identity/keys.ts";
import { newRequestId } from "../../protocol/ids.ts";
import type { AppendRpc, PublishedKeys } from "../../protocol/rpc.ts";
import { Chores } from "./chores.ts";
import { ClientDesk } from "./clients/desk.ts";
import type {
  AuthenticateCommand,
  ClientOutcome,
  OneTime,
  Registration,
  RevokeTokenFault,
  Standing,
  TokenOutcome,
  TokenRequest,
} from "./clients/records.ts";
import { ClientStore } from "./clients/store.ts";
import { adminRecord, DEFAULT_LOG, SYSTEM_TENANT } from "./core.ts";
import { CredentialDesk } from "./desk.ts";
import { shipOutbox } from "./outbox.ts";
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
import { Keyring } from "./signing/keyring.ts";
import type { KeyList, RotateOutcome } from "./signing/records.ts";
import type { SigningEnv } from "./signing/settings.ts";
import { SigningStore } from "./signing/store.ts";
import { Store } from "./store.ts";
import type { Listeners } from "./tell.ts";
import { Throttle } from "./throttle.ts";

export interface DirectoryEnv extends Listeners, SigningEnv {
  readonly AUDIT: AppendRpc;
}

/** Milliseconds that an act waits for others before its audit record is shipped. */
const SHIP_AFTER_MS = 100;
/** Credentials shown of those that die with a signing key; their number is told whole. */
const SHOWN = 200;

export class KeyDirectory extends DurableObject<DirectoryEnv> implements DirectoryRpc {
  readonly #store: Store;
  readonly #keyring: Keyring;
  readonly #desk: CredentialDesk;
  readonly #clientStore: ClientStore;
  readonly #clients: ClientDesk;
  readonly #chores: Chores;
  #alarmAtMs = Number.POSITIVE_INFINITY;

  constructor(ctx: DurableObjectState, env: DirectoryEnv) {
    super(ctx, env);
    this.#store = new Store(ctx.storage.sql);
    this.#clientStore = new ClientStore(ctx.storage.sql);
    this.#store.insertTenant({
      name: SYSTEM_TENANT,
      jurisdiction: "none",
      log: DEFAULT_LOG,
      created_at_ms: Date.now(),
    });
    const common = { now: Date.now, commit: <T>(work: () => T) => this.#commit(work) };
    this.#keyring = new Keyring({
      ...common,
      store: new SigningStore(ctx.storage.sql),
      env,
      journal: (action, kid, actor) => this.#journalKey(action, kid, actor ?? itself()),
    });
    this.#desk = new CredentialDesk({
      ...common,
      store: this.#store,
      keyring: this.#keyring,
      to: env,
      journal: (action, credential, actor) => this.#journalCredential(action, credential, actor),
      itself,
    });
    this.#clients = new ClientDesk({
      ...common,
      store: this.#clientStore,
      throttle: new Throttle(),
      to: env,
      credential: (id) => this.#store.credential(id),
      journal: (action, target, client, actor) => this.#journal(action, client.log, client.tenant, target, actor),
      sign: (claims) => this.#keyring.sign("access_token", claims),
    });
    this.#chores = new Chores([
      async () => ({ finished: await this.#desk.finish(), dueAtMs: this.#store.nextDueMs() }),
      async () => ({ finished: await this.#clients.finish(), dueAtMs: Number.POSITIVE_INFINITY }),
      async () => await this.#keyring.tend(),
      // last, so that what the others did is shipped with it
      async () => ({ finished: await shipOutbox(this.#store, this.env.AUDIT), dueAtMs: Number.POSITIVE_INFINITY }),
    ]);
    // an alarm that stands already must not be put off by a later wish
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = (await ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY;
    });
  }

  async createTenant(fresh: Omit<Tenant, "created_at_ms">, actor: Actor): Promise<Tenant | null> {
    const tenant = { ...fresh, created_at_ms: Date.now() };
    const made = this.#commit(() => {
      if (!this.#store.insertTenant(tenant)) return false;
      this.#journal("tenant.create", tenant.log, tenant.name, tenant.name, actor);
      return true;
    });
    return made ? tenant : null;
  }

  async tenant(name: string): Promise<Tenant | null> {
    return this.#store.tenant(name);
  }

  async tenants(page: PageQuery): Promise<Page<Tenant>> {
    return this.#store.tenants(page);
  }

  async mintKey(fresh: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome> {
    return await this.#desk.mint({ fresh, actor, action: "mint", issuance });
  }

  async mintClient(
    fresh: NewCredential,
    registration: Registration,
    secretHash: string | null,
    actor: Actor,
  ): Promise<MintOutcome> {
    const also = () => {
      this.#clientStore.register(fresh.id, registration, secretHash);
      return null;
    };
    return await this.#desk.mint({ fresh, actor, action: "mint", issuance: null, also });
  }

  async bootstrap(secretHash: string, fresh: NewCredential, issuance: Issuance, actor: Actor): Promise<MintOutcome> {
    const also = () => (this.#store.burn(secretHash, Date.now()) ? null : "burnt");
    const outcome = await this.#desk.mint({ fresh, actor, action: "bootstrap", issuance, also });
    // no key was handed out: the secret is not spent
    if (!outcome.done && outcome.fault !== "burnt") this.#commit(() => this.#store.unburn(secretHash));
    return outcome;
  }

  async rotateKey(fresh: NewCredential, issuance: Issuance, overlapMs: number, actor: Actor): Promise<MintOutcome> {
    return await this.#desk.rotate(fresh, issuance, overlapMs, actor);
  }

  async credential(id: string): Promise<Credential | null> {
    return this.#store.credential(id);
  }

  async credentials(kind: CredentialKind, tenant: string | null, page: PageQuery): Promise<Page<Credential>> {
    return this.#store.credentials(kind, tenant, page);
  }

  async change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome> {
    return await this.#desk.change(id, kind, change, actor);
  }

  async revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome> {
    return await this.#desk.revoke(id, kind, actor);
  }

  async events(tenant: string | null, page: PageQuery): Promise<Page<DirectoryEvent>> {
    return this.#store.events(tenant, page);
  }

  async record(action: string, tenant: string, target: string, actor: Actor): Promise<void> {
    const log = this.#store.tenant(tenant)?.log ?? DEFAULT_LOG;
    this.#commit(() => this.#journal(action, log, tenant, target, actor));
  }

  async publishedKeys(knownGeneration: number | null): Promise<PublishedKeys | null> {
    const keys = await this.#keyring.published();
    return keys.generation === knownGeneration ? null : keys;
  }

  async signingKeys(): Promise<KeyList> {
    return await this.#keyring.list();
  }

  async rotateSigningKey(kind: TokenKind, alg: SignatureAlgorithm | null, actor: Actor): Promise<RotateOutcome> {
    return await this.#keyring.rotate(kind, alg, actor);
  }

  async signingKeyWithdrawal(kid: string): Promise<WithdrawalNotice | null> {
    const withdrawal = await this.#keyring.withdrawal(kid);
    if (withdrawal === null) return null;
    const shown = withdrawal.credentials.slice(0, SHOWN).map((id) => this.#store.credential(id));
    return { ...withdrawal, shown: shown.filter((found): found is Credential => found?.revoked_at_ms === null) };
  }

  async withdrawSigningKey(kid: string, actor: Actor): Promise<WithdrawOutcome> {
    let died = 0;
    const fault = await this.#keyring.withdraw(kid, actor, ({ credentials }) => {
      for (const id of credentials) {
        const credential = this.#store.credential(id);
        if (credential === null || credential.revoked_at_ms !== null) continue;
        // dead by its signature already; its ledger and audit are told as of any revocation
        this.#desk.revoked(credential, "die", actor);
        died++;
      }
    });
    return fault === null ? { done: true, died } : { done: false, fault };
  }

  async registration(clientId: string): Promise<Registration | null> {
    return this.#clientStore.registration(clientId);
  }

  async authenticateClient(command: AuthenticateCommand): Promise<ClientOutcome> {
    return await this.#clients.authenticate(command);
  }

  async issueToken(request: TokenRequest, actor: Actor): Promise<TokenOutcome> {
    return await this.#clients.issue(request, actor);
  }

  async standing(credentialId: string, tokenId: string): Promise<Standing> {
    return this.#clients.standing(credentialId, tokenId);
  }

  async revokeToken(
    client: Credential,
    tokenId: string,
    expiresAtMs: number,
    actor: Actor,
  ): Promise<RevokeTokenFault | null> {
    return await this.#clients.revokeToken(client, tokenId, expiresAtMs, actor);
  }

  async useOnce(oneTime: OneTime): Promise<boolean> {
    return this.#clients.useOnce(oneTime);
  }

  /** Never throws, which would end its retries after six, and always arms itself again while anything is left. */
  override async alarm(): Promise<void> {
    this.#alarmAtMs = Number.POSITIVE_INFINITY;
    const nextMs = await this.#chores.run(Date.now);
    if (Number.isFinite(nextMs)) this.#arm(Math.max(0, nextMs - Date.now()));
  }

  #commit<T>(work: () => T): T {
    const result = this.ctx.storage.transactionSync(work);
    this.#chores.wake();
    this.#arm(SHIP_AFTER_MS);
    return result;
  }

  /** Asked for in the turn of the write, the alarm stands or falls with it. */
  #arm(delayMs: number): void {
    const atMs = Date.now() + delayMs;
    if (this.#alarmAtMs <= atMs) return;
    this.#alarmAtMs = atMs;
    void this.ctx.storage.setAlarm(atMs);
  }

  #journalCredential(action: string, credential: Credential, actor: Actor): void {
    const noun = credential.kind === "client" ? "client" : "key";
    this.#journal(`${noun}.${action}`, credential.log, credential.tenant, credential.id, actor);
  }

  #journalKey(action: string, kid: string, actor: Actor): void {
    this.#journal(action, DEFAULT_LOG, SYSTEM_TENANT, kid, actor);
    this.#store.putEvent({ time_ms: Date.now(), kind: action, tenant: SYSTEM_TENANT, target: kid });
  }

  #journal(action: string, log: string, tenant: string, target: string, actor: Actor): void {
    this.#store.enqueue(log, adminRecord(action, tenant, target, actor, Date.now()));
  }
}

/** Where no administrator acts: time does, or the directory cleans up after a crash. */
function itself(): Actor {
  return {
    requestId: newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
    credentialId: "key-directory",
  };
}

// The KeyDirectory object: one, named "directory". It records an administrator's act and its audit record in one commit
// before any other Worker hears of it (nothing leaves an object before its writes are durable), then tells them, then
// answers. Whatever a crash leaves between those, the alarm finishes: changes and revocations are told, a credential
// that was never provisioned is revoked, since its key was never handed out, and audit records are shipped.
import { DurableObject } from "cloudflare:workers";
import { equalBytes, utf8 } from "../../protocol/encoding.ts";
import { newRequestId } from "../../protocol/ids.ts";
import type { AppendRpc } from "../../protocol/rpc.ts";
import { adminRecord, changed, DEFAULT_LOG, enrolled, retryDelayMs, SYSTEM_TENANT } from "./core.ts";
import { shipOutbox } from "./outbox.ts";
import type {
  Actor,
  Credential,
  CredentialChange,
  CredentialKind,
  DirectoryRpc,
  NewCredential,
  Outcome,
  Page,
  PageQuery,
  Tenant,
} from "./records.ts";
import { Store } from "./store.ts";
import { type Listeners, type TellFault, tell } from "./tell.ts";

export interface DirectoryEnv extends Listeners {
  readonly AUDIT: AppendRpc;
}

/** Milliseconds that an act waits for others before its audit record is shipped. */
const SHIP_AFTER_MS = 100;
const NO_SECRET = "0".repeat(64);

export class KeyDirectory extends DurableObject<DirectoryEnv> implements DirectoryRpc {
  readonly #store: Store;
  /** one telling at a time for each credential, so that an older row never arrives after a newer one */
  readonly #lanes = new Map<string, Promise<unknown>>();
  /** minted by a call that still runs: not orphans */
  readonly #minting = new Set<string>();
  #alarmAtMs = Number.POSITIVE_INFINITY;
  #failures = 0;

  constructor(ctx: DurableObjectState, env: DirectoryEnv) {
    super(ctx, env);
    this.#store = new Store(ctx.storage.sql);
    this.#store.insertTenant({
      name: SYSTEM_TENANT,
      jurisdiction: "none",
      log: DEFAULT_LOG,
      created_at_ms: Date.now(),
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

  async mint(fresh: NewCredential, secretHash: string | null, actor: Actor): Promise<Outcome> {
    return await this.#mint(fresh, actor, "mint", () => {
      if (secretHash !== null) this.#store.putSecret(fresh.id, secretHash);
      return true;
    });
  }

  async bootstrap(secretHash: string, fresh: NewCredential, actor: Actor): Promise<Outcome> {
    const outcome = await this.#mint(fresh, actor, "bootstrap", () => this.#store.burn(secretHash, Date.now()));
    // no key was handed out: the secret is not spent
    if (!outcome.done && outcome.fault === "ledger_unavailable") this.#commit(() => this.#store.unburn(secretHash));
    return outcome;
  }

  async credential(id: string): Promise<Credential | null> {
    return this.#store.credential(id);
  }

  async credentials(kind: CredentialKind, tenant: string | null, page: PageQuery): Promise<Page<Credential>> {
    return this.#store.credentials(kind, tenant, page);
  }

  async change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome> {
    const found = this.#find(id, kind);
    if (found === null) return { done: false, fault: "unknown" };
    const outcome = changed(found, change);
    if (!outcome.done) return outcome;

    this.#commit(() => {
      this.#store.putCredential(outcome.credential, "changed");
      this.#journalCredential("change", outcome.credential, actor);
    });
    const fault = await this.#tell(id);
    return fault === null ? outcome : { done: false, fault };
  }

  async revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome> {
    const found = this.#find(id, kind);
    if (found === null) return { done: false, fault: "unknown" };

    const credential = this.#commit(() => this.#revoked(found, "revoke", actor));
    // told anew also where it was revoked before: an answer says that it holds now
    const fault = await this.#tell(id);
    return fault === null ? { done: true, credential } : { done: false, fault };
  }

  async clientBySecret(clientId: string, secretHash: string): Promise<Credential | null> {
    const known = this.#store.secretHash(clientId);
    const credential = this.#find(clientId, "client");
    const right = equalBytes(utf8(secretHash), utf8(known ?? NO_SECRET));
    return known !== null && right && credential?.revoked_at_ms === null ? credential : null;
  }

  async record(action: string, tenant: string, target: string, actor: Actor): Promise<void> {
    const log = this.#store.tenant(tenant)?.log ?? DEFAULT_LOG;
    this.#commit(() => this.#journal(action, log, tenant, target, actor));
  }

  /** Never throws, which would end its retries after six, and always arms itself again while anything is left. */
  override async alarm(): Promise<void> {
    this.#alarmAtMs = Number.POSITIVE_INFINITY;
    let finished = false;
    try {
      finished = await this.#finishTellings();
      finished = (await shipOutbox(this.#store, this.env.AUDIT)) && finished;
    } catch (error) {
      console.error(`key directory: alarm failed (${error instanceof Error ? error.name : "unknown"})`);
    }
    this.#failures = finished ? 0 : this.#failures + 1;
    if (!finished) this.#arm(retryDelayMs(this.#failures - 1));
  }

  async #finishTellings(): Promise<boolean> {
    let finished = true;
    for (const { credential, untold } of this.#store.untold(100)) {
      if (this.#minting.has(credential.id)) continue;
      if (untold === "minted") this.#commit(() => this.#revoked(credential, "abandon", itself()));
      finished = (await this.#tell(credential.id)) === null && finished;
    }
    return finished && this.#store.untold(1).every(({ credential }) => this.#minting.has(credential.id));
  }

  async #mint(fresh: NewCredential, actor: Actor, action: string, also: () => boolean): Promise<Outcome> {
    const tenant = this.#store.tenant(fresh.tenant);
    if (tenant === null) return { done: false, fault: "unknown_tenant" };
    if (this.#store.credential(fresh.id) !== null) return { done: false, fault: "taken" };

    const credential = enrolled(fresh, tenant, Date.now());
    const recorded = this.#commit(() => {
      if (!also()) return false;
      this.#store.putCredential(credential, "minted");
      this.#journalCredential(action, credential, actor);
      return true;
    });
    if (!recorded) return { done: false, fault: "burnt" };

    this.#minting.add(credential.id);
    try {
      const fault = await this.#tell(credential.id);
      if (fault === null) return { done: true, credential };
      this.#commit(() => this.#revoked(this.#store.credential(credential.id) ?? credential, "abandon", actor));
      return { done: false, fault };
    } finally {
      this.#minting.delete(credential.id);
    }
  }

  #revoked(found: Credential, action: string, actor: Actor): Credential {
    const credential = found.revoked_at_ms === null ? { ...found, revoked_at_ms: Date.now() } : found;
    this.#store.putCredential(credential, "revoked");
    if (found.revoked_at_ms === null) this.#journalCredential(action, credential, actor);
    return credential;
  }

  #find(id: string, kind: CredentialKind): Credential | null {
    const credential = this.#store.credential(id);
    return credential?.kind === kind ? credential : null;
  }

  /** Tells the newest row of a credential, after what is being told of it already. */
  async #tell(id: string): Promise<TellFault | null> {
    const before = this.#lanes.get(id) ?? Promise.resolve();
    const telling = before.then(async () => {
      const news = this.#store.news(id);
      if (news === null) return null;
      const fault = await tell(news, Date.now(), this.env);
      if (fault === null) this.#store.told(news);
      return fault;
    });
    this.#lanes.set(id, telling);
    try {
      return await telling;
    } finally {
      if (this.#lanes.get(id) === telling) this.#lanes.delete(id);
    }
  }

  #commit<T>(work: () => T): T {
    const result = this.ctx.storage.transactionSync(work);
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

  #journal(action: string, log: string, tenant: string, target: string, actor: Actor): void {
    this.#store.enqueue(log, adminRecord(action, tenant, target, actor, Date.now()));
  }
}

/** Where no administrator acts: the directory cleans up after a crash. */
function itself(): Actor {
  return {
    requestId: newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
    credentialId: "key-directory",
  };
}

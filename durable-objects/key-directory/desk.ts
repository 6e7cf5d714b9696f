// API keys and clients: an administrator's act and its audit record in one commit, then the other Workers are told, then
// the answer. Whatever a crash leaves between those, `finish` does: changes and revocations are told, a credential that
// was never provisioned is revoked, since its key was never handed out.
//
//   rotate   new key recorded, the old one marked → provisioned → signed → the old one's end set → answer → … → retired
import { changed, enrolled, keyClaims, warnAtMs } from "./core.ts";
import type {
  Actor,
  Credential,
  CredentialChange,
  CredentialKind,
  DirectoryFault,
  Issuance,
  MintOutcome,
  NewCredential,
  Outcome,
} from "./records.ts";
import type { Keyring } from "./signing/keyring.ts";
import type { Store } from "./store.ts";
import { type Listeners, type TellFault, tell } from "./tell.ts";

export interface DeskDeps {
  readonly store: Store;
  readonly keyring: Keyring;
  readonly to: Listeners;
  readonly now: () => number;
  commit<T>(work: () => T): T;
  journal(action: string, credential: Credential, actor: Actor): void;
  /** who acts where no administrator does */
  itself(): Actor;
}

export interface MintWish {
  readonly fresh: NewCredential;
  readonly actor: Actor;
  readonly action: "mint" | "bootstrap" | "rotate";
  /** null for a client, which has no key of its own */
  readonly issuance: Issuance | null;
  /** in the same commit; a fault undoes it whole */
  also?(): DirectoryFault | null;
}

export class CredentialDesk {
  readonly #deps: DeskDeps;
  /** one telling at a time for each credential, so that an older row never arrives after a newer one */
  readonly #lanes = new Map<string, Promise<unknown>>();
  /** minted by a call that still runs: not orphans */
  readonly #minting = new Set<string>();

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  async mint({ fresh, actor, action, issuance, also }: MintWish): Promise<MintOutcome> {
    const { store, keyring, commit, journal, now } = this.#deps;
    const tenant = store.tenant(fresh.tenant);
    if (tenant === null) return { done: false, fault: "unknown_tenant" };
    if (store.credential(fresh.id) !== null) return { done: false, fault: "taken" };
    if (issuance !== null && !(await keyring.isReady("api_key"))) return { done: false, fault: "not_ready" };

    const credential = enrolled(fresh, tenant, now());
    this.#minting.add(credential.id);
    try {
      const fault = commit((): DirectoryFault | null => {
        const refused = also?.() ?? null;
        if (refused !== null) return refused;
        store.putCredential(credential, "minted");
        journal(action, credential, actor);
        this.#planWarning(credential);
        return null;
      });
      if (fault !== null) return { done: false, fault };
      const untold = await this.#tell(credential.id);
      if (untold !== null) return this.#abandon(credential, untold, actor);
      if (issuance === null) return { done: true, credential, key: null };
      const signed = await keyring.sign("api_key", keyClaims(credential, issuance, now()));
      return signed.done
        ? { done: true, credential, key: signed.token }
        : this.#abandon(credential, "not_ready", actor);
    } finally {
      this.#minting.delete(credential.id);
    }
  }

  /** @param overlapMs for which both keys work */
  async rotate(fresh: NewCredential, issuance: Issuance, overlapMs: number, actor: Actor): Promise<MintOutcome> {
    const { store, commit, now } = this.#deps;
    const oldId = fresh.replaces ?? "";
    const outcome = await this.mint({
      fresh,
      actor,
      action: "rotate",
      issuance,
      also: () => {
        const old = this.find(oldId, "api_key");
        if (old === null) return "unknown";
        if (old.revoked_at_ms !== null) return "revoked";
        // two successors of one key would both be "the" key of its holder
        if (old.replaced_by !== null) return "replaced";
        store.amendCredential({ ...old, replaced_by: fresh.id });
        store.dropDue(oldId, "warn");
        return null;
      },
    });
    if (!outcome.done) return outcome;
    const retired = commit(() => {
      const old = store.credential(oldId);
      if (old === null || old.revoked_at_ms !== null) return false;
      const retiresAtMs = Math.min(now() + overlapMs, old.expires_at_ms ?? Number.POSITIVE_INFINITY);
      // a row's limits are the account's: the new key's, or this telling would put the old ones back
      const limits = outcome.credential.limits;
      store.putCredential({ ...old, limits, retires_at_ms: retiresAtMs }, "changed");
      store.putDue({ credentialId: oldId, act: "retire", dueAtMs: retiresAtMs });
      this.#event("key.rotated", old);
      return true;
    });
    // the new key was made either way: what cannot be told now is told by the alarm
    if (retired) await (overlapMs === 0 ? this.#retire(oldId) : this.#tell(oldId));
    return outcome;
  }

  find(id: string, kind: CredentialKind): Credential | null {
    const credential = this.#deps.store.credential(id);
    return credential?.kind === kind ? credential : null;
  }

  async change(id: string, kind: CredentialKind, change: CredentialChange, actor: Actor): Promise<Outcome> {
    const { store, commit, journal } = this.#deps;
    const found = this.find(id, kind);
    if (found === null) return { done: false, fault: "unknown" };
    const outcome = changed(found, change);
    if (!outcome.done) return outcome;
    const { credential } = outcome;

    commit(() => {
      store.putCredential(credential, "changed");
      journal("change", credential, actor);
      this.#planWarning(credential);
      // limits are the account's: the other keys of the lineage have them too
      for (const other of change.limits === undefined ? [] : store.lineage(credential.account))
        if (other.id !== id) store.amendCredential({ ...other, limits: credential.limits });
    });
    const fault = await this.#tell(id);
    return fault === null ? outcome : { done: false, fault };
  }

  async revoke(id: string, kind: CredentialKind, actor: Actor): Promise<Outcome> {
    const found = this.find(id, kind);
    if (found === null) return { done: false, fault: "unknown" };

    const credential = this.#deps.commit(() => this.revoked(found, "revoke", actor));
    // told anew also where it was revoked before: an answer says that it holds now
    const fault = await this.#tell(id);
    return fault === null ? { done: true, credential } : { done: false, fault };
  }

  /** Marks it as revoked, in the caller's commit; the alarm tells. */
  revoked(found: Credential, action: string, actor: Actor): Credential {
    const { store, journal, now } = this.#deps;
    const credential = found.revoked_at_ms === null ? { ...found, revoked_at_ms: now() } : found;
    store.putCredential(credential, "revoked");
    store.dropDue(credential.id, "warn");
    store.dropDue(credential.id, "retire");
    if (found.revoked_at_ms === null) journal(action, credential, actor);
    return credential;
  }

  /** What a crash or a failure left, and what time brings. True once nothing is left to tell. */
  async finish(): Promise<boolean> {
    const { store, commit, itself, now } = this.#deps;
    for (const { credentialId, act } of store.due(now(), 100))
      if (act === "retire") await this.#retire(credentialId);
      else commit(() => this.#warn(credentialId));
    let finished = true;
    for (const { credential, untold } of store.untold(100)) {
      if (this.#minting.has(credential.id)) continue;
      if (untold === "minted") commit(() => this.#abandoned(credential, itself()));
      finished = (await this.#tell(credential.id)) === null && finished;
    }
    return finished && store.untold(1).every(({ credential }) => this.#minting.has(credential.id));
  }

  async #retire(id: string): Promise<void> {
    const { commit, itself, store } = this.#deps;
    const old = store.credential(id);
    if (old === null) return;
    commit(() => this.revoked(old, "retire", itself()));
    await this.#tell(id);
  }

  #warn(id: string): void {
    const { store, journal, itself } = this.#deps;
    store.dropDue(id, "warn");
    const credential = store.credential(id);
    if (credential === null || credential.revoked_at_ms !== null || credential.replaced_by !== null) return;
    journal("rotation_due", credential, itself());
    this.#event("key.rotation_due", credential);
  }

  #planWarning(credential: Credential): void {
    const { store } = this.#deps;
    const dueAtMs = warnAtMs(credential);
    if (dueAtMs === null) store.dropDue(credential.id, "warn");
    else store.putDue({ credentialId: credential.id, act: "warn", dueAtMs });
  }

  #abandon(credential: Credential, fault: DirectoryFault, actor: Actor): MintOutcome {
    this.#deps.commit(() => this.#abandoned(this.#deps.store.credential(credential.id) ?? credential, actor));
    return { done: false, fault };
  }

  /** Its key was handed to nobody, so it replaces nothing either. */
  #abandoned(credential: Credential, actor: Actor): void {
    const { store } = this.#deps;
    this.revoked(credential, "abandon", actor);
    const old = credential.replaces === null ? null : store.credential(credential.replaces);
    if (old?.replaced_by !== credential.id) return;
    const kept = { ...old, replaced_by: null };
    store.amendCredential(kept);
    if (kept.revoked_at_ms === null) this.#planWarning(kept);
  }

  #event(kind: string, { id, tenant }: Credential): void {
    this.#deps.store.putEvent({ time_ms: this.#deps.now(), kind, tenant, target: id });
  }

  /** Tells the newest row of a credential, after what is being told of it already. */
  async #tell(id: string): Promise<TellFault | null> {
    const { store, to, now } = this.#deps;
    const before = this.#lanes.get(id) ?? Promise.resolve();
    const telling = before.then(async () => {
      const news = store.news(id);
      if (news === null) return null;
      const fault = await tell(news, now(), to);
      if (fault === null) store.told(news);
      return fault;
    });
    this.#lanes.set(id, telling);
    try {
      return await telling;
    } finally {
      if (this.#lanes.get(id) === telling) this.#lanes.delete(id);
    }
  }
}

// The directory's signing keys: which lives in which state is identity/key-lifecycle.ts's; here are their material, the
// order of publishing and signing, and what a crash leaves.
//
//   make next → commit → publication.ts: known everywhere → promote → sign
//
// A crash after the commit leaves a key that is published later; one before the confirmation is recorded, a set that is
// published twice. In no order does a key sign before both Workers hold it.

import { addNext, advance, recordSigned, rotateNow } from "../../../identity/key-lifecycle.ts";
import {
  CREDENTIAL_KINDS,
  currentKey,
  keyIn,
  LIFECYCLE_RULES,
  type LifecycleKey,
  type LifecycleRules,
  type LifecycleSet,
} from "../../../identity/key-set.ts";
import { type Withdrawal, withdraw, withdrawalOf } from "../../../identity/key-withdrawal.ts";
import type { CredentialKind, SignatureAlgorithm } from "../../../identity/keys.ts";
import { mintToken, type SigningKey, type TokenClaims } from "../../../identity/tokens.ts";
import type { PublishedKeys } from "../../../protocol/rpc.ts";
import type { Actor } from "../records.ts";
import type { Listeners } from "../tell.ts";
import { adoptConfigured } from "./begin.ts";
import { type MadeKey, makeKey, openKey } from "./material.ts";
import { PROPAGATION_MS, Publication } from "./publication.ts";
import type { KeyFault, KeyList, RotateOutcome, SignOutcome } from "./records.ts";
import { importSealingKey } from "./seal.ts";
import { configuredKeys, directoryKey, type SigningEnv } from "./settings.ts";
import type { KeyMaterial, SigningStore } from "./store.ts";

/** How often keys that retire are looked at, in milliseconds. */
const LOOK_MS = 3_600_000;

export interface KeyringDeps {
  readonly store: SigningStore;
  readonly env: SigningEnv & Listeners;
  readonly now: () => number;
  readonly rules?: LifecycleRules;
  /** one transaction, after which the alarm is armed */
  commit<T>(work: () => T): T;
  /** an act for the audit log, in the same commit; null: time acts */
  journal(action: string, kid: string, actor: Actor | null): void;
}

export class Keyring {
  readonly #deps: KeyringDeps;
  readonly #rules: LifecycleRules;
  readonly #publication: Publication;
  readonly #signers = new Map<string, SigningKey>();
  #opening: Promise<CryptoKey> | null = null;

  constructor(deps: KeyringDeps) {
    this.#deps = deps;
    this.#rules = deps.rules ?? LIFECYCLE_RULES;
    this.#publication = new Publication(deps.store, deps.env, deps.now);
  }

  async published(): Promise<PublishedKeys> {
    await this.#open();
    return this.#publication.current();
  }

  async list(): Promise<KeyList> {
    await this.#open();
    const { store } = this.#deps;
    const { generation, keys } = store.set();
    return {
      generation,
      confirmed_generation: store.acks().generation,
      keys: keys.map((key) => ({ ...key, public_jwk: store.publicJwk(key.kid) ?? {} })),
    };
  }

  /** Signs with the current key. An API key's id is recorded under it before the key exists. */
  async sign(kind: CredentialKind, claims: TokenClaims): Promise<SignOutcome> {
    const signer = await this.#readySigner(kind);
    // it may have been withdrawn while it was opened
    if (signer === null || !this.#records(kind, claims, signer.kid)) return { done: false, fault: "not_ready" };
    return { done: true, token: await mintToken(claims, signer, kind) };
  }

  /** Whether `sign` will. Where no key signs yet, waits for the seconds that it takes until one does. */
  async isReady(kind: CredentialKind): Promise<boolean> {
    return (await this.#readySigner(kind)) !== null;
  }

  /** At once: takes the few seconds for which a new key has to be known before it signs. */
  async rotate(kind: CredentialKind, alg: SignatureAlgorithm | null, actor: Actor): Promise<RotateOutcome> {
    const sealer = await this.#open();
    const { store, commit, journal, now } = this.#deps;
    const wanted = alg ?? this.#algorithmOf(kind);
    if (!(await this.#isUsable(keyIn(store.set(), kind, "next"), wanted, sealer))) {
      const made = await makeKey(kind, wanted, sealer);
      const fault = commit(() => this.#replaceNext(made));
      if (fault !== null) return { done: false, fault };
    }
    const fault = await this.#publication.settle();
    if (fault !== null) return { done: false, fault };
    const kid = commit(() => {
      const before = store.set();
      // published, confirmed and spread: how long ago it was made does not matter
      const outcome = rotateNow(before, kind, now(), { ...this.#rules, publishAheadMs: 0 });
      const current = outcome.done ? currentKey(outcome.set, kind) : null;
      if (!outcome.done || current === null) return null;
      this.#save(before, outcome.set);
      journal("signing_key.rotate", current.kid, actor);
      return current.kid;
    });
    return kid === null ? { done: false, fault: "not_ready" } : { done: true, kid };
  }

  /** Not where it was sealed under another DIRECTORY_KEY: a rotation is what helps there, and must not promote it. */
  async #isUsable(next: LifecycleKey | null, alg: SignatureAlgorithm, sealer: CryptoKey): Promise<boolean> {
    const sealed = next === null ? null : this.#deps.store.sealed(next.kid);
    if (next?.alg !== alg || sealed === null) return false;
    return await openKey(next, sealed, sealer).then(
      () => true,
      () => false,
    );
  }

  /** What would die with the key; null where it is unknown or gone. */
  async withdrawal(kid: string): Promise<Withdrawal | null> {
    await this.#open();
    return this.#withdrawal(kid);
  }

  /** Once it answers null, no Worker takes what the key signed. `also` is part of the same commit. */
  async withdraw(kid: string, actor: Actor, also: (withdrawal: Withdrawal) => void): Promise<KeyFault | null> {
    await this.#open();
    const { store, commit, journal, now } = this.#deps;
    const found = commit(() => {
      const before = store.set();
      const withdrawal = this.#withdrawal(kid);
      const outcome = withdraw(before, kid, now(), this.#rules);
      if (withdrawal === null || !outcome.done) return false;
      this.#save(before, outcome.set);
      journal("signing_key.withdraw", kid, actor);
      also(withdrawal);
      return true;
    });
    this.#signers.delete(kid);
    return found ? await this.#publication.push() : "unknown";
  }

  /** What time brings. For the alarm: whether all is published, and when to come again (Unix milliseconds). */
  async tend(): Promise<{ readonly finished: boolean; readonly dueAtMs: number }> {
    const sealer = await this.#open();
    const { commit, now } = this.#deps;
    if (this.#publication.isSettled())
      for (const kind of this.#advance()) {
        const made = await makeKey(kind, this.#algorithmOf(kind), sealer);
        commit(() => this.#addNext(made));
      }
    const finished = (await this.#publication.push()) === null;
    return { finished, dueAtMs: this.#dueAtMs(now()) };
  }

  /** Promotes and retires; answers the kinds that have no `next`. */
  #advance(): readonly CredentialKind[] {
    const { store, commit, journal, now } = this.#deps;
    const before = store.set();
    const { set, wanted } = advance(before, now(), this.#rules);
    const moved = set.keys.filter((key) => before.keys.find(({ kid }) => kid === key.kid)?.state !== key.state);
    if (moved.length > 0)
      commit(() => {
        this.#save(before, set);
        for (const { state, kid } of moved) journal(`signing_key.${state}`, kid, null);
      });
    return wanted;
  }

  #withdrawal(kid: string): Withdrawal | null {
    const { store, now } = this.#deps;
    return withdrawalOf(store.set(), kid, store.signedBy(kid, now()), now(), this.#rules);
  }

  #replaceNext(made: MadeKey): KeyFault | null {
    const { store, now } = this.#deps;
    const before = store.set();
    const other = keyIn(before, made.key.signs, "next");
    const dropped = other === null ? null : withdraw(before, other.kid, now(), this.#rules);
    if (dropped?.done) this.#save(before, dropped.set);
    return this.#addNext(made);
  }

  #addNext({ key, material }: MadeKey): KeyFault | null {
    const { store, journal, now } = this.#deps;
    const before = store.set();
    const outcome = addNext(before, key, now(), this.#rules);
    // `taken`: another call made one meanwhile, which does as well
    if (!outcome.done) return outcome.fault === "too_many" ? "too_many" : null;
    this.#save(before, outcome.set, new Map([[key.kid, material]]));
    journal("signing_key.next", key.kid, null);
    return null;
  }

  /**
   * A generation is never below the clock's seconds: a directory that was restored to yesterday publishes above what the
   * others have seen since.
   */
  #save(before: LifecycleSet, after: LifecycleSet, material?: ReadonlyMap<string, KeyMaterial>): void {
    const { store, now } = this.#deps;
    const changed = after.generation !== before.generation;
    const generation = changed ? Math.max(before.generation + 1, Math.floor(now() / 1000)) : before.generation;
    store.save({ ...after, generation }, material);
  }

  #records(kind: CredentialKind, claims: TokenClaims, kid: string): boolean {
    const { store, commit } = this.#deps;
    if (kind === "access_token") return currentKey(store.set(), kind)?.kid === kid;
    return commit(() => {
      const outcome = recordSigned(store.set(), kid, claims.exp * 1000);
      if (!outcome.done) return false;
      store.save(outcome.set);
      store.putSigned({ id: claims.jti, kid, expiresAtMs: claims.exp * 1000 });
      return true;
    });
  }

  async #readySigner(kind: CredentialKind): Promise<SigningKey | null> {
    const sealer = await this.#open();
    const signer = await this.#signer(kind, sealer);
    if (signer !== null || (await this.#publication.settle()) !== null) return signer;
    this.#advance();
    return await this.#signer(kind, sealer);
  }

  /** Null before the key is known to gateway and audit. */
  async #signer(kind: CredentialKind, sealer: CryptoKey): Promise<SigningKey | null> {
    const { store } = this.#deps;
    const key = currentKey(store.set(), kind);
    if (key === null || store.sinceGeneration(key.kid) > store.acks().generation) return null;
    const known = this.#signers.get(key.kid);
    if (known !== undefined) return known;
    const sealed = store.sealed(key.kid);
    if (sealed === null) return null;
    const signer = await openKey(key, sealed, sealer);
    this.#signers.set(key.kid, signer);
    return signer;
  }

  #algorithmOf(kind: CredentialKind): SignatureAlgorithm {
    const set = this.#deps.store.set();
    return (keyIn(set, kind, "current") ?? keyIn(set, kind, "next"))?.alg ?? "EdDSA";
  }

  #dueAtMs(nowMs: number): number {
    if (!this.#publication.isSettled()) return Math.max(nowMs, this.#publication.settledAtMs());
    const { keys } = this.#deps.store.set();
    const rotations = keys.map((key) => {
      if (key.state === "retiring") return nowMs + LOOK_MS;
      if (key.state !== "current") return Number.POSITIVE_INFINITY;
      const next = keys.find(({ state, signs }) => state === "next" && signs === key.signs);
      const dueMs = (key.current_since_ms ?? nowMs) + this.#rules.rotateAfterMs[key.signs];
      return Math.max(dueMs, (next?.created_at_ms ?? nowMs) + this.#rules.publishAheadMs);
    });
    return Math.min(...rotations);
  }

  /** The sealing key, once the directory has keys. */
  #open(): Promise<CryptoKey> {
    this.#opening ??= this.#begin().catch((error) => {
      // the next call tries again: a setting may have been put right
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #begin(): Promise<CryptoKey> {
    const { store, env, commit, journal, now } = this.#deps;
    const sealer = await importSealingKey(directoryKey(env));
    if (store.set().keys.length > 0) return sealer;
    const configured = await configuredKeys(env);
    if (configured === null) {
      // they sign once they are published: until then nothing is minted
      for (const kind of CREDENTIAL_KINDS) {
        const made = await makeKey(kind, "EdDSA", sealer);
        commit(() => this.#addNext(made));
      }
      return sealer;
    }
    const adopted = await adoptConfigured(configured, sealer);
    commit(() => {
      const set = adopted.set(store.adoptCredentials(configured.signers.api_key.kid, now()), now());
      store.save(set, adopted.material);
      store.acked(set.generation, now() - PROPAGATION_MS);
      for (const { kid } of set.keys) journal("signing_key.adopt", kid, null);
    });
    return sealer;
  }
}

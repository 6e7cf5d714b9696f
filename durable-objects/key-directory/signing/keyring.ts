// The directory's signing keys: which lives in which state is identity/key-lifecycle.ts's; here are the order of
// publishing and signing, and what a crash leaves.
//
//   make next → commit → publication.ts: known everywhere → promote → sign
//
// A crash after the commit leaves a key that is published later; one before the confirmation is recorded, a set that is
// published twice. In no order does a key sign before both Workers hold it.
import { keyIn } from "../../../identity/key-set.ts";
import type { Withdrawal } from "../../../identity/key-withdrawal.ts";
import type { CredentialKind, SignatureAlgorithm } from "../../../identity/keys.ts";
import { mintToken, type SigningKey, type TokenClaims } from "../../../identity/tokens.ts";
import type { PublishedKeys } from "../../../protocol/rpc.ts";
import type { Actor } from "../records.ts";
import { begin } from "./begin.ts";
import { type KeyringDeps, newRing, type Ring } from "./context.ts";
import { makeKey } from "./material.ts";
import { Publication } from "./publication.ts";
import type { KeyFault, KeyList, RotateOutcome, SignOutcome } from "./records.ts";
import { Signers } from "./signers.ts";
import { addNext, advance, algorithmOf, promoteNext, replaceNext, withdrawal, withdrawn } from "./succession.ts";

/** How often keys that retire are looked at, in milliseconds. */
const LOOK_MS = 3_600_000;

export class Keyring {
  readonly #ring: Ring;
  readonly #publication: Publication;
  readonly #signers: Signers;
  #opening: Promise<CryptoKey> | null = null;

  constructor(deps: KeyringDeps) {
    this.#ring = newRing(deps);
    this.#publication = new Publication(deps.store, deps.env, deps.now);
    this.#signers = new Signers(this.#ring);
  }

  async published(): Promise<PublishedKeys> {
    await this.#open();
    return this.#publication.current();
  }

  async list(): Promise<KeyList> {
    await this.#open();
    const { store } = this.#ring;
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
    if (signer === null || !this.#signers.records(kind, claims, signer.kid)) return { done: false, fault: "not_ready" };
    return { done: true, token: await mintToken(claims, signer, kind) };
  }

  /** Whether `sign` will. Where no key signs yet, waits for the seconds that it takes until one does. */
  async isReady(kind: CredentialKind): Promise<boolean> {
    return (await this.#readySigner(kind)) !== null;
  }

  /** At once: takes the few seconds for which a new key has to be known before it signs. */
  async rotate(kind: CredentialKind, alg: SignatureAlgorithm | null, actor: Actor): Promise<RotateOutcome> {
    const sealer = await this.#open();
    const { store, commit } = this.#ring;
    const wanted = alg ?? algorithmOf(this.#ring, kind);
    if (!(await this.#signers.isUsable(keyIn(store.set(), kind, "next"), wanted, sealer))) {
      const made = await makeKey(kind, wanted, sealer);
      const fault = commit(() => replaceNext(this.#ring, made));
      if (fault !== null) return { done: false, fault };
    }
    const fault = await this.#publication.settle();
    if (fault !== null) return { done: false, fault };
    const kid = commit(() => promoteNext(this.#ring, kind, actor));
    return kid === null ? { done: false, fault: "not_ready" } : { done: true, kid };
  }

  /** What would die with the key; null where it is unknown or gone. */
  async withdrawal(kid: string): Promise<Withdrawal | null> {
    await this.#open();
    return withdrawal(this.#ring, kid);
  }

  /** Once it answers null, no Worker takes what the key signed. `also` is part of the same commit. */
  async withdraw(kid: string, actor: Actor, also: (withdrawal: Withdrawal) => void): Promise<KeyFault | null> {
    await this.#open();
    const found = this.#ring.commit(() => {
      const dying = withdrawn(this.#ring, kid, actor);
      if (dying !== null) also(dying);
      return dying !== null;
    });
    this.#signers.forget(kid);
    return found ? await this.#publication.push() : "unknown";
  }

  /** What time brings. For the alarm: whether all is published, and when to come again (Unix milliseconds). */
  async tend(): Promise<{ readonly finished: boolean; readonly dueAtMs: number }> {
    const sealer = await this.#open();
    const { commit, now } = this.#ring;
    if (this.#publication.isSettled())
      for (const kind of advance(this.#ring)) {
        const made = await makeKey(kind, algorithmOf(this.#ring, kind), sealer);
        commit(() => addNext(this.#ring, made));
      }
    const finished = (await this.#publication.push()) === null;
    return { finished, dueAtMs: this.#dueAtMs(now()) };
  }

  async #readySigner(kind: CredentialKind): Promise<SigningKey | null> {
    const sealer = await this.#open();
    const signer = await this.#signers.current(kind, sealer);
    if (signer !== null || (await this.#publication.settle()) !== null) return signer;
    advance(this.#ring);
    return await this.#signers.current(kind, sealer);
  }

  #dueAtMs(nowMs: number): number {
    if (!this.#publication.isSettled()) return Math.max(nowMs, this.#publication.settledAtMs());
    const { store, rules } = this.#ring;
    const { keys } = store.set();
    const rotations = keys.map((key) => {
      if (key.state === "retiring") return nowMs + LOOK_MS;
      if (key.state !== "current") return Number.POSITIVE_INFINITY;
      const next = keys.find(({ state, signs }) => state === "next" && signs === key.signs);
      const dueMs = (key.current_since_ms ?? nowMs) + rules.rotateAfterMs[key.signs];
      return Math.max(dueMs, (next?.created_at_ms ?? nowMs) + rules.publishAheadMs);
    });
    return Math.min(...rotations);
  }

  /** The sealing key, once the directory has keys. */
  #open(): Promise<CryptoKey> {
    this.#opening ??= begin(this.#ring).catch((error) => {
      // the next call tries again: a setting may have been put right
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }
}

// Keys that are open to sign with, and the record of what they sign.
import { recordSigned } from "../../../identity/key-lifecycle.ts";
import { currentKey, type LifecycleKey } from "../../../identity/key-set.ts";
import type { CredentialKind, SignatureAlgorithm } from "../../../identity/keys.ts";
import type { SigningKey, TokenClaims } from "../../../identity/tokens.ts";
import type { Ring } from "./context.ts";
import { openKey } from "./material.ts";

export class Signers {
  readonly #ring: Ring;
  readonly #open = new Map<string, SigningKey>();

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  /** The current key. Null before it is known to gateway and audit. */
  async current(kind: CredentialKind, sealer: CryptoKey): Promise<SigningKey | null> {
    const { store } = this.#ring;
    const key = currentKey(store.set(), kind);
    if (key === null || store.sinceGeneration(key.kid) > store.acks().generation) return null;
    const known = this.#open.get(key.kid);
    if (known !== undefined) return known;
    const sealed = store.sealed(key.kid);
    if (sealed === null) return null;
    const signer = await openKey(key, sealed, sealer);
    this.#open.set(key.kid, signer);
    return signer;
  }

  /** Not where it was sealed under another DIRECTORY_KEY: a rotation is what helps there, and must not promote it. */
  async isUsable(next: LifecycleKey | null, alg: SignatureAlgorithm, sealer: CryptoKey): Promise<boolean> {
    const sealed = next === null ? null : this.#ring.store.sealed(next.kid);
    if (next?.alg !== alg || sealed === null) return false;
    return await openKey(next, sealed, sealer).then(
      () => true,
      () => false,
    );
  }

  /** An API key's id is recorded under the key that will sign it. False where that is no longer the current one. */
  records(kind: CredentialKind, claims: TokenClaims, kid: string): boolean {
    const { store, commit } = this.#ring;
    if (kind === "access_token") return currentKey(store.set(), kind)?.kid === kid;
    return commit(() => {
      const outcome = recordSigned(store.set(), kid, claims.exp * 1000);
      if (!outcome.done) return false;
      store.save(outcome.set);
      store.putSigned({ id: claims.jti, kid, expiresAtMs: claims.exp * 1000 });
      return true;
    });
  }

  forget(kid: string): void {
    this.#open.delete(kid);
  }
}

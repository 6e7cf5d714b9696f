// How a directory comes by its first keys: those that the deployment was configured with, or its own.
import { CREDENTIAL_KINDS, type LifecycleKey, type LifecycleSet } from "../../../identity/key-set.ts";
import { MAX_LIFETIME_S } from "../../../identity/tokens.ts";
import type { Ring } from "./context.ts";
import { adoptKey, makeKey } from "./material.ts";
import { PROPAGATION_MS } from "./publication.ts";
import { importSealingKey } from "./seal.ts";
import { type ConfiguredKeys, configuredKeys, directoryKey } from "./settings.ts";
import type { KeyMaterial } from "./store.ts";
import { addNext } from "./succession.ts";

/** The sealing key, once the directory has keys. */
export async function begin(ring: Ring): Promise<CryptoKey> {
  const { store, env, commit, journal, now } = ring;
  const sealer = await importSealingKey(directoryKey(env));
  if (store.set().keys.length > 0) return sealer;
  const configured = await configuredKeys(env);
  if (configured === null) {
    // they sign once they are published: until then nothing is minted
    for (const kind of CREDENTIAL_KINDS) {
      const made = await makeKey(kind, "EdDSA", sealer);
      commit(() => addNext(ring, made));
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

interface Adopted {
  readonly material: ReadonlyMap<string, KeyMaterial>;
  /** @param apiKeysUntilMs when the last API key expires that the configured key has signed */
  set(apiKeysUntilMs: number, nowMs: number): LifecycleSet;
}

/** Gateway and audit have these by their own configuration, so they sign from the start and old tokens stay valid. */
async function adoptConfigured({ verification, signers }: ConfiguredKeys, sealer: CryptoKey): Promise<Adopted> {
  const material = new Map<string, KeyMaterial>();
  for (const { kid, jwk } of verification.byKid.values()) material.set(kid, { publicJwk: jwk, sealed: null });
  for (const kind of ["api_key", "access_token"] as const)
    material.set(signers[kind].kid, await adoptKey(signers[kind], kind, sealer));
  return {
    material,
    set(apiKeysUntilMs, nowMs) {
      const keys = [...verification.byKid.values()].map(({ kid, alg, signs }): LifecycleKey => {
        const current = signers[signs].kid === kid;
        return {
          kid,
          signs,
          alg,
          state: current ? "current" : "retiring",
          created_at_ms: nowMs,
          current_since_ms: current ? nowMs : null,
          retired_at_ms: current ? null : nowMs,
          gone_at_ms: null,
          // of a key whose signatures nobody recorded, the longest life is assumed
          signed_until_ms: current && signs === "api_key" ? apiKeysUntilMs : nowMs + MAX_LIFETIME_S[signs] * 1000,
          withdrawn: false,
        };
      });
      return { generation: verification.generation, keys };
    },
  };
}

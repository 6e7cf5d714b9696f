// How a directory comes by its first keys: those that the deployment was configured with, or its own.
import type { LifecycleKey, LifecycleSet } from "../../../identity/key-set.ts";
import { MAX_LIFETIME_S } from "../../../identity/tokens.ts";
import { adoptKey } from "./material.ts";
import type { ConfiguredKeys } from "./settings.ts";
import type { KeyMaterial } from "./store.ts";

export interface Adopted {
  readonly material: ReadonlyMap<string, KeyMaterial>;
  /** @param apiKeysUntilMs when the last API key expires that the configured key has signed */
  set(apiKeysUntilMs: number, nowMs: number): LifecycleSet;
}

/** Gateway and audit have these by their own configuration, so they sign from the start and old tokens stay valid. */
export async function adoptConfigured({ verification, signers }: ConfiguredKeys, sealer: CryptoKey): Promise<Adopted> {
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

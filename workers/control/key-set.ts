// The keys that judge tokens here, as the directory has them now: asked at each call, imported once a generation. So a
// key that was withdrawn opens nothing from the next request on, and what an isolate verified dies with its generation.
import { TokenCache } from "../../identity/cache.ts";
import { importVerificationKeys, type KeySet } from "../../identity/keys.ts";
import type { ControlEnv } from "./config.ts";
import type { ControlContext } from "./http.ts";

interface Held {
  keys: KeySet | null;
  /** when the directory was last asked (ms) */
  atMs: number;
  readonly cache: TokenCache;
}

// finished sets alone: a promise of one request that others wait for hangs when that one is gone
const held = new WeakMap<ControlEnv, Held>();

export interface CurrentKeys {
  readonly keys: KeySet;
  readonly cache: TokenCache;
}

/** @param maxAgeMs for which an earlier answer will do: 0 where a credential is judged, more where keys are only shown */
export async function currentKeys(c: ControlContext, maxAgeMs = 0): Promise<CurrentKeys> {
  const own = held.get(c.env) ?? { keys: null, atMs: 0, cache: new TokenCache() };
  held.set(c.env, own);
  const nowMs = Date.now();
  if (own.keys !== null && nowMs - own.atMs < maxAgeMs) return { keys: own.keys, cache: own.cache };
  const published = await c.get("directory").publishedKeys(own.keys?.generation ?? null);
  const keys = published === null ? own.keys : await importVerificationKeys(published.key_set);
  if (keys === null) throw new TypeError("the directory has no keys");
  if (own.keys === null || keys.generation > own.keys.generation) own.keys = keys;
  own.atMs = nowMs;
  return { keys, cache: own.cache };
}

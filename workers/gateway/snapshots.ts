// The snapshot that an isolate judges by: policy from configuration, verification keys from configuration or, once
// control published a higher generation, from the switchboard. It is pulled at most once a second and never older than
// two while requests are served:
//
//   younger than 1 s   served as it is
//   1 to 2 s           served as it is, refreshed in this request's own waitUntil
//   older              this request waits for its own refresh; where the switchboard cannot be reached, nothing is served
//
// Between requests only plain data and finished values pass: a refresh that another request began is never awaited.
import { SWITCHBOARD, type Switchboard } from "../../durable-objects/switchboard/object.ts";
import { importVerificationKeys, type KeySet } from "../../identity/keys.ts";
import type { Policy } from "../../policy/schema.ts";
import type { PublishedKeys } from "../../protocol/rpc.ts";

/** Everything an isolate judges by, under one generation. */
export interface Snapshot {
  readonly policy: Policy;
  readonly policyDigest: string;
  readonly keys: KeySet;
  readonly issuer: string;
  readonly audience: string;
}

/** What a pull of the snapshot needs of the request that makes it. */
export interface SnapshotRequest {
  readonly env: { readonly SWITCHBOARD: DurableObjectNamespace<Switchboard> };
  readonly nowMs: number;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Where policy, verification keys and, later, switches come from. */
export interface SnapshotSource {
  /** Null where there is none that may be served by. */
  current(request: SnapshotRequest): Promise<Snapshot | null>;
}

const FRESH_MS = 1000;
const STALE_MS = 2000;

/** The switchboard, as far as a pull needs it. */
interface Pull {
  publishedKeys(known: number): Promise<PublishedKeys | null>;
}

/** @param configured null where the configuration cannot be used: then nothing is served, whatever control publishes */
export function switchboardSnapshots(configured: Snapshot | null): SnapshotSource {
  let current = configured;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let refreshingAtMs = Number.NEGATIVE_INFINITY;

  const refresh = async ({ env, nowMs }: SnapshotRequest): Promise<boolean> => {
    if (current === null) return false;
    refreshingAtMs = nowMs;
    try {
      const published = await pull(env, current.keys.generation);
      if (published !== null) {
        const keys = await importVerificationKeys(published.key_set);
        if (keys.generation > current.keys.generation) current = { ...current, keys };
      }
      checkedAtMs = Math.max(checkedAtMs, nowMs);
      return true;
    } catch {
      console.error(JSON.stringify({ event: "snapshot_not_refreshed" }));
      return false;
    }
  };

  return {
    async current(request) {
      const age = request.nowMs - checkedAtMs;
      if (age >= STALE_MS || age < 0) return (await refresh(request)) ? current : null;
      if (age >= FRESH_MS && request.nowMs - refreshingAtMs >= FRESH_MS) request.waitUntil(refresh(request));
      return current;
    },
  };
}

/** Once more on a fresh stub where the first call failed: it is a read. */
async function pull(env: SnapshotRequest["env"], known: number): Promise<PublishedKeys | null> {
  const ask = (): Promise<PublishedKeys | null> =>
    (env.SWITCHBOARD.getByName(SWITCHBOARD) as unknown as Pull).publishedKeys(known);
  try {
    return await ask();
  } catch {
    return await ask();
  }
}

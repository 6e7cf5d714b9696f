// The snapshot that an isolate judges by: policy from configuration, verification keys from the switchboard once control
// published them, and until then from configuration, if it has any. It is pulled at most once a second and never older than
// two while requests are served:
//
//   younger than 1 s   served as it is
//   1 to 2 s           served as it is, refreshed in this request's own waitUntil
//   older              this request waits for its own refresh; where the switchboard cannot be reached, nothing is served
//
// Keys that were published replace configured ones of a lower generation. With neither, nothing is served.
//
// Between requests only plain data and finished values pass: a refresh that another request began is never awaited.
import { SWITCHBOARD, type Switchboard } from "../../durable-objects/switchboard/object.ts";
import type { NonceKeys } from "../../identity/dpop-nonce.ts";
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
  /** null where none can be made; then policy demands none */
  readonly nonces: NonceKeys | null;
}

/** What configuration alone gives; without keys it waits for those that control publishes. */
export interface Configured extends Omit<Snapshot, "keys"> {
  readonly keys: KeySet | null;
}

/** Why nothing is served. The policy stands beside it where it is known: it says who may read the refusal. */
export interface Unserved {
  readonly missing: "policy" | "keys";
  readonly policy: Policy | null;
}

export function isUnserved(standing: Snapshot | Unserved): standing is Unserved {
  return "missing" in standing;
}

/** What a pull of the snapshot needs of the request that makes it. */
export interface SnapshotRequest {
  readonly env: { readonly SWITCHBOARD: DurableObjectNamespace<Switchboard> };
  readonly nowMs: number;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Where policy, verification keys and, later, switches come from. */
export interface SnapshotSource {
  current(request: SnapshotRequest): Promise<Snapshot | Unserved>;
}

const FRESH_MS = 1000;
const STALE_MS = 2000;
/** below any that is published */
const NO_GENERATION = -1;

/** The switchboard, as far as a pull needs it. */
interface Pull {
  publishedKeys(known: number): Promise<PublishedKeys | null>;
}

/** @param configured null where the configuration cannot be used: then nothing is served, whatever control publishes */
export function switchboardSnapshots(configured: Configured | null): SnapshotSource {
  if (configured === null) return { current: async () => ({ missing: "policy", policy: null }) };
  const unkeyed: Unserved = { missing: "keys", policy: configured.policy };
  let current: Snapshot | Unserved = configured.keys === null ? unkeyed : { ...configured, keys: configured.keys };
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let refreshingAtMs = Number.NEGATIVE_INFINITY;

  const refresh = async ({ env, nowMs }: SnapshotRequest): Promise<boolean> => {
    refreshingAtMs = nowMs;
    const known = (): number => (isUnserved(current) ? NO_GENERATION : current.keys.generation);
    try {
      const published = await pull(env, known());
      if (published !== null) {
        const keys = await importVerificationKeys(published.key_set);
        if (keys.generation > known()) current = { ...configured, keys };
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
      if (age >= STALE_MS || age < 0) return (await refresh(request)) ? current : unkeyed;
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

// This platform's own signing keys as plain data, and the small steps that their life is made of (key-lifecycle.ts). Key
// material lies elsewhere, under its `kid`.
import type { CredentialKind, SignatureAlgorithm } from "./keys.ts";
import { CLOCK_SKEW_S, MAX_LIFETIME_S } from "./tokens.ts";

export type KeyState = "next" | "current" | "retiring" | "gone";

export interface LifecycleKey {
  readonly kid: string;
  readonly signs: CredentialKind;
  readonly alg: SignatureAlgorithm;
  readonly state: KeyState;
  readonly created_at_ms: number;
  /** first token, and last: null until then */
  readonly current_since_ms: number | null;
  readonly retired_at_ms: number | null;
  readonly gone_at_ms: number | null;
  /** the latest `exp` that it signed, as far as it is recorded; 0 for none */
  readonly signed_until_ms: number;
  /** it went at once, with tokens that had not expired */
  readonly withdrawn: boolean;
}

export interface LifecycleSet {
  readonly generation: number;
  readonly keys: readonly LifecycleKey[];
}

export const EMPTY_SET: LifecycleSet = { generation: 0, keys: [] };

export interface LifecycleRules {
  /** How long a key signs, by kind. */
  readonly rotateAfterMs: Readonly<Record<CredentialKind, number>>;
  /** How long a key is published before it signs: the longest time for which a verifier may hold an older set. */
  readonly publishAheadMs: number;
  /** Published keys of one set. Bounds what verifiers import; they take at most 64. */
  readonly maxPublished: number;
  /** Keys that are gone and still listed, so that a list shows what happened. */
  readonly maxGone: number;
}

export const LIFECYCLE_RULES: LifecycleRules = {
  rotateAfterMs: { access_token: 7 * 86_400_000, api_key: 30 * 86_400_000 },
  publishAheadMs: 10 * 60_000,
  maxPublished: 48,
  maxGone: 64,
};

export const CREDENTIAL_KINDS = ["api_key", "access_token"] as const satisfies readonly CredentialKind[];

export type LifecycleOutcome =
  | { readonly done: true; readonly set: LifecycleSet }
  | {
      readonly done: false;
      readonly fault: /** the kind has a `next` already, or the `kid` was used before */
        | "taken"
        /** `maxPublished` keys are published: none may come before one has gone */
        | "too_many"
        | "unknown"
        /** the key that would sign is not known to every verifier yet */
        | "too_young"
        /** the key signs no more: what it would sign could die before its time */
        | "not_current";
      readonly readyAtMs: number | null;
    };

/** The keys that verifiers are to trust, in the order of their making. */
export function published(set: LifecycleSet): readonly LifecycleKey[] {
  return set.keys.filter(({ state }) => state !== "gone");
}

/** The key that signs now; null where there is none, and then nothing is signed. */
export function currentKey(set: LifecycleSet, kind: CredentialKind): LifecycleKey | null {
  return keyIn(set, kind, "current");
}

export const SKEW_MS = CLOCK_SKEW_S * 1000;

/** Until when some verifier may still have to accept a token of this retired key. */
export function neededUntilMs(key: LifecycleKey, rules: LifecycleRules): number {
  const retiredAtMs = key.retired_at_ms ?? key.created_at_ms;
  // a client's access tokens are not recorded one by one: any could be of the last instant and the longest life
  // and signed by an isolate that had not heard of the change
  const lastMs =
    key.signs === "access_token" ? retiredAtMs + rules.publishAheadMs + MAX_LIFETIME_S.access_token * 1000 : 0;
  return Math.max(lastMs, key.signed_until_ms) + SKEW_MS;
}

/** next → current, current → retiring; null where there is no `next` of that age. */
export function promote(set: LifecycleSet, kind: CredentialKind, nowMs: number, minAgeMs: number): LifecycleSet | null {
  const waiting = keyIn(set, kind, "next");
  if (waiting === null || nowMs < waiting.created_at_ms + minAgeMs) return null;
  return mapKeys(set, (key) => {
    if (key === waiting) return { ...key, state: "current", current_since_ms: nowMs };
    return key.signs === kind && key.state === "current" ? { ...key, state: "retiring", retired_at_ms: nowMs } : key;
  });
}

export function keyIn(set: LifecycleSet, kind: CredentialKind, state: KeyState): LifecycleKey | null {
  return set.keys.find((key) => key.signs === kind && key.state === state) ?? null;
}

export function mapKeys(set: LifecycleSet, change: (key: LifecycleKey) => LifecycleKey): LifecycleSet {
  return { ...set, keys: set.keys.map(change) };
}

/** The generation, and the list without its oldest ghosts. */
export function pruned(before: readonly LifecycleKey[], set: LifecycleSet, { maxGone }: LifecycleRules): LifecycleSet {
  const changed = published(set).length !== before.length;
  const gone = set.keys.filter(({ state }) => state === "gone");
  const dropped = new Set(gone.slice(0, Math.max(0, gone.length - maxGone)));
  const keys = set.keys.filter((key) => !dropped.has(key));
  return { generation: set.generation + (changed ? 1 : 0), keys };
}

export function lifecycleFault(
  name: Extract<LifecycleOutcome, { done: false }>["fault"],
  readyAtMs: number | null = null,
): LifecycleOutcome {
  return { done: false, fault: name, readyAtMs };
}

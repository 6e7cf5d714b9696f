// What every act on the signing keys needs.
import { LIFECYCLE_RULES, type LifecycleRules, type LifecycleSet } from "../../../identity/key-set.ts";
import type { Actor } from "../records.ts";
import type { Listeners } from "../tell.ts";
import type { SigningEnv } from "./settings.ts";
import type { KeyMaterial, SigningStore } from "./store.ts";

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

export interface Ring extends KeyringDeps {
  readonly rules: LifecycleRules;
}

export function newRing(deps: KeyringDeps): Ring {
  return { ...deps, rules: deps.rules ?? LIFECYCLE_RULES };
}

/**
 * In the caller's commit. A generation is never below the clock's seconds: a directory that was restored to yesterday
 * publishes above what the others have seen since.
 */
export function save(
  { store, now }: Ring,
  before: LifecycleSet,
  after: LifecycleSet,
  material?: ReadonlyMap<string, KeyMaterial>,
): void {
  const changed = after.generation !== before.generation;
  const generation = changed ? Math.max(before.generation + 1, Math.floor(now() / 1000)) : before.generation;
  store.save({ ...after, generation }, material);
}

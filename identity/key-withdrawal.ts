// Taking a signing key out at once, after a loss, and what that costs, told before it is done.

import {
  type LifecycleOutcome,
  type LifecycleRules,
  type LifecycleSet,
  lifecycleFault,
  mapKeys,
  neededUntilMs,
  promote,
  pruned,
  published,
  SKEW_MS,
} from "./key-set.ts";
import type { CredentialKind } from "./keys.ts";
import { MAX_LIFETIME_S } from "./tokens.ts";

/** What dies with a key: shown before it is withdrawn, and recorded when it is. */
export interface Withdrawal {
  readonly kid: string;
  readonly signs: CredentialKind;
  /** tokens signed from then on … */
  readonly signedFromMs: number | null;
  /** … and until then (null: it signs to this day) are refused … */
  readonly signedToMs: number | null;
  /** … of which the last would have been good until then */
  readonly goodUntilMs: number;
  /** ids of the recorded credentials among them */
  readonly credentials: readonly string[];
}

/** A credential as far as this matters: the directory knows by which key each was signed. */
export interface SignedCredential {
  readonly id: string;
  readonly kid: string;
  readonly expiresAtMs: number;
}

/** Null where the key is unknown or gone: nothing dies. */
export function withdrawalOf(
  set: LifecycleSet,
  kid: string,
  signed: readonly SignedCredential[],
  nowMs: number,
  rules: LifecycleRules,
): Withdrawal | null {
  const key = set.keys.find((one) => one.kid === kid && one.state !== "gone");
  if (key === undefined) return null;
  const alive = signed.filter((one) => one.kid === kid && one.expiresAtMs + SKEW_MS > nowMs);
  return {
    kid,
    signs: key.signs,
    signedFromMs: key.current_since_ms,
    signedToMs: key.retired_at_ms,
    goodUntilMs:
      key.state === "current" ? nowMs + MAX_LIFETIME_S[key.signs] * 1000 + SKEW_MS : neededUntilMs(key, rules),
    credentials: alive.map(({ id }) => id),
  };
}

/**
 * Takes a key out at once: what it signed is refused from the next generation on. Where it was the current one, the
 * next takes its place, however young: a verifier that does not know it yet asks for the newer set, while a lost key
 * that goes on signing is anyone's.
 */
export function withdraw(set: LifecycleSet, kid: string, nowMs: number, rules: LifecycleRules): LifecycleOutcome {
  const key = set.keys.find((one) => one.kid === kid && one.state !== "gone");
  if (key === undefined) return lifecycleFault("unknown");
  const without = mapKeys(set, (one) =>
    one === key ? { ...one, state: "gone", gone_at_ms: nowMs, withdrawn: true } : one,
  );
  const replaced = key.state === "current" ? (promote(without, key.signs, nowMs, 0) ?? without) : without;
  return { done: true, set: pruned(published(set), replaced, rules) };
}

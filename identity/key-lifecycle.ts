// The life of this platform's own signing keys, as a pure machine over plain data: times and key ids are passed in, key
// material lies elsewhere under its `kid`.
//
//   next      published, does not sign yet: verifiers learn it before its first token
//   current   signs; one a kind
//   retiring  signs no more; published until the last token that it signed has expired everywhere
//   gone      not published: what it signed is refused
//
// An access-token key retires for the longest life of an access token; an API-key key only with the longest-lived key
// that it signed, which is why each signature of an API key is recorded before the key leaves (`recordSigned`). A crash
// between the two leaves a key that retires later than it had to, never sooner.
// The generation rises exactly when the published set changes: caches of verified tokens die with it.

import {
  CREDENTIAL_KINDS,
  keyIn,
  type LifecycleKey,
  type LifecycleOutcome,
  type LifecycleRules,
  type LifecycleSet,
  lifecycleFault,
  mapKeys,
  neededUntilMs,
  promote,
  pruned,
  published,
} from "./key-set.ts";
import type { CredentialKind, SignatureAlgorithm } from "./keys.ts";

export interface Advanced {
  readonly set: LifecycleSet;
  /** kinds that have no `next`: generate a key and give it to `addNext` */
  readonly wanted: readonly CredentialKind[];
}

/** What time alone brings: keys that are due are rotated, retired keys whose tokens are dead go. Idempotent. */
export function advance(set: LifecycleSet, nowMs: number, rules: LifecycleRules): Advanced {
  let next = set;
  for (const kind of CREDENTIAL_KINDS) {
    const current = keyIn(next, kind, "current");
    const due = current === null || nowMs >= (current.current_since_ms ?? nowMs) + rules.rotateAfterMs[kind];
    if (due) next = promote(next, kind, nowMs, current === null ? 0 : rules.publishAheadMs) ?? next;
  }
  next = mapKeys(next, (key) =>
    key.state === "retiring" && nowMs > neededUntilMs(key, rules) ? { ...key, state: "gone", gone_at_ms: nowMs } : key,
  );
  return {
    set: pruned(published(set), next, rules),
    wanted: CREDENTIAL_KINDS.filter((kind) => !keyIn(next, kind, "next")),
  };
}

export interface FreshKey {
  readonly kid: string;
  readonly signs: CredentialKind;
  readonly alg: SignatureAlgorithm;
}

/** Publishes a key that will sign. */
export function addNext(set: LifecycleSet, fresh: FreshKey, nowMs: number, rules: LifecycleRules): LifecycleOutcome {
  if (set.keys.some(({ kid }) => kid === fresh.kid) || keyIn(set, fresh.signs, "next") !== null)
    return lifecycleFault("taken");
  if (published(set).length >= rules.maxPublished) return lifecycleFault("too_many");
  const key: LifecycleKey = {
    ...fresh,
    state: "next",
    created_at_ms: nowMs,
    current_since_ms: null,
    retired_at_ms: null,
    gone_at_ms: null,
    signed_until_ms: 0,
    withdrawn: false,
  };
  return { done: true, set: { generation: set.generation + 1, keys: [...set.keys, key] } };
}

/** Rotates before it is due. Nothing breaks: the new key has been published long enough, the old one stays published. */
export function rotateNow(
  set: LifecycleSet,
  kind: CredentialKind,
  nowMs: number,
  rules: LifecycleRules,
): LifecycleOutcome {
  const waiting = keyIn(set, kind, "next");
  if (waiting === null) return lifecycleFault("unknown");
  const rotated = promote(set, kind, nowMs, rules.publishAheadMs);
  return rotated === null
    ? lifecycleFault("too_young", waiting.created_at_ms + rules.publishAheadMs)
    : { done: true, set: rotated };
}

/** To be recorded before the token leaves. Refused where the key no longer signs: sign again with the current one. */
export function recordSigned(set: LifecycleSet, kid: string, expiresAtMs: number): LifecycleOutcome {
  const key = set.keys.find((one) => one.kid === kid);
  if (key === undefined) return lifecycleFault("unknown");
  if (key.state !== "current") return lifecycleFault("not_current");
  const signed_until_ms = Math.max(key.signed_until_ms, expiresAtMs);
  return { done: true, set: mapKeys(set, (one) => (one === key ? { ...one, signed_until_ms } : one)) };
}

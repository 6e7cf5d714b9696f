// Which key follows which: a `next` is made and added, time promotes and retires, withdrawal takes one out. What the
// states mean is identity/key-lifecycle.ts's.
import { addNext as added, advance as advanced, rotateNow } from "../../../identity/key-lifecycle.ts";
import { currentKey, keyIn } from "../../../identity/key-set.ts";
import { type Withdrawal, withdraw, withdrawalOf } from "../../../identity/key-withdrawal.ts";
import type { CredentialKind, SignatureAlgorithm } from "../../../identity/keys.ts";
import type { Actor } from "../records.ts";
import { type Ring, save } from "./context.ts";
import type { MadeKey } from "./material.ts";
import type { KeyFault } from "./records.ts";

/** In the caller's commit. */
export function addNext(ring: Ring, { key, material }: MadeKey): KeyFault | null {
  const before = ring.store.set();
  const outcome = added(before, key, ring.now(), ring.rules);
  // `taken`: another call made one meanwhile, which does as well
  if (!outcome.done) return outcome.fault === "too_many" ? "too_many" : null;
  save(ring, before, outcome.set, new Map([[key.kid, material]]));
  ring.journal("signing_key.next", key.kid, null);
  return null;
}

/** In the caller's commit: a `next` of another algorithm, or that cannot be opened, makes way. */
export function replaceNext(ring: Ring, made: MadeKey): KeyFault | null {
  const before = ring.store.set();
  const other = keyIn(before, made.key.signs, "next");
  const dropped = other === null ? null : withdraw(before, other.kid, ring.now(), ring.rules);
  if (dropped?.done) save(ring, before, dropped.set);
  return addNext(ring, made);
}

/** Promotes and retires what is due; answers the kinds that have no `next`. */
export function advance(ring: Ring): readonly CredentialKind[] {
  const { store, commit, journal, now, rules } = ring;
  const before = store.set();
  const { set, wanted } = advanced(before, now(), rules);
  const moved = set.keys.filter((key) => before.keys.find(({ kid }) => kid === key.kid)?.state !== key.state);
  if (moved.length > 0)
    commit(() => {
      save(ring, before, set);
      for (const { state, kid } of moved) journal(`signing_key.${state}`, kid, null);
    });
  return wanted;
}

/** In the caller's commit, of a `next` that is published, confirmed and spread: how long ago it was made matters not. */
export function promoteNext(ring: Ring, kind: CredentialKind, actor: Actor): string | null {
  const { store, now, rules, journal } = ring;
  const before = store.set();
  const outcome = rotateNow(before, kind, now(), { ...rules, publishAheadMs: 0 });
  const current = outcome.done ? currentKey(outcome.set, kind) : null;
  if (!outcome.done || current === null) return null;
  save(ring, before, outcome.set);
  journal("signing_key.rotate", current.kid, actor);
  return current.kid;
}

/** What would die with the key; null where it is unknown or gone. */
export function withdrawal({ store, now, rules }: Ring, kid: string): Withdrawal | null {
  return withdrawalOf(store.set(), kid, store.signedBy(kid, now()), now(), rules);
}

/** In the caller's commit; what died, or null where it was unknown or gone. */
export function withdrawn(ring: Ring, kid: string, actor: Actor): Withdrawal | null {
  const before = ring.store.set();
  const dying = withdrawal(ring, kid);
  const outcome = withdraw(before, kid, ring.now(), ring.rules);
  if (dying === null || !outcome.done) return null;
  save(ring, before, outcome.set);
  ring.journal("signing_key.withdraw", kid, actor);
  return dying;
}

export function algorithmOf({ store }: Ring, kind: CredentialKind): SignatureAlgorithm {
  const set = store.set();
  return (keyIn(set, kind, "current") ?? keyIn(set, kind, "next"))?.alg ?? "EdDSA";
}

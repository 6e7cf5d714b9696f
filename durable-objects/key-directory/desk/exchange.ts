// A key that its own holder exchanges for its successor, without an administrator.
//
//   auto_rotate, and its time has come   one successor, as by any rotation
//   once more, successor never used      the same successor's text again: the first answer was lost
//   once more, successor in use          a fault, and an event: two hold this key
//
// The text is stored nowhere, yet can be given again: it is what the successor's record says, signed. Whoever holds the
// old key could have had the successor by asking first, so a repetition gives nothing new to a thief.
import { keyClaims, rotateFromMs } from "../core.ts";
import type { Actor, Credential, DirectoryFault, Issuance, MintOutcome, NewCredential } from "../records.ts";
import { type Desk, find } from "./context.ts";
import { rotate } from "./rotate.ts";

export interface Exchange {
  /** `replaces` names the key that is shown */
  readonly fresh: NewCredential;
  readonly issuance: Issuance;
  /** for which both keys work */
  readonly overlapMs: number;
  /** the ledger says that this one was never used */
  readonly unused: string | null;
}

export async function exchange(desk: Desk, wish: Exchange, actor: Actor): Promise<MintOutcome> {
  const { fresh, issuance, overlapMs } = wish;
  const outcome = await rotate(desk, { ...fresh, by_exchange: true }, issuance, overlapMs, actor, (old) =>
    mayExchange(old, desk.now()),
  );
  return outcome.done || outcome.fault !== "replaced" ? outcome : await again(desk, wish, actor);
}

function mayExchange(old: Credential, nowMs: number): DirectoryFault | null {
  const fromMs = rotateFromMs(old);
  return old.auto_rotate && fromMs !== null && nowMs >= fromMs ? null : "not_due";
}

async function again(desk: Desk, { fresh, issuance, unused }: Exchange, actor: Actor): Promise<MintOutcome> {
  const { commit, journal, keyring, minting, now } = desk;
  const old = find(desk, fresh.replaces ?? "", "api_key");
  const successor = find(desk, old?.replaced_by ?? "", "api_key");
  // what an administrator made of the key is not the holder's to have: it may do more, or be meant to shut him out
  if (old === null || !successor?.by_exchange || minting.has(successor.id)) return { done: false, fault: "replaced" };
  const good = old.auto_rotate && successor.revoked_at_ms === null && successor.replaced_by === null;
  if (!good || successor.id !== unused) {
    reportConflict(desk, old, actor);
    return { done: false, fault: "replaced" };
  }
  commit(() => journal("exchange_repeated", successor, actor));
  const signed = await keyring.sign("api_key", keyClaims(successor, issuance, now()));
  return signed.done ? { done: true, credential: successor, key: signed.token } : { done: false, fault: "not_ready" };
}

/** Once for each key: whoever holds it could fill log and events otherwise. */
function reportConflict({ tables, commit, event, journal }: Desk, old: Credential, actor: Actor): void {
  if (tables.events.has(CONFLICT, old.id)) return;
  commit(() => {
    journal("exchange_conflict", old, actor);
    event(CONFLICT, old.tenant, old.id);
  });
}

const CONFLICT = "key.exchange_conflict";

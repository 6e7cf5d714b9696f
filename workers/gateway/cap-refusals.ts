// What this isolate's own cap refused, by account, until the account's ledger has it. Plain data, which requests may
// share. It rides on the account's next call; where none comes within a second, any request that finds it old sends it.
//
//   count ─→ open ─ take ─→ riding ─ confirmed ─→ gone
//             └ new counts    └ putBack: waits under its id, takes no more counts        crash, or a rider that died: lost
//
// So the count is a lower bound, and the record says so; taken twice it is never, since the ledger knows each id.
import type { CapRefusals } from "../../durable-objects/account-ledger/commands.ts";
import type { Principal } from "../../identity/principal.ts";
import { type LedgerName, ledgerName, type RequestId } from "../../protocol/ids.ts";
import type { AccountRef } from "../../protocol/rpc.ts";

const DUE_AFTER_MS = 1000;
/** Accounts remembered; past it those with nothing to tell are forgotten, and where there are none the newest is not counted. */
const MAX_ACCOUNTS = 4096;
/** Addresses named in one count, and counts of one account that came back. */
const MAX_ADDRESSES = 64;
const MAX_RETURNED = 8;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Account extends AccountRef {
  open: (Mutable<Omit<CapRefusals, "addresses">> & { addresses: Map<string, number> }) | null;
  returned: readonly CapRefusals[];
  /** a flood makes one record a second, however many calls it leaves through */
  rodeAtMs: number;
}

const accounts = new Map<LedgerName, Account>();
/** no account is due before */
let dueAtMs = Number.POSITIVE_INFINITY;

export interface CapRefusal {
  readonly principal: Pick<Principal, "tenant" | "account" | "jurisdiction">;
  readonly clientAddress: string | null;
  readonly policyDigest: string;
}

/** @param newId for the first of a count */
export function countCapRefusal(refusal: CapRefusal, nowMs: number, newId: () => RequestId): void {
  const { tenant, account, jurisdiction } = refusal.principal;
  const known = accountOf(ledgerName(jurisdiction, account), { jurisdiction, account });
  if (known === null) return;
  known.open ??= {
    kind: "cap_refusals",
    id: newId(),
    tenant,
    account,
    policyDigest: refusal.policyDigest,
    sinceMs: nowMs,
    count: 0,
    addresses: new Map(),
  };
  const { open } = known;
  // two tenants may call an account by one name; the ledger is only one's
  if (open.tenant !== tenant) return;
  open.count += 1;
  dueAtMs = Math.min(dueAtMs, open.sinceMs + DUE_AFTER_MS);
  const { clientAddress: address } = refusal;
  if (address === null || (!open.addresses.has(address) && open.addresses.size >= MAX_ADDRESSES)) return;
  open.addresses.set(address, (open.addresses.get(address) ?? 0) + 1);
}

/** For the call that is about to be made to this ledger: it must put back what it could not deliver. */
export function takeCapRefusals(ledger: LedgerName, nowMs: number): readonly CapRefusals[] {
  const known = accounts.get(ledger);
  if (known === undefined || nowMs - known.rodeAtMs < DUE_AFTER_MS) return [];
  const { open, returned } = known;
  if (open === null && returned.length === 0) return [];
  known.open = null;
  known.returned = [];
  known.rodeAtMs = nowMs;
  return open === null ? returned : [...returned, { ...open, addresses: Object.fromEntries(open.addresses) }];
}

export function putBackCapRefusals(ledger: LedgerName, refusals: readonly CapRefusals[], nowMs: number): void {
  const known = accounts.get(ledger);
  if (refusals.length === 0 || known === undefined) return;
  known.returned = [...refusals, ...known.returned].slice(-MAX_RETURNED);
  dueAtMs = Math.min(dueAtMs, nowMs + DUE_AFTER_MS);
}

/** Accounts whose counts have waited for a second, at most `max` of them. */
export function dueCapRefusals(nowMs: number, max: number): readonly AccountRef[] {
  if (nowMs < dueAtMs) return [];
  const due: AccountRef[] = [];
  dueAtMs = Number.POSITIVE_INFINITY;
  for (const known of accounts.values()) {
    if (known.open === null && known.returned.length === 0) continue;
    const sinceMs = Math.max(known.rodeAtMs, known.returned[0]?.sinceMs ?? known.open?.sinceMs ?? nowMs);
    if (nowMs - sinceMs >= DUE_AFTER_MS && due.length < max) due.push(known);
    else dueAtMs = Math.min(dueAtMs, sinceMs + DUE_AFTER_MS);
  }
  return due;
}

function accountOf(name: LedgerName, { jurisdiction, account }: AccountRef): Account | null {
  const known = accounts.get(name);
  if (known !== undefined) return known;
  if (accounts.size >= MAX_ACCOUNTS && !forgetOne()) return null;
  const made: Account = { jurisdiction, account, open: null, returned: [], rodeAtMs: Number.NEGATIVE_INFINITY };
  accounts.set(name, made);
  return made;
}

function forgetOne(): boolean {
  for (const [name, { open, returned }] of accounts)
    if (open === null && returned.length === 0) return accounts.delete(name);
  return false;
}

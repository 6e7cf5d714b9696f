// The API keys that die with a signing key: told before, revoked with it.
import type { Actor, Credential } from "../records.ts";
import type { WithdrawalNotice, WithdrawOutcome } from "../rpc.ts";
import type { Desk } from "./context.ts";
import { revoked } from "./revoke.ts";

/** Credentials shown of those that die with a signing key; their number is told whole. */
const SHOWN = 200;

export async function noticeOf({ keyring, tables }: Desk, kid: string): Promise<WithdrawalNotice | null> {
  const withdrawal = await keyring.withdrawal(kid);
  if (withdrawal === null) return null;
  const shown = withdrawal.credentials.slice(0, SHOWN).map((id) => tables.credentials.find(id));
  return { ...withdrawal, shown: shown.filter((found): found is Credential => found?.revoked_at_ms === null) };
}

export async function withdraw(desk: Desk, kid: string, actor: Actor): Promise<WithdrawOutcome> {
  let died = 0;
  const fault = await desk.keyring.withdraw(kid, actor, ({ credentials }) => {
    for (const id of credentials) {
      const credential = desk.tables.credentials.find(id);
      if (credential === null || credential.revoked_at_ms !== null) continue;
      // dead by its signature already; its ledger and audit are told as of any revocation
      revoked(desk, credential, "die", actor);
      died++;
    }
  });
  return fault === null ? { done: true, died } : { done: false, fault };
}

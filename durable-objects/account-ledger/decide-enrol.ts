// An external subject's ledger makes itself: nobody provisions it, so each of its requests brings its tenant's terms, and
// this is decided right before the request, in the same commit. What it makes is one row that vouches for every token of
// the subject; revoked, it stays, so that no later request makes it anew.
import { ledgerName } from "../../protocol/ids.ts";
import { QUOTA_NAMES } from "../../protocol/limits.ts";
import { ownsLedger, subjectRow } from "./credentials.ts";
import type { Commands, Decider } from "./decision.ts";

export const decideEnrol: Decider<Commands["enrol"], null> = (state, { caller, terms }, now) => {
  if (caller.kind !== "external") return { events: [], reply: null };
  const { tenant, account } = caller;
  const { jurisdiction, log, limits } = terms;
  const credential = subjectRow(account);
  if (state.identity === null) {
    const name = ledgerName(jurisdiction, account);
    return { events: [{ kind: "provisioned", at: now, name, tenant, account, log, limits, credential }], reply: null };
  }
  // the terms are for subjects: an account that was provisioned otherwise has limits of its own
  if (!ownsLedger(state, caller) || !state.credentials.has(credential.id)) return { events: [], reply: null };
  const differs = QUOTA_NAMES.some((quota) => state.limits[quota] !== limits[quota]);
  if (!differs) return { events: [], reply: null };
  return { events: [{ kind: "changed", at: now, credential_id: credential.id, limits }], reply: null };
};

// A new credential: recorded → provisioned → signed → answer. Whatever a crash leaves between those is revoked, since
// its key was never handed out.
import { enrolled, keyClaims } from "../core.ts";
import type { Actor, Credential, DirectoryFault, Issuance, MintOutcome, NewCredential } from "../records.ts";
import type { Desk } from "./context.ts";
import { revoked } from "./revoke.ts";
import { planWarning } from "./time.ts";

export interface MintWish {
  readonly fresh: NewCredential;
  readonly actor: Actor;
  readonly action: "mint" | "bootstrap" | "rotate";
  /** null for a client, which has no key of its own */
  readonly issuance: Issuance | null;
  /** in the same commit; a fault undoes it whole */
  also?(): DirectoryFault | null;
}

export async function mint(desk: Desk, { fresh, actor, action, issuance, also }: MintWish): Promise<MintOutcome> {
  const { tables, keyring, commit, journal, now, minting } = desk;
  const tenant = tables.tenants.find(fresh.tenant);
  if (tenant === null) return { done: false, fault: "unknown_tenant" };
  if (tables.credentials.find(fresh.id) !== null) return { done: false, fault: "taken" };
  if (issuance !== null && !(await keyring.isReady("api_key"))) return { done: false, fault: "not_ready" };

  const credential = enrolled(fresh, tenant, now());
  minting.add(credential.id);
  try {
    const fault = commit((): DirectoryFault | null => {
      const refused = also?.() ?? null;
      if (refused !== null) return refused;
      tables.credentials.put(credential, "minted");
      journal(action, credential, actor);
      planWarning(desk, credential);
      return null;
    });
    if (fault !== null) return { done: false, fault };
    const untold = await desk.telling.tell(credential.id);
    if (untold !== null) return abandon(desk, credential, untold, actor);
    if (issuance === null) return { done: true, credential, key: null };
    const signed = await keyring.sign("api_key", keyClaims(credential, issuance, now()));
    return signed.done ? { done: true, credential, key: signed.token } : abandon(desk, credential, "not_ready", actor);
  } finally {
    minting.delete(credential.id);
  }
}

function abandon(desk: Desk, credential: Credential, fault: DirectoryFault, actor: Actor): MintOutcome {
  desk.commit(() => abandoned(desk, desk.tables.credentials.find(credential.id) ?? credential, actor));
  return { done: false, fault };
}

/** Its key was handed to nobody, so it replaces nothing either. In the caller's commit. */
export function abandoned(desk: Desk, credential: Credential, actor: Actor): void {
  const { credentials } = desk.tables;
  revoked(desk, credential, "abandon", actor);
  const old = credential.replaces === null ? null : credentials.find(credential.replaces);
  if (old?.replaced_by !== credential.id) return;
  const kept = { ...old, replaced_by: null };
  credentials.amend(kept);
  if (kept.revoked_at_ms === null) planWarning(desk, kept);
}

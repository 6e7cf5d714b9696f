// A key's successor in the same account.
//
//   new key recorded, the old one marked → provisioned → signed → the old one's end set → answer → … → retired
import type { Actor, Credential, DirectoryFault, Issuance, MintOutcome, NewCredential } from "../records.ts";
import { type Desk, find } from "./context.ts";
import { mint } from "./mint.ts";
import { retire } from "./time.ts";

/**
 * @param overlapMs for which both keys work
 * @param may judges the old key in the same commit
 */
export async function rotate(
  desk: Desk,
  fresh: NewCredential,
  issuance: Issuance,
  overlapMs: number,
  actor: Actor,
  may: (old: Credential) => DirectoryFault | null = () => null,
): Promise<MintOutcome> {
  const { commit, now } = desk;
  const { credentials, dues } = desk.tables;
  const oldId = fresh.replaces ?? "";
  const outcome = await mint(desk, {
    fresh,
    actor,
    action: "rotate",
    issuance,
    also: () => {
      const old = find(desk, oldId, "api_key");
      if (old === null) return "unknown";
      if (old.revoked_at_ms !== null) return "revoked";
      // two successors of one key would both be "the" key of its holder
      if (old.replaced_by !== null) return "replaced";
      const fault = may(old);
      if (fault !== null) return fault;
      credentials.amend({ ...old, replaced_by: fresh.id });
      dues.drop(oldId, "warn");
      return null;
    },
  });
  if (!outcome.done) return outcome;
  const retired = commit(() => {
    const old = credentials.find(oldId);
    if (old === null || old.revoked_at_ms !== null) return false;
    const retiresAtMs = Math.min(now() + overlapMs, old.expires_at_ms ?? Number.POSITIVE_INFINITY);
    // a row's limits are the account's: the new key's, or this telling would put the old ones back
    const limits = outcome.credential.limits;
    credentials.put({ ...old, limits, retires_at_ms: retiresAtMs }, "changed");
    dues.put({ credentialId: oldId, act: "retire", dueAtMs: retiresAtMs });
    desk.event("key.rotated", old.tenant, oldId);
    return true;
  });
  // the new key was made either way: what cannot be told now is told by the alarm
  if (retired) await (overlapMs === 0 ? retire(desk, oldId) : desk.telling.tell(oldId));
  return outcome;
}

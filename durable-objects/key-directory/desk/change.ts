// A change of a credential: recorded, then the ledger holds it, then the answer.
import { changed, rotateFromMs } from "../core.ts";
import type { Actor, CredentialChange, CredentialKind, Outcome } from "../records.ts";
import { type Desk, find } from "./context.ts";
import { planWarning } from "./time.ts";

/** @param also in the same commit */
export async function change(
  desk: Desk,
  id: string,
  kind: CredentialKind,
  wish: CredentialChange,
  actor: Actor,
  also: () => void = () => {},
): Promise<Outcome> {
  const { commit, journal } = desk;
  const { credentials } = desk.tables;
  const found = find(desk, id, kind);
  if (found === null) return { done: false, fault: "unknown" };
  const outcome = changed(found, wish);
  if (!outcome.done) return outcome;
  const { credential } = outcome;

  commit(() => {
    credentials.put(credential, "changed");
    journal("change", credential, actor);
    also();
    // not for its own sake: what was said already would be said again
    if (rotateFromMs(credential) !== rotateFromMs(found)) planWarning(desk, credential);
    // limits are the account's: the other keys of the lineage have them too
    for (const other of wish.limits === undefined ? [] : credentials.lineage(credential.account))
      if (other.id !== id) credentials.amend({ ...other, limits: credential.limits });
  });
  const fault = await desk.telling.tell(id);
  return fault === null ? outcome : { done: false, fault };
}

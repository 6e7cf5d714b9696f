// The end of a credential: recorded, then gateway, then audit, then the answer.
import type { Actor, Credential, CredentialKind, Outcome } from "../records.ts";
import { type Desk, find } from "./context.ts";

export async function revoke(desk: Desk, id: string, kind: CredentialKind, actor: Actor): Promise<Outcome> {
  const found = find(desk, id, kind);
  if (found === null) return { done: false, fault: "unknown" };

  const credential = desk.commit(() => revoked(desk, found, "revoke", actor));
  // told anew also where it was revoked before: an answer says that it holds now
  const fault = await desk.telling.tell(id);
  return fault === null ? { done: true, credential } : { done: false, fault };
}

/** Marks it as revoked, in the caller's commit; the alarm tells. */
export function revoked({ tables, journal, now }: Desk, found: Credential, action: string, actor: Actor): Credential {
  const credential = found.revoked_at_ms === null ? { ...found, revoked_at_ms: now() } : found;
  tables.credentials.put(credential, "revoked");
  tables.dues.drop(credential.id, "warn");
  tables.dues.drop(credential.id, "retire");
  if (found.revoked_at_ms === null) journal(action, credential, actor);
  return credential;
}

// What time brings to a credential: the word before its end, the end of its overlap.
import { rotateFromMs } from "../core.ts";
import type { Credential } from "../records.ts";
import type { Desk } from "./context.ts";
import { revoked } from "./revoke.ts";

/** In the caller's commit. */
export function planWarning({ tables }: Desk, credential: Credential): void {
  const dueAtMs = credential.replaced_by === null ? rotateFromMs(credential) : null;
  if (dueAtMs === null) tables.dues.drop(credential.id, "warn");
  else tables.dues.put({ credentialId: credential.id, act: "warn", dueAtMs });
}

/** In the caller's commit. */
export function warn(desk: Desk, id: string): void {
  const { tables, journal, event, itself } = desk;
  tables.dues.drop(id, "warn");
  const credential = tables.credentials.find(id);
  if (credential === null || credential.revoked_at_ms !== null || credential.replaced_by !== null) return;
  journal("rotation_due", credential, itself());
  event("key.rotation_due", credential.tenant, id);
}

export async function retire(desk: Desk, id: string): Promise<void> {
  const old = desk.tables.credentials.find(id);
  if (old === null) return;
  desk.commit(() => revoked(desk, old, "retire", desk.itself()));
  await desk.telling.tell(id);
}

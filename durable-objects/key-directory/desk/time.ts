// What time brings to a credential: the word before its end, the end of its overlap.
import { warnAtMs } from "../core.ts";
import type { Credential } from "../records.ts";
import { type Desk, putEvent } from "./context.ts";
import { revoked } from "./revoke.ts";

/** In the caller's commit. */
export function planWarning({ tables }: Desk, credential: Credential): void {
  const dueAtMs = warnAtMs(credential);
  if (dueAtMs === null) tables.dues.drop(credential.id, "warn");
  else tables.dues.put({ credentialId: credential.id, act: "warn", dueAtMs });
}

/** In the caller's commit. */
export function warn(desk: Desk, id: string): void {
  const { tables, journal, itself } = desk;
  tables.dues.drop(id, "warn");
  const credential = tables.credentials.find(id);
  if (credential === null || credential.revoked_at_ms !== null || credential.replaced_by !== null) return;
  journal("rotation_due", credential, itself());
  putEvent(desk, "key.rotation_due", credential);
}

export async function retire(desk: Desk, id: string): Promise<void> {
  const old = desk.tables.credentials.find(id);
  if (old === null) return;
  desk.commit(() => revoked(desk, old, "retire", desk.itself()));
  await desk.telling.tell(id);
}

// For the alarm: what a crash or a failure left, and what is due. Changes and revocations are told; a credential that
// was never provisioned is revoked, since its key was never handed out.
import type { Desk } from "./context.ts";
import { abandoned } from "./mint.ts";
import { retire, warn } from "./time.ts";

/** How many of a kind one run takes. */
const AT_ONCE = 100;

/** True once nothing is left to tell. */
export async function finish(desk: Desk): Promise<boolean> {
  const { tables, commit, itself, now, minting, telling } = desk;
  for (const { credentialId, act } of tables.dues.until(now(), AT_ONCE))
    if (act === "retire") await retire(desk, credentialId);
    else commit(() => warn(desk, credentialId));
  let finished = true;
  for (const { credential, untold } of tables.credentials.untold(AT_ONCE)) {
    if (minting.has(credential.id)) continue;
    if (untold === "minted") commit(() => abandoned(desk, credential, itself()));
    finished = (await telling.tell(credential.id)) === null && finished;
  }
  return finished && tables.credentials.untold(1).every(({ credential }) => minting.has(credential.id));
}

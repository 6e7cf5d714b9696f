// Changes of a client that an API key does not know: how it proves who it is, and its secret.
import type { ClientChange, ClientChangeOutcome, SecretRotation } from "../clients/records.ts";
import { changedRegistration, hasSecret, registrationFault } from "../clients/registration.ts";
import type { ClientStore } from "../clients/store.ts";
import type { Actor, CredentialChange, Outcome } from "../records.ts";
import { change } from "./change.ts";
import { type Desk, find } from "./context.ts";

/** Both parts in one commit; tokens that the client has already stay what they are until they expire. */
export async function changeClient(
  desk: Desk,
  store: ClientStore,
  id: string,
  wish: CredentialChange,
  { registration: wanted, secretHash }: ClientChange,
  actor: Actor,
): Promise<ClientChangeOutcome> {
  const before = store.registration(id);
  if (before === null) return { done: false, fault: "unknown" };
  const registration = changedRegistration(before, wanted);
  const incoherent = registrationFault(registration);
  if (incoherent !== null) return { done: false, fault: "incoherent", ...incoherent };
  const kept = hasSecret(registration.method) ? store.secretHash(id) : null;
  const secretUsed = hasSecret(registration.method) && kept === null;
  if (secretUsed && secretHash === null) return { done: false, fault: "no_secret" };
  const outcome = await change(desk, id, "client", wish, actor, () =>
    store.register(id, registration, secretUsed ? secretHash : kept),
  );
  return outcome.done ? { ...outcome, registration, secretUsed } : outcome;
}

export function rotateSecret(
  desk: Desk,
  store: ClientStore,
  { clientId, secretHash, overlapMs }: SecretRotation,
  actor: Actor,
): Outcome {
  const client = find(desk, clientId, "client");
  if (client === null) return { done: false, fault: "unknown" };
  if (client.revoked_at_ms !== null) return { done: false, fault: "revoked" };
  const rotated = desk.commit(() => {
    if (!store.rotateSecret(clientId, secretHash, desk.now() + overlapMs)) return false;
    desk.journal("rotate_secret", client, actor);
    desk.event("client.secret_rotated", client.tenant, clientId);
    return true;
  });
  return rotated ? { done: true, credential: client } : { done: false, fault: "no_secret" };
}

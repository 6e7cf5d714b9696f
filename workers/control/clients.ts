// OAuth clients: an account of their own, one way to prove who they are (a secret is shown once), and access tokens of an
// hour from `/oauth/token`.

import { hasSecret } from "../../durable-objects/key-directory/clients/registration.ts";
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { clientInput, describeRegistration, registrationOf } from "./client-input.ts";
import { describe, refusalOf, rfc3339 } from "./credentials.ts";
import { grantFault } from "./grant.ts";
import { actorOf, type ControlContext, readBody, readQuery, refuse } from "./http.ts";
import { noInput } from "./input.ts";
import { list } from "./keys.ts";
import { newClient } from "./mint.ts";
import { credentialOf } from "./reach.ts";
import { clientSecretHash, newClientSecret } from "./secrets.ts";

export async function createClient(c: ControlContext): Promise<Response> {
  const read = await readBody(c, clientInput);
  if (!read.ok) return refuse(c, read.refusal);
  const fault = grantFault(c, read.value);
  if (fault !== null) return refuse(c, fault);
  const { policy, pepper } = c.get("config");
  const fresh = newClient(read.value, policy);
  const registration = registrationOf(read.value);
  const secret = hasSecret(registration.method) ? newClientSecret(crypto.getRandomValues(new Uint8Array(32))) : null;
  const hash = secret === null ? null : await clientSecretHash(pepper, fresh.id, secret);
  const outcome = await c.get("directory").mintClient(fresh, registration, hash, actorOf(c));
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  const answer = { ...describeClient(outcome.credential), ...describeRegistration(registration) };
  return c.json(secret === null ? answer : { ...answer, client_secret: secret }, 201);
}

export async function listClients(c: ControlContext): Promise<Response> {
  return await list(c, "client", "clients");
}

export async function showClient(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const client = await credentialOf(c, "client");
  if (client === null) return refuse(c, { code: "not_found" });
  return c.json(await shownClient(c, client));
}

/** As an administrator sees it, with how it proves who it is. */
export async function shownClient(c: ControlContext, client: Credential) {
  const directory = c.get("directory");
  const [registration, oldUntilMs] = await Promise.all([
    directory.registration(client.id),
    directory.oldSecretUntil(client.id),
  ]);
  return {
    ...describeClient(client),
    ...(registration === null ? {} : describeRegistration(registration)),
    /** the end of the secret before the last rotation; null where only one is good */
    old_secret_expires_at: rfc3339(oldUntilMs),
  };
}

export function describeClient(client: Credential) {
  return { client_id: client.id, ...describe(client) };
}

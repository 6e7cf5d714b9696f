// Changing an OAuth client: its name, limits and addresses, its scopes to narrower ones, how it proves who it is; and a
// new secret, with a time in which the old one is good as well.
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { clientChangeInput, describeRegistration, registrationChangeOf, secretInput } from "./client-input.ts";
import { describeClient, shownClient } from "./clients.ts";
import { refusalOf } from "./credentials.ts";
import { grantFault } from "./grant.ts";
import { actorOf, type ControlContext, readBody, refuse } from "./http.ts";
import { credentialOf } from "./reach.ts";
import { clientSecretHash, newClientSecret } from "./secrets.ts";

/** `PATCH /admin/v1/clients/{id}`. Where the client goes over to a secret, that secret stands in this answer alone. */
export async function changeClient(c: ControlContext): Promise<Response> {
  const read = await readBody(c, clientChangeInput);
  if (!read.ok) return refuse(c, read.refusal);
  const client = await credentialOf(c, "client");
  if (client === null) return refuse(c, { code: "not_found" });
  const { name, scopes, limits, allow_cidrs } = read.value;
  const gift = { tenant: client.tenant, scopes: client.scopes, limits: limits ?? {}, had: client.limits };
  const fault = grantFault(c, gift);
  if (fault !== null) return refuse(c, fault);

  const { secret, secretHash } = await newSecret(c, client);
  const how = { registration: registrationChangeOf(read.value), secretHash };
  const wish = { name, scopes, limits, allow_cidrs };
  const outcome = await c.get("directory").changeClient(client.id, wish, how, actorOf(c));
  if (!outcome.done) {
    const { fault } = outcome;
    if (fault !== "incoherent") return refuse(c, refusalOf(fault));
    return refuse(c, { code: "invalid_request", param: outcome.param, expected: outcome.expected });
  }
  const answer = { ...describeClient(outcome.credential), ...describeRegistration(outcome.registration) };
  return c.json(outcome.secretUsed ? { ...answer, client_secret: secret } : answer);
}

/** `POST /admin/v1/clients/{id}/secret`: shown once, like the first one. */
export async function rotateSecret(c: ControlContext): Promise<Response> {
  const read = await readBody(c, secretInput);
  if (!read.ok) return refuse(c, read.refusal);
  const client = await credentialOf(c, "client");
  if (client === null) return refuse(c, { code: "not_found" });
  const fault = grantFault(c, { tenant: client.tenant, scopes: client.scopes, limits: {} });
  if (fault !== null) return refuse(c, fault);

  const { secret, secretHash } = await newSecret(c, client);
  const rotation = { clientId: client.id, secretHash, overlapMs: read.value.overlap_s * 1000 };
  const outcome = await c.get("directory").rotateSecret(rotation, actorOf(c));
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  return c.json({ ...(await shownClient(c, client)), client_secret: secret }, 201);
}

async function newSecret(c: ControlContext, { id }: Credential) {
  const secret = newClientSecret(crypto.getRandomValues(new Uint8Array(32)));
  return { secret, secretHash: await clientSecretHash(c.get("config").pepper, id, secret) };
}

// OAuth clients: an account of their own, one way to prove who they are (a secret is shown once), and access tokens of an
// hour from `/oauth/token`.
import { Hono } from "hono";
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { clientInput, describeRegistration, registrationOf } from "./client-input.ts";
import { describe, refusalOf } from "./credentials.ts";
import { actorOf, type ControlContext, type ControlTypes, readBody, readQuery, refuse } from "./http.ts";
import { noInput } from "./input.ts";
import { change, list, revoke } from "./keys.ts";
import { newClient } from "./mint.ts";
import { clientSecretHash, newClientSecret } from "./secrets.ts";
import { usageOf } from "./usage.ts";

export const clientRoutes = new Hono<ControlTypes>()
  .post("/", async (c) => {
    const read = await readBody(c, clientInput);
    if (!read.ok) return refuse(c, read.refusal);
    const { policy, pepper } = c.get("config");
    const fresh = newClient(read.value, policy);
    const registration = registrationOf(read.value);
    const hasSecret = registration.method === "client_secret_basic" || registration.method === "client_secret_post";
    const secret = hasSecret ? newClientSecret(crypto.getRandomValues(new Uint8Array(32))) : null;
    const hash = secret === null ? null : await clientSecretHash(pepper, fresh.id, secret);
    const outcome = await c.get("directory").mintClient(fresh, registration, hash, actorOf(c));
    if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
    const answer = { ...described(outcome.credential), ...describeRegistration(registration) };
    return c.json(secret === null ? answer : { ...answer, client_secret: secret }, 201);
  })
  .get("/", async (c) => await list(c, "client", "clients"))
  .get("/:id", show)
  .get("/:id/usage", async (c) => await usageOf(c, c.req.param("id")))
  .patch("/:id", async (c) => await change(c, "client"))
  .delete("/:id", async (c) => await revoke(c, "client"));

async function show(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const id = c.req.param("id") ?? "";
  const [credential, registration] = await Promise.all([
    c.get("directory").credential(id),
    c.get("directory").registration(id),
  ]);
  if (credential?.kind !== "client") return refuse(c, { code: "not_found" });
  return c.json({ ...described(credential), ...(registration === null ? {} : describeRegistration(registration)) });
}

function described(client: Credential) {
  return { client_id: client.id, ...describe(client) };
}

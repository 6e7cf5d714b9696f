// OAuth clients: an account of their own, a secret that is shown once, and access tokens of an hour from `/oauth/token`.
import { Hono } from "hono";
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { describe, refusalOf } from "./credentials.ts";
import { actorOf, type ControlTypes, readBody, refuse } from "./http.ts";
import { clientInput } from "./input.ts";
import { change, list, revoke, show } from "./keys.ts";
import { newClient } from "./mint.ts";
import { clientSecretHash, newClientSecret } from "./secrets.ts";
import { usageOf } from "./usage.ts";

export const clientRoutes = new Hono<ControlTypes>()
  .post("/", async (c) => {
    const read = await readBody(c, clientInput);
    if (!read.ok) return refuse(c, read.refusal);
    const { policy, pepper } = c.get("config");
    const fresh = newClient(read.value, policy);
    const secret = newClientSecret(crypto.getRandomValues(new Uint8Array(32)));
    const hash = await clientSecretHash(pepper, fresh.id, secret);
    const outcome = await c.get("directory").mint(fresh, hash, actorOf(c));
    if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
    return c.json({ ...described(outcome.credential), client_secret: secret }, 201);
  })
  .get("/", async (c) => await list(c, "client", "clients"))
  .get("/:id", async (c) => await show(c, "client"))
  .get("/:id/usage", async (c) => await usageOf(c, c.req.param("id")))
  .patch("/:id", async (c) => await change(c, "client"))
  .delete("/:id", async (c) => await revoke(c, "client"));

function described(client: Credential) {
  return { client_id: client.id, ...describe(client) };
}

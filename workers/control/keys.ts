// API keys: minted once, never stored, judged by their account's ledger from the next request on.
//
//   POST   /admin/v1/keys        directory records → ledger provisioned → key signed → 201
//   PATCH  /admin/v1/keys/{id}   directory records → ledger changed → 200
//   DELETE /admin/v1/keys/{id}   directory records → ledger revokes → audit knows → 200
import { Hono } from "hono";
import type { CredentialChange, CredentialKind } from "../../durable-objects/key-directory/records.ts";
import { describe, refusalOf } from "./credentials.ts";
import { actorOf, type ControlContext, type ControlTypes, readBody, readQuery, refuse } from "./http.ts";
import { changeInput, keyChangeInput, keyInput, listInput, noInput } from "./input.ts";
import { issuanceOf, newApiKey } from "./mint.ts";
import { rotateKey } from "./rotate.ts";
import { listUnused } from "./unused.ts";
import { usageOf } from "./usage.ts";

export const keyRoutes = new Hono<ControlTypes>()
  .post("/", async (c) => {
    const read = await readBody(c, keyInput);
    if (!read.ok) return refuse(c, read.refusal);
    const { expires_in_s, ...wanted } = read.value;
    const fresh = newApiKey(wanted, expires_in_s, c.get("config").policy);
    const outcome = await c.get("directory").mintKey(fresh, issuanceOf(c.get("config")), actorOf(c));
    if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
    return c.json({ ...describe(outcome.credential), key: outcome.key }, 201);
  })
  .get("/", async (c) => {
    return new URL(c.req.url).searchParams.has("unused_for_days")
      ? await listUnused(c)
      : await list(c, "api_key", "keys");
  })
  .post("/:id/rotate", rotateKey)
  .get("/:id", async (c) => await show(c, "api_key"))
  .get("/:id/usage", async (c) => await usageOf(c, c.req.param("id")))
  .patch("/:id", async (c) => await change(c, "api_key"))
  .delete("/:id", async (c) => await revoke(c, "api_key"));

/** `{"keys":[…],"next_cursor"}`, by age. */
export async function list(c: ControlContext, kind: CredentialKind, name: "keys" | "clients"): Promise<Response> {
  const read = await readQuery(c, listInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { tenant, cursor, limit } = read.value;
  const page = await c.get("directory").credentials(kind, tenant, { cursor, limit });
  return c.json({ [name]: page.items.map(describe), next_cursor: page.next });
}

export async function show(c: ControlContext, kind: CredentialKind): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const credential = await c.get("directory").credential(c.req.param("id") ?? "");
  if (credential?.kind !== kind) return refuse(c, { code: "not_found" });
  return c.json(describe(credential));
}

export async function change(c: ControlContext, kind: CredentialKind): Promise<Response> {
  const read = await readBody<CredentialChange>(c, kind === "api_key" ? keyChangeInput : changeInput);
  if (!read.ok) return refuse(c, read.refusal);
  const outcome = await c.get("directory").change(c.req.param("id") ?? "", kind, read.value, actorOf(c));
  return outcome.done ? c.json(describe(outcome.credential)) : refuse(c, refusalOf(outcome.fault));
}

export async function revoke(c: ControlContext, kind: CredentialKind): Promise<Response> {
  const outcome = await c.get("directory").revoke(c.req.param("id") ?? "", kind, actorOf(c));
  return outcome.done ? c.json(describe(outcome.credential)) : refuse(c, refusalOf(outcome.fault));
}

// API keys: minted once, never stored, judged by their account's ledger from the next request on.
//
//   POST   /admin/v1/keys        directory records → ledger provisioned → key signed → 201
//   PATCH  /admin/v1/keys/{id}   directory records → ledger changed → 200
//   DELETE /admin/v1/keys/{id}   directory records → ledger revokes → audit knows → 200
import type { CredentialChange, CredentialKind } from "../../durable-objects/key-directory/records.ts";
import { describe, refusalOf } from "./credentials.ts";
import { grantFault } from "./grant.ts";
import { actorOf, type ControlContext, type Handler, readBody, readQuery, refuse } from "./http.ts";
import { keyChangeInput, keyInput, listInput, noInput } from "./input.ts";
import { issuanceOf, newApiKey } from "./mint.ts";
import { credentialOf, listedTenants } from "./reach.ts";
import { listUnused } from "./unused.ts";

export async function createKey(c: ControlContext): Promise<Response> {
  const read = await readBody(c, keyInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { expires_in_s, ...wanted } = read.value;
  const fault = grantFault(c, wanted);
  if (fault !== null) return refuse(c, fault);
  const fresh = newApiKey(wanted, expires_in_s, c.get("config").policy);
  const outcome = await c.get("directory").mintKey(fresh, issuanceOf(c.get("config")), actorOf(c));
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  return c.json({ ...describe(outcome.credential), key: outcome.key }, 201);
}

export async function listKeys(c: ControlContext): Promise<Response> {
  const isReport = new URL(c.req.url).searchParams.has("unused_for_days");
  return isReport ? await listUnused(c) : await list(c, "api_key", "keys");
}

export async function showKey(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const key = await credentialOf(c, "api_key");
  return key === null ? refuse(c, { code: "not_found" }) : c.json(describe(key));
}

export async function changeKey(c: ControlContext): Promise<Response> {
  const read = await readBody(c, keyChangeInput);
  if (!read.ok) return refuse(c, read.refusal);
  const change: CredentialChange = read.value;
  const key = await credentialOf(c, "api_key");
  if (key === null) return refuse(c, { code: "not_found" });
  const { tenant, scopes, limits } = key;
  const fault = grantFault(c, { tenant, scopes, limits: change.limits ?? {}, had: limits });
  if (fault !== null) return refuse(c, fault);
  const outcome = await c.get("directory").change(key.id, "api_key", change, actorOf(c));
  return outcome.done ? c.json(describe(outcome.credential)) : refuse(c, refusalOf(outcome.fault));
}

/** `{"keys":[…],"next_cursor"}`, by age. */
export async function list(c: ControlContext, kind: CredentialKind, name: "keys" | "clients"): Promise<Response> {
  const read = await readQuery(c, listInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { tenant, cursor, limit } = read.value;
  const listed = listedTenants(c, tenant);
  if ("code" in listed) return refuse(c, listed);
  const page = await c.get("directory").credentials(kind, listed.tenants, { cursor, limit });
  return c.json({ [name]: page.items.map(describe), next_cursor: page.next });
}

/** Anyone who may stop a credential may stop one that can do more than he: who runs the platform must not ask first. */
export function revoker(kind: CredentialKind): Handler {
  return async (c) => {
    const credential = await credentialOf(c, kind);
    if (credential === null) return refuse(c, { code: "not_found" });
    const outcome = await c.get("directory").revoke(credential.id, kind, actorOf(c));
    return outcome.done ? c.json(describe(outcome.credential)) : refuse(c, refusalOf(outcome.fault));
  };
}

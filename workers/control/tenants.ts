// Tenants: made once, with the jurisdiction and the log in which their data will lie for good.
import type { Tenant } from "../../durable-objects/key-directory/records.ts";
import { placementOf } from "../../policy/subjects.ts";
import { refusalOf, rfc3339 } from "./credentials.ts";
import { actorOf, type ControlContext, readBody, readQuery, refuse } from "./http.ts";
import { pageInput, tenantInput } from "./input.ts";

export async function createTenant(c: ControlContext): Promise<Response> {
  const read = await readBody(c, tenantInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { name, ...wanted } = read.value;
  const placed = placementOf(c.get("config").policy, name);
  const { jurisdiction = placed?.jurisdiction ?? "none", log = placed?.log ?? "default" } = wanted;
  // the tenant's external subjects lie where policy says: one tenant, one place
  if (placed !== null && placed.jurisdiction !== jurisdiction)
    return refuse(c, { code: "invalid_request", param: "jurisdiction", expected: `${placed.jurisdiction}, by policy` });
  if (placed !== null && placed.log !== log)
    return refuse(c, { code: "invalid_request", param: "log", expected: `${placed.log}, by policy` });
  const tenant = await c.get("directory").createTenant({ name, jurisdiction, log }, actorOf(c));
  return tenant === null ? refuse(c, refusalOf("taken")) : c.json(described(tenant), 201);
}

export async function listTenants(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, pageInput);
  if (!read.ok) return refuse(c, read.refusal);
  const page = await c.get("directory").tenants(read.value);
  return c.json({ tenants: page.items.map(described), next_cursor: page.next });
}

function described({ name, jurisdiction, log, created_at_ms }: Tenant) {
  return { name, jurisdiction, log, created_at: rfc3339(created_at_ms) };
}

// GET /admin/v1/events: what someone should act on or know of, newest first: a key that nears its end or was rotated, a
// signing key that changed its state. The audit log has them as well, for good; here are the latest.
import { rfc3339 } from "./credentials.ts";
import { type ControlContext, readQuery, refuse } from "./http.ts";
import { eventsInput } from "./input.ts";
import { listedTenants } from "./reach.ts";

export async function listEvents(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, eventsInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { tenant, since, cursor, limit } = read.value;
  const listed = listedTenants(c, tenant);
  if ("code" in listed) return refuse(c, listed);
  const page = await c.get("directory").events(listed.tenants, since, { cursor, limit });
  const events = page.items.map(({ id, time_ms, ...event }) => ({ id, time: rfc3339(time_ms), ...event }));
  return c.json({ events, next_cursor: page.next });
}

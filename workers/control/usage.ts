// What an account has used, asked of its ledger.
import { type ControlContext, readQuery, refuse } from "./http.ts";
import { noInput, usageInput } from "./input.ts";
import { findCredential } from "./reach.ts";

/** `GET /admin/v1/usage?key=ID`, for a key or a client. */
export async function showUsage(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, usageInput);
  return read.ok ? await usageOf(c, read.value.key) : refuse(c, read.refusal);
}

/** The same by the credential's own path. */
export async function showOwnUsage(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  return read.ok ? await usageOf(c, c.req.param("id") ?? "") : refuse(c, read.refusal);
}

async function usageOf(c: ControlContext, id: string): Promise<Response> {
  const credential = await findCredential(c, id);
  if (credential === null) return refuse(c, { code: "not_found" });
  const { tenant, account, jurisdiction } = credential;
  const usage = await c.env.GATEWAY.usage({ jurisdiction, account }).catch(() => "unreachable" as const);
  // null: the directory knows an account that the ledger does not; it admits nothing, and that is worth a 503, not a zero
  if (usage === null || usage === "unreachable") return refuse(c, { code: "ledger_unavailable" });
  return c.json({ ...usage, id, tenant, account });
}

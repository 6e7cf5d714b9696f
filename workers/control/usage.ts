// What an account has used, asked of its ledger.
import { Hono } from "hono";
import { type ControlContext, type ControlTypes, readQuery, refuse } from "./http.ts";
import { usageInput } from "./input.ts";

/** `GET /admin/v1/usage?key=ID`, for a key or a client. */
export const usageRoutes = new Hono<ControlTypes>().get("/", async (c) => {
  const read = await readQuery(c, usageInput);
  return read.ok ? await usageOf(c, read.value.key) : refuse(c, read.refusal);
});

export async function usageOf(c: ControlContext, id: string): Promise<Response> {
  const credential = await c.get("directory").credential(id);
  if (credential === null) return refuse(c, { code: "not_found" });
  const { tenant, account, jurisdiction } = credential;
  const usage = await c.env.GATEWAY.usage({ jurisdiction, account }).catch(() => "unreachable" as const);
  // null: the directory knows an account that the ledger does not; it admits nothing, and that is worth a 503, not a zero
  if (usage === null || usage === "unreachable") return refuse(c, { code: "ledger_unavailable" });
  return c.json({ ...usage, id, tenant, account });
}

// Reading for the auditors of some tenants: those tenants' records out of any log, and checkpoint and tiles of a log that
// holds no one else's. A tile shows all of a log, and a checkpoint how long it is, so of a shared log they get neither.
// A log in which nothing is theirs is to them as one that does not exist: its name tells of another tenant.
import { DEFAULT_LOG, type TenantStanding } from "../../durable-objects/audit-log/commands.ts";
import { type Answer, JSON_TYPE, NO_STORE, NOTHING, refuse } from "./answer.ts";
import { callLog } from "./call.ts";
import type { AuditEnv } from "./config.ts";
import { read } from "./read.ts";
import { renderOwnRecords } from "./records.ts";
import type { ReadRoute } from "./routes.ts";

type Tenants = readonly string[];

export async function readOwn(route: ReadRoute, tenants: Tenants, env: AuditEnv): Promise<Answer> {
  switch (route.kind) {
    case "checkpoint":
    case "resource":
      return refusalFor(route.log, await standing(route.log, tenants, env)) ?? (await read(route, env));
    case "records":
      return await readRecords(route, tenants, env);
    case "sinks":
      // the matrix gives it to no tenant's role: where it did, this would be another tenant's
      return DENIED;
  }
}

async function standing(log: string, tenants: Tenants, env: AuditEnv): Promise<TenantStanding> {
  return await callLog(env, log, (stub) => stub.tenantStanding(log, tenants));
}

/** Null where the log is the tenants' own. The default one, where tenants without a log of their own go, never is. */
function refusalFor(log: string, found: TenantStanding): Answer | null {
  if (log === DEFAULT_LOG) return DENIED;
  if (found === "own") return null;
  return found === "shared" ? DENIED : NOTHING;
}

async function readRecords(
  { log, cursor, limit }: Extract<ReadRoute, { readonly kind: "records" }>,
  tenants: Tenants,
  env: AuditEnv,
): Promise<Answer> {
  // a place in the log that he chose himself would tell him how many records of others stand before it
  if (cursor?.kind === "index") return WRONG_CURSOR;
  const after = cursor?.after ?? null;
  const page = await callLog(env, log, async (stub) => await stub.tenantRecords(log, tenants, after, limit));
  if (page === "unknown_place") return WRONG_CURSOR;
  const isKnown = page !== null && (log === DEFAULT_LOG || cursor !== null || page.records.length > 0);
  if (!isKnown) return NOTHING;
  return { ok: true, body: renderOwnRecords(log, page), contentType: JSON_TYPE, cacheControl: NO_STORE };
}

const DENIED = refuse({ code: "permission_denied", need: "role" });
const WRONG_CURSOR = refuse({ code: "invalid_query", param: "cursor" });

// GET /admin/v1/keys?unused_for_days=N: living keys that nobody has used for so long. Last use is the ledger's knowledge;
// a key that was never used counts from its making. What a ledger cannot say is left out and counted, never guessed.
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import type { UsageReport } from "../../protocol/rpc.ts";
import { describe, rfc3339 } from "./credentials.ts";
import { type ControlContext, readQuery, refuse } from "./http.ts";
import { unusedInput } from "./input.ts";
import { listedTenants } from "./reach.ts";

const DAY_MS = 86_400_000;
/** Ledgers asked at one time. */
const AT_ONCE = 8;

export async function listUnused(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, unusedInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { tenant, cursor, limit, unused_for_days } = read.value;
  const listed = listedTenants(c, tenant);
  if ("code" in listed) return refuse(c, listed);
  const page = await c.get("directory").credentials("api_key", listed.tenants, { cursor, limit });
  const nowMs = Date.now();
  const living = page.items.filter((key) => key.revoked_at_ms === null && (key.expires_at_ms ?? nowMs) > nowMs);
  const reports = await reportsOf(c, living);

  const uses = living.map((key) => ({ key, lastMs: lastUseMs(key, reports.get(key.account) ?? null) }));
  const before = nowMs - unused_for_days * DAY_MS;
  const unused = uses.filter(({ key, lastMs }) => lastMs !== "unknown" && (lastMs ?? key.created_at_ms) <= before);
  return c.json({
    keys: unused.map(({ key, lastMs }) => ({ ...describe(key), last_used_at: rfc3339(lastMs as number | null) })),
    last_use_unknown: uses.filter(({ lastMs }) => lastMs === "unknown").length,
    next_cursor: page.next,
  });
}

/** Null: never used. `unknown`: the ledger cannot be reached, or keeps no record of it. */
function lastUseMs({ id }: Credential, report: UsageReport | null): number | null | "unknown" {
  const row = report?.credentials?.find((one) => one.id === id);
  return row === undefined ? "unknown" : row.last_used_at_ms;
}

async function reportsOf(c: ControlContext, keys: readonly Credential[]): Promise<ReadonlyMap<string, UsageReport>> {
  const accounts = [...new Map(keys.map((key) => [key.account, key])).values()];
  const reports = new Map<string, UsageReport>();
  for (let at = 0; at < accounts.length; at += AT_ONCE)
    await Promise.all(
      accounts.slice(at, at + AT_ONCE).map(async ({ jurisdiction, account }) => {
        const report = await c.env.GATEWAY.usage({ jurisdiction, account }).catch(() => null);
        if (report !== null) reports.set(account, report);
      }),
    );
  return reports;
}

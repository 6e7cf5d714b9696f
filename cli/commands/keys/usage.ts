// `bartizan keys usage ID`: GET /admin/v1/keys/{id}/usage, straight from the account's ledger.
import { type Command, InvalidArgumentError } from "commander";
import type { AdminClient } from "../../../embedded/admin/client.ts";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { queryOf } from "../../options.ts";
import { printJson, printLine, printTable } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly unusedFor?: number;
  readonly tenant?: string;
}

export function keysUsage(): Command {
  return platformCommand("usage", "Show an API key's last use and what its account has used of its limits.")
    .argument("[id]", "as `keys list` gives it; left out with --unused-for")
    .option("--unused-for <days>", "instead: living keys that nobody has used for so long", unusedDays)
    .option("--tenant <tenant>", "with --unused-for: of this tenant alone")
    .addHelpText(
      "after",
      "\nExample:\n  npx bartizan keys usage key_01…\n  npx bartizan keys usage --unused-for 30 --json",
    )
    .action(async (id: string | undefined, options: Options) => {
      const api = await connectAdmin(options);
      if ((id === undefined) === (options.unusedFor === undefined))
        throw new UsageError("Name a key, or use --unused-for.");
      if (id === undefined) return await reportUnused(api, options);
      const usage = await api.call("GET", `/admin/v1/keys/${encodeURIComponent(id)}/usage`);
      if (options.json) return printJson(usage);
      const limits = objectOf(usage.limits);
      const used = objectOf(usage.used);
      const names = [
        ...new Set([...Object.keys(used), ...Object.keys(limits).filter((name) => limits[name] !== null)]),
      ];
      printTable(
        ["LIMIT", "USED", "OF", "RESETS"],
        names.map((name) => [name, usedOf(used[name]), limitOf(limits[name]), resetOf(used[name])]),
      );
      printLine(`last used:         ${lastUseOf(usage, id) ?? "never"}`);
      printLine(`open reservations: ${String(usage.open_reservations ?? 0)}`);
    });
}

async function reportUnused(api: AdminClient, options: Options): Promise<void> {
  const query = queryOf({ unused_for_days: options.unusedFor, tenant: options.tenant });
  const keys: Readonly<Record<string, unknown>>[] = [];
  let unknown = 0;
  for await (const page of api.pages(`/admin/v1/keys${query}`)) {
    keys.push(...(Array.isArray(page.keys) ? page.keys : []));
    unknown += Number(page.last_use_unknown ?? 0);
  }
  if (options.json) return printJson({ keys, last_use_unknown: unknown });
  printTable(
    ["ID", "TENANT", "NAME", "LAST USED", "EXPIRES"],
    keys.map((key) => [
      String(key.id),
      String(key.tenant),
      String(key.name),
      key.last_used_at === null ? "never" : String(key.last_used_at),
      String(key.expires_at).slice(0, 10),
    ]),
  );
  if (unknown > 0) printLine(`${unknown} more, of which no ledger could say when they were used.`);
}

function lastUseOf({ credentials }: Readonly<Record<string, unknown>>, id: string): string | null {
  const row = Array.isArray(credentials) ? credentials.map(objectOf).find((one) => one.id === id) : undefined;
  return typeof row?.last_used_at_ms === "number" ? new Date(row.last_used_at_ms).toISOString() : null;
}

function unusedDays(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("whole days.");
  return Number(text);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function usedOf(value: unknown): string | null {
  const { used } = objectOf(value);
  return used === undefined ? null : String(used);
}

function limitOf(value: unknown): string {
  return typeof value === "number" ? String(value) : "none";
}

function resetOf(value: unknown): string | null {
  const { reset_at_ms } = objectOf(value);
  return typeof reset_at_ms === "number" ? new Date(reset_at_ms).toISOString() : null;
}

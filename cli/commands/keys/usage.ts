// `bartizan keys usage ID`: GET /admin/v1/keys/{id}/usage, straight from the account's ledger.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printLine, printTable } from "../../output.ts";

export function keysUsage(): Command {
  return platformCommand("usage", "Show what an API key's account has used of its limits.")
    .argument("<id>", "as `keys list` gives it")
    .addHelpText("after", "\nExample:\n  npx bartizan keys usage key_01…")
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await connectAdmin(options);
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
      printLine(`open reservations: ${String(usage.open_reservations ?? 0)}`);
    });
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

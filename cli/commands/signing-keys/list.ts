// `bartizan signing-keys list`: GET /admin/v1/signing-keys.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printLine, printTable } from "../../output.ts";

export function signingKeysList(): Command {
  return platformCommand("list", "List the keys that sign tokens, their states and how long they are needed.")
    .addHelpText("after", "\nExample:\n  npx bartizan signing-keys list --json")
    .action(async (options: ConnectionOptions) => {
      const set = await (await connectAdmin(options)).call("GET", "/admin/v1/signing-keys");
      if (options.json) return printJson(set);
      const keys = Array.isArray(set.keys) ? (set.keys as Readonly<Record<string, unknown>>[]) : [];
      printTable(
        ["KID", "SIGNS", "ALGORITHM", "STATE", "SINCE", "SIGNED UNTIL"],
        keys.map((key) => [
          String(key.kid),
          String(key.purpose),
          String(key.algorithm),
          key.withdrawn === true ? "withdrawn" : String(key.state),
          dayOf(key.current_since ?? key.created_at),
          dayOf(key.signed_until),
        ]),
      );
      if (set.generation !== set.confirmed_generation)
        printLine("\nThe newest set has not reached gateway and audit yet.");
    });
}

function dayOf(value: unknown): string | null {
  return typeof value === "string" ? value.slice(0, 10) : null;
}

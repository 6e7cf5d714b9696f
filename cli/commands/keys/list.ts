// `bartizan keys list`: GET /admin/v1/keys, every page.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printTable } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly tenant?: string;
}

export function keysList(): Command {
  return platformCommand("list", "List API keys. The keys themselves are stored nowhere and not shown.")
    .option("--tenant <tenant>", "of this tenant alone")
    .addHelpText("after", "\nExample:\n  npx bartizan keys list --tenant demo")
    .action(async (options: Options) => {
      const api = await connectAdmin(options);
      const query = options.tenant === undefined ? "" : `?tenant=${encodeURIComponent(options.tenant)}`;
      const keys = await api.listAll(`/admin/v1/keys${query}`, "keys");
      if (options.json) return printJson({ keys });
      printTable(
        ["ID", "TENANT", "NAME", "SCOPES", "EXPIRES", "STATE"],
        keys.map((key) => [
          String(key.id),
          String(key.tenant),
          String(key.name),
          Array.isArray(key.scopes) ? key.scopes.join(" ") : "",
          String(key.expires_at).slice(0, 10),
          stateOf(key),
        ]),
      );
    });
}

function stateOf(key: Readonly<Record<string, unknown>>): string {
  if (key.revoked_at !== null) return "revoked";
  return Date.parse(String(key.expires_at)) < Date.now() ? "expired" : "active";
}

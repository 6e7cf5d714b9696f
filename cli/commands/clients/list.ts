// `bartizan clients list`: GET /admin/v1/clients, every page.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { queryOf } from "../../options.ts";
import { printJson, printTable } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly tenant?: string;
}

export function clientsList(): Command {
  return platformCommand("list", "List OAuth clients. Their secrets are stored nowhere and not shown.")
    .option("--tenant <tenant>", "of this tenant alone")
    .addHelpText("after", "\nExample:\n  npx bartizan clients list --tenant demo")
    .action(async (options: Options) => {
      const api = await connectAdmin(options);
      const clients = await api.listAll(`/admin/v1/clients${queryOf({ tenant: options.tenant })}`, "clients");
      if (options.json) return printJson({ clients });
      printTable(
        ["ID", "TENANT", "NAME", "SCOPES", "STATE"],
        clients.map((client) => [
          String(client.id),
          String(client.tenant),
          String(client.name),
          Array.isArray(client.scopes) ? client.scopes.join(" ") : "",
          client.revoked_at === null ? "active" : "revoked",
        ]),
      );
    });
}

// `bartizan clients show ID`: GET /admin/v1/clients/{id}.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson } from "../../output.ts";
import { printKey } from "../keys/show-key.ts";

export function clientsShow(): Command {
  return platformCommand("show", "Show an OAuth client's scopes, limits and how it proves who it is.")
    .argument("<id>", "as `clients list` gives it")
    .addHelpText("after", "\nExample:\n  npx bartizan clients show client_01…")
    .action(async (id: string, options: ConnectionOptions) => {
      const client = await (await connectAdmin(options)).call("GET", `/admin/v1/clients/${encodeURIComponent(id)}`);
      options.json ? printJson(client) : printKey(client);
    });
}

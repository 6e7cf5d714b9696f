// `bartizan clients delete ID`: DELETE /admin/v1/clients/{id}. Its tokens' next requests are answered 401.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printLine } from "../../output.ts";

export function clientsDelete(): Command {
  return platformCommand("delete", "Revoke an OAuth client for good, with every token that it has.")
    .alias("revoke")
    .argument("<id>", "as `clients list` gives it")
    .addHelpText("after", "\nExample:\n  npx bartizan clients delete client_01…")
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await connectAdmin(options);
      const client = await api.call("DELETE", `/admin/v1/clients/${encodeURIComponent(id)}`);
      options.json ? printJson(client) : printLine(`${id} is revoked.`);
    });
}

// `bartizan keys revoke ID`: DELETE /admin/v1/keys/{id}. The key's next request is answered 401.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printLine } from "../../output.ts";

export function keysRevoke(): Command {
  return platformCommand("revoke", "Revoke an API key for good, from its next request on.")
    .argument("<id>", "as `keys list` gives it")
    .addHelpText("after", "\nExample:\n  npx bartizan keys revoke key_01…")
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await connectAdmin(options);
      const key = await api.call("DELETE", `/admin/v1/keys/${encodeURIComponent(id)}`);
      options.json ? printJson(key) : printLine(`${id} is revoked.`);
    });
}

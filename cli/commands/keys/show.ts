// `bartizan keys show ID`: GET /admin/v1/keys/{id}.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson } from "../../output.ts";
import { printKey } from "./show-key.ts";

export function keysShow(): Command {
  return platformCommand("show", "Show an API key's scopes, limits and life.")
    .argument("<id>", "as `keys list` gives it")
    .addHelpText("after", "\nExample:\n  npx bartizan keys show key_01…")
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await connectAdmin(options);
      const key = await api.call("GET", `/admin/v1/keys/${encodeURIComponent(id)}`);
      options.json ? printJson(key) : printKey(key);
    });
}

// `bartizan clients rotate-secret ID`: POST /admin/v1/clients/{id}/secret.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { given, secondsOf } from "../../options.ts";
import { printJson } from "../../output.ts";
import { printWithSecret } from "./secret.ts";

interface Options extends ConnectionOptions {
  readonly overlap?: number;
}

export function clientsRotateSecret(): Command {
  return platformCommand("rotate-secret", "Give an OAuth client a new secret. It is shown once and stored nowhere.")
    .argument("<id>", "as `clients list` gives it")
    .option("--overlap <time>", "for which the old secret works as well: 0, 30m, 24h, 7d (default: 24h)", secondsOf)
    .addHelpText("after", "\nExample:\n  npx bartizan clients rotate-secret client_01… --overlap 1h")
    .action(async (id: string, options: Options) => {
      const api = await connectAdmin(options);
      const path = `/admin/v1/clients/${encodeURIComponent(id)}/secret`;
      const client = await api.call("POST", path, given({ overlap_s: options.overlap }));
      options.json ? printJson(client) : printWithSecret(client);
    });
}

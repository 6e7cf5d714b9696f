// `bartizan bootstrap`: spends the one-time secret of `init --local` for an administrator, a demo key, an auditor and a
// client, and keeps them in the state folder, where the other commands look. For `wrangler dev`; `npm start` does the
// same by itself.
import type { Command } from "commander";
import { AdminClient } from "../../embedded/admin/client.ts";
import { mintCredentials } from "../../embedded/admin/credentials.ts";
import { DEFAULT_STATE } from "../../embedded/options.ts";
import { openStateFolder, readText, statePaths } from "../../embedded/state/folder.ts";
import { type ConnectionOptions, localCommand, platformUrl } from "../connection.ts";
import { UsageError } from "../exit.ts";
import { printJson, printLine } from "../output.ts";
import { DEV_VARS } from "./init.ts";

interface Options extends ConnectionOptions {
  readonly vars: string;
}

export function bootstrap(): Command {
  return localCommand(
    "bootstrap",
    "Make the first administrator and a demo key of a platform that `wrangler dev` serves.",
  )
    .option("--url <url>", "the platform's address (default: the local one's)")
    .option("--vars <file>", "where `init --local` wrote the one-time secret", DEV_VARS)
    .option("--state <folder>", "state folder that gets credentials.json", DEFAULT_STATE)
    .addHelpText("after", "\nExample:\n  npx bartizan bootstrap && npx bartizan keys list")
    .action(async (options: Options) => {
      const [, secret] = /^BOOTSTRAP_SECRET='([^']+)'$/m.exec((await readText(options.vars)) ?? "") ?? [];
      if (secret === undefined)
        throw new UsageError(`${options.vars} holds no one-time secret. Run bartizan init --local.`);
      const url = await platformUrl(options);
      const paths = statePaths(options.state);
      await openStateFolder(paths);
      const { api } = await mintCredentials(paths.credentials, secret, (key) => new AdminClient(url, key));
      if (options.json) printJson({ credentials: paths.credentials, api_key: api.key });
      else printLine(`Wrote ${paths.credentials} (mode 0600).\n\nA key for tenant demo:\n${api.key}`);
    });
}

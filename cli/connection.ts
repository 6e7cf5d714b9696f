// Which platform a command speaks to, and as whom: the local one's address and keys from its state folder unless told.
import { Command, Option } from "commander";
import { AdminClient } from "../embedded/admin/client.ts";
import { type Credentials, readAnyCredentials } from "../embedded/admin/credentials.ts";
import { DEFAULT_PORT, DEFAULT_STATE } from "../embedded/options.ts";
import { readRunning } from "../embedded/process/running.ts";
import { statePaths } from "../embedded/state/folder.ts";
import { CheckFailed } from "./exit.ts";

export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  readonly state: string;
  readonly json: boolean;
}

/** A command with the options of all that speak to a platform. */
export function platformCommand(name: string, description: string): Command {
  return (
    localCommand(name, description)
      .addOption(new Option("--url <url>", "the platform's address (default: the local one's)").env("BARTIZAN_URL"))
      // the environment rather than the command line, which every process of the machine may read
      .addOption(
        new Option("--key <key>", "credential to use (default: the local one's, from the state folder)").env(
          "BARTIZAN_KEY",
        ),
      )
      .option("--state <folder>", "state folder of the local platform", DEFAULT_STATE)
  );
}

/** A command with `--json` alone. */
export function localCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--json", "JSON on standard output", false)
    .allowExcessArguments(false)
    .exitOverride();
}

export async function platformUrl(options: Pick<ConnectionOptions, "url" | "state">): Promise<string> {
  if (options.url !== undefined) return options.url.replace(/\/+$/, "");
  return (await readRunning(statePaths(options.state)))?.url ?? `http://127.0.0.1:${DEFAULT_PORT}`;
}

/** @throws CheckFailed where no key is named and the state folder has none */
export async function platformKey(
  options: Pick<ConnectionOptions, "key" | "state">,
  role: Exclude<keyof Credentials, "version" | "client">,
): Promise<string> {
  if (options.key !== undefined) return options.key;
  const path = statePaths(options.state).credentials;
  const credentials = await readAnyCredentials(path);
  if (credentials === null) throw new CheckFailed(`There are no credentials in ${path}. Run npm start, or use --key.`);
  return credentials[role].key;
}

export async function connectAdmin(options: ConnectionOptions): Promise<AdminClient> {
  return new AdminClient(await platformUrl(options), await platformKey(options, "admin"));
}

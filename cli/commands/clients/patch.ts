// `bartizan clients patch ID`: PATCH /admin/v1/clients/{id}. Holds from the client's next request on.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { given } from "../../options.ts";
import { printJson } from "../../output.ts";
import { type RegistrationOptions, registrationOf, withRegistration } from "./registration.ts";
import { printWithSecret } from "./secret.ts";

interface Options extends ConnectionOptions, RegistrationOptions {
  readonly name?: string;
}

export function clientsPatch(): Command {
  const command = platformCommand("patch", "Change an OAuth client, or how it proves who it is; narrow its scopes.")
    .argument("<id>", "as `clients list` gives it")
    .option("--name <name>", "a new name");
  return withRegistration(command)
    .addHelpText(
      "after",
      "\nScopes can only be taken away, so those that are given remain; a limit that is given replaces its own alone." +
        "\n\nExample:\n  npx bartizan clients patch client_01… --auth-method private_key_jwt --jwks jwks.json",
    )
    .action(async (id: string, options: Options) => {
      const change = { ...given({ name: options.name }), ...(await registrationOf(options)) };
      if (Object.keys(change).length === 0) throw new UsageError("Nothing to change: see --help.");
      const api = await connectAdmin(options);
      const client = await api.call("PATCH", `/admin/v1/clients/${encodeURIComponent(id)}`, change);
      options.json ? printJson(client) : printWithSecret(client);
    });
}

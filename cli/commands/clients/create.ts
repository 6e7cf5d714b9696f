// `bartizan clients create`: POST /admin/v1/clients.
import type { Command } from "commander";
import { DEMO_TENANT } from "../../../embedded/admin/credentials.ts";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson } from "../../output.ts";
import { type RegistrationOptions, registrationOf, withRegistration } from "./registration.ts";
import { printWithSecret } from "./secret.ts";

interface Options extends ConnectionOptions, RegistrationOptions {
  readonly tenant: string;
  readonly name: string;
}

export function clientsCreate(): Command {
  const command = platformCommand("create", "Register an OAuth client. Its secret, if it has one, is shown once.")
    .option("--tenant <tenant>", "whose client it is", DEMO_TENANT)
    .requiredOption("--name <name>", "what it is for");
  return withRegistration(command)
    .addHelpText(
      "after",
      "\nWithout scopes it may use every model; without limits it has its tenant's; without addresses it may be used from any." +
        "\n\nExample:\n  npx bartizan clients create --name robot --scope infer:smollm2 --auth-method private_key_jwt --jwks jwks.json",
    )
    .action(async (options: Options) => {
      const api = await connectAdmin(options);
      const made = await api.call("POST", "/admin/v1/clients", {
        tenant: options.tenant,
        name: options.name,
        scopes: ["infer:*", "embed:*"],
        limits: {},
        allow_cidrs: [],
        ...(await registrationOf(options)),
      });
      options.json ? printJson(made) : printWithSecret(made);
    });
}

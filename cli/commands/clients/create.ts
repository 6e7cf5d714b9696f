// `bartizan clients create`: POST /admin/v1/clients.
import type { Command } from "commander";
import { DEMO_TENANT } from "../../../embedded/admin/credentials.ts";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson } from "../../output.ts";
import { collect, collectLimit } from "../keys/limits.ts";
import { type RegistrationOptions, registrationOf, withRegistration } from "./registration.ts";
import { printWithSecret } from "./secret.ts";

interface Options extends ConnectionOptions, RegistrationOptions {
  readonly tenant: string;
  readonly name: string;
  readonly scope?: readonly string[];
  readonly limit?: QuotaLimits;
  readonly allowCidr?: readonly string[];
}

export function clientsCreate(): Command {
  const command = platformCommand("create", "Register an OAuth client. Its secret, if it has one, is shown once.")
    .option("--tenant <tenant>", "whose client it is", DEMO_TENANT)
    .requiredOption("--name <name>", "what it is for")
    .option("--scope <scope>", "what its tokens may do at most; repeat (default: every model)", collect)
    .option("--limit <name=n>", "requests_per_day=1000, concurrency=none, …; repeat", collectLimit)
    .option("--allow-cidr <cidr>", "addresses it may be used from; repeat (default: any)", collect);
  return withRegistration(command)
    .addHelpText(
      "after",
      "\nExample:\n  npx bartizan clients create --name robot --scope infer:smollm2 --auth-method private_key_jwt --jwks jwks.json",
    )
    .action(async (options: Options) => {
      const api = await connectAdmin(options);
      const made = await api.call("POST", "/admin/v1/clients", {
        tenant: options.tenant,
        name: options.name,
        scopes: options.scope ?? ["infer:*", "embed:*"],
        limits: options.limit ?? {},
        allow_cidrs: options.allowCidr ?? [],
        ...(await registrationOf(options)),
      });
      options.json ? printJson(made) : printWithSecret(made);
    });
}

// `bartizan signing-keys rotate PURPOSE`: POST /admin/v1/signing-keys/rotate.
import { Argument, type Command, Option } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { given } from "../../options.ts";
import { printJson, printLine } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly algorithm?: string;
}

export function signingKeysRotate(): Command {
  return platformCommand(
    "rotate",
    "Let another key sign from now on. What the old one signed stays good. Takes seconds.",
  )
    .addArgument(new Argument("<purpose>", "what it signs").choices(["api_key", "access_token"]))
    .addOption(new Option("--algorithm <alg>", "of the new key (default: the old one's)").choices(["EdDSA", "ES256"]))
    .addHelpText("after", "\nExample:\n  npx bartizan signing-keys rotate access_token --algorithm ES256")
    .action(async (purpose: string, options: Options) => {
      const api = await connectAdmin(options);
      const body = { purpose, ...given({ algorithm: options.algorithm }) };
      const key = await api.call("POST", "/admin/v1/signing-keys/rotate", body);
      options.json ? printJson(key) : printLine(`${String(key.kid)} (${String(key.algorithm)}) signs ${purpose}s now.`);
    });
}

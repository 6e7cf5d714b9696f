// `bartizan policy show FILE`: what is in force with this file, defaults filled in. It is JSON either way.
import type { Command } from "commander";
import { localCommand } from "../../connection.ts";
import { printJson } from "../../output.ts";
import { LOCAL_POLICY, validPolicy } from "./file.ts";

export function policyShow(): Command {
  return localCommand("show", "Print a policy with its defaults filled in.")
    .argument("[file]", "default: the local platform's", LOCAL_POLICY)
    .addHelpText("after", "\nExample:\n  npx bartizan policy show policy.json")
    .action(async (file: string) => printJson((await validPolicy(file)).policy));
}

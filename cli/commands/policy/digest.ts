// `bartizan policy digest FILE`: the digest under which audit records name it.
import type { Command } from "commander";
import { localCommand } from "../../connection.ts";
import { printJson, printLine } from "../../output.ts";
import { LOCAL_POLICY, validPolicy } from "./file.ts";

export function policyDigest(): Command {
  return localCommand("digest", "Print the digest under which audit records name a policy.")
    .argument("[file]", "default: the local platform's", LOCAL_POLICY)
    .addHelpText("after", "\nExample:\n  npx bartizan policy digest policy.json")
    .action(async (file: string, { json }: { json: boolean }) => {
      const { digest } = await validPolicy(file);
      json ? printJson({ digest }) : printLine(digest);
    });
}

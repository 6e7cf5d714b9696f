// `bartizan policy check FILE`: is it a policy that the platform would take?
import type { Command } from "commander";
import { localCommand } from "../../connection.ts";
import { CheckFailed } from "../../exit.ts";
import { printJson, printLine } from "../../output.ts";
import { LOCAL_POLICY, readPolicyFile } from "./file.ts";

export function policyCheck(): Command {
  return localCommand("check", "Check a policy file against the schema.")
    .argument("[file]", "default: the local platform's", LOCAL_POLICY)
    .addHelpText("after", "\nExample:\n  npx bartizan policy check .bartizan/policy.json")
    .action(async (file: string, { json }: { json: boolean }) => {
      const read = await readPolicyFile(file);
      if (json) printJson(read.ok ? { valid: true, digest: read.digest } : { valid: false, issues: read.issues });
      if (!read.ok) throw new CheckFailed(`${file} is not a valid policy:\n  ${read.issues.join("\n  ")}`);
      if (!json) printLine(`${file} is a valid policy.\n${read.digest}`);
    });
}

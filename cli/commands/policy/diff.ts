// `bartizan policy diff BEFORE AFTER`: what changes in force, not in layout.
import type { Command } from "commander";
import { diffPolicy } from "../../../policy/diff.ts";
import { localCommand } from "../../connection.ts";
import { plain, printJson, printLine } from "../../output.ts";
import { LOCAL_POLICY, validPolicy } from "./file.ts";

export function policyDiff(): Command {
  return localCommand("diff", "Show what a new policy changes. Ends with 0 whether it changes anything or not.")
    .argument("<after>", "the new policy")
    .argument("[before]", "default: the local platform's", LOCAL_POLICY)
    .addHelpText("after", "\nExample:\n  npx bartizan policy diff next.json .bartizan/policy.json")
    .action(async (after: string, before: string, { json }: { json: boolean }) => {
      const [old, next] = [await validPolicy(before), await validPolicy(after)];
      const changes = diffPolicy(old.policy, next.policy);
      if (json) return printJson({ before: old.digest, after: next.digest, changes });
      if (changes.length === 0) return printLine("The same policy.");
      for (const change of changes) printLine(`${change.path}: ${textOf(change.before)} → ${textOf(change.after)}`);
    });
}

function textOf(value: unknown): string {
  return value === undefined ? "(absent)" : plain(JSON.stringify(value));
}

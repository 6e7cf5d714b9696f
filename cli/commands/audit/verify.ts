// `bartizan audit verify`: the whole log, from outside.
import type { Command } from "commander";
import { toBase64Url } from "../../../protocol/encoding.ts";
import type { VerifyReport } from "../../../transparency/index.ts";
import { platformCommand } from "../../connection.ts";
import { CheckFailed } from "../../exit.ts";
import { printJson, printLine } from "../../output.ts";
import { type LogOptions, verifyKnownLog } from "./known-log.ts";

export function auditVerify(): Command {
  return platformCommand("verify", "Verify the log: signature, every entry, every tile, and that it only grew.")
    .option("--log <name>", "which log", "default")
    .option("--vkey <vkey>", "its verifier key (default: the one seen first, else what the platform says)")
    .addHelpText("after", "\nExample:\n  npx bartizan audit verify --log default")
    .action(async (options: LogOptions) => {
      const { report, grewFromKnown } = await verifyKnownLog(options);
      options.json ? printJson(jsonOf(report)) : printReport(report, grewFromKnown);
      if (report.problems.length > 0) throw new CheckFailed("The log does not verify.");
    });
}

function jsonOf({ checkpoint, verified, open, problems }: VerifyReport) {
  const shown = checkpoint === null ? null : { size: checkpoint.size, root: toBase64Url(checkpoint.root) };
  return { valid: problems.length === 0, checkpoint: shown, verified, open, problems };
}

function printReport({ checkpoint, verified, open, problems }: VerifyReport, grewFromKnown: boolean): void {
  for (const { fault, where } of problems) printLine(`${where}: ${fault}`);
  if (checkpoint === null || problems.length > 0) return;
  printLine(
    `${verified} of ${checkpoint.size} entries verified${grewFromKnown ? ", grown from the log seen before" : ""}.`,
  );
  printLine(`root ${toBase64Url(checkpoint.root)}`);
  if (open > 0) printLine(`${open} admitted requests have no outcome yet.`);
}

// `bartizan doctor`: what has to be right on this machine, checked one by one.
import type { Command } from "commander";
import { DEFAULT_PORT } from "../../embedded/options.ts";
import { readRunning } from "../../embedded/process/running.ts";
import { statePaths } from "../../embedded/state/folder.ts";
import type { Check, Finding } from "../checks/finding.ts";
import { fileLimit, nodeVersion, npmLock, portFree, stateFolder, workerdRuns } from "../checks/machine.ts";
import { logVerifies, modelsPresent, platformAnswers } from "../checks/platform.ts";
import { type ConnectionOptions, platformCommand } from "../connection.ts";
import { CheckFailed } from "../exit.ts";
import { printJson, printLine } from "../output.ts";

const SIGN = { ok: "ok     ", warning: "warning", fault: "FAULT  " } as const;

export function doctor(): Command {
  return platformCommand("doctor", "Check this machine and the local platform.")
    .addHelpText("after", "\nExample:\n  npx bartizan doctor")
    .action(async (options: ConnectionOptions) => {
      const running = await readRunning(statePaths(options.state));
      const url = options.url ?? running?.url ?? null;
      const checks: readonly Check[] = [
        nodeVersion,
        npmLock,
        workerdRuns,
        fileLimit,
        () => stateFolder(options.state),
        ...(url === null
          ? [() => portFree(DEFAULT_PORT)]
          : [() => platformAnswers(url), () => modelsPresent(url, options), () => logVerifies(options)]),
      ];
      const findings: Finding[] = [];
      for (const check of checks) findings.push(await check());
      if (options.json) printJson({ findings });
      else for (const { status, what, detail } of findings) printLine(`${SIGN[status]}  ${what}: ${detail}`);
      if (findings.some(({ status }) => status === "fault")) throw new CheckFailed("Something has to be put right.");
    });
}

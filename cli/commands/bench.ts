// `bartizan bench`: goes on as `npm run bench`, with the same options.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { exitOf } from "../../embedded/process/exit.ts";
import { EXIT } from "../exit.ts";

const BENCH = fileURLToPath(new URL("../../bench/run.mjs", import.meta.url));

export function bench(): Command {
  return new Command("bench")
    .description("Measure this gateway beside a bare proxy and the floor. `bench --help` lists its options.")
    .argument("[options...]", "as `npm run bench` takes them, such as --quick --json")
    .helpOption(false)
    .passThroughOptions()
    .allowUnknownOption()
    .exitOverride()
    .action(async (args: string[]) => {
      const { code } = await exitOf(spawn(process.execPath, [BENCH, ...args], { stdio: "inherit" }));
      process.exitCode = code ?? EXIT.failed;
    });
}

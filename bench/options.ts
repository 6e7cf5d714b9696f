// The command's options, parsed once.
import { Command, InvalidArgumentError, Option } from "commander";
import { ROUTES, type RouteName } from "./route.ts";
import type { Limits, Storage } from "./row.ts";
import { ROW_NAMES } from "./rows/index.ts";

export interface BenchOptions {
  readonly rows: readonly string[];
  readonly connections: readonly number[];
  readonly storages: readonly Storage[];
  readonly rounds: number;
  /** of each measurement */
  readonly seconds: number;
  readonly keys: number;
  readonly limits: Limits;
  readonly route: RouteName;
  readonly promptChars: number;
  readonly generator: "auto" | "autocannon" | "wrk";
  readonly json: boolean;
  readonly profile: boolean;
}

// an even number of rounds: each order of the rows as often as the other
const FULL = { rounds: 4, seconds: 3 };
const QUICK = { rounds: 1, seconds: 1 };

/** @param args what stands after the script's name; `--help` and errors end the process, as commander has it */
export function parseOptions(args: readonly string[], exitOverride = false): BenchOptions {
  const command = new Command("bench")
    .description("Measures Bartizan beside a bare proxy and the floor, on one runtime, against one mock upstream.")
    .addOption(listOption("--rows <names>", "what to measure", ROW_NAMES))
    .option("--connections <list>", "connections of the load generator, comma separated", counts, [1, 16, 64])
    .addOption(new Option("--storage <kind>", "where state lies; both unless one is named").choices(["disk", "memory"]))
    .option("--rounds <n>", `rounds, of which the report gives medians (${FULL.rounds})`, count)
    .option("--seconds <n>", `length of each measurement (${FULL.seconds})`, seconds)
    .option("--quick", `${QUICK.rounds} round of ${QUICK.seconds} s: shows that it runs, not how fast`, false)
    .option("--keys <n>", "API keys, each with a ledger of its own, that the load is spread over", count, 1)
    .addOption(
      new Option("--limits <kind>", "of Bartizan's keys: none, or all of them set and out of reach")
        .choices(["none", "unreachable"])
        .default("none"),
    )
    .addOption(new Option("--route <name>", "what is asked").choices(ROUTES).default("chat"))
    .option("--prompt-chars <n>", "length of the prompt's text", count, 500)
    .addOption(
      new Option("--generator <name>", "auto: wrk where it is installed")
        .choices(["auto", "autocannon", "wrk"])
        .default("auto"),
    )
    .option("--json", "one JSON document on standard output", false)
    .option(
      "--profile",
      "only Bartizan, under the runtime's sampling profiler: where its JavaScript spends its time",
      false,
    )
    .addHelpText("after", "\nExample:\n  npm run bench -- --storage memory --connections 16 --rounds 5 --json");
  if (exitOverride) command.exitOverride().configureOutput({ writeErr: () => {} });
  command.parse(args, { from: "user" });
  const given = command.opts();
  const pace = given.quick ? QUICK : FULL;
  return {
    rows: given.rows,
    connections: given.connections,
    storages: given.storage === undefined ? ["disk", "memory"] : [given.storage],
    rounds: given.rounds ?? pace.rounds,
    seconds: given.seconds ?? pace.seconds,
    keys: given.keys,
    limits: given.limits,
    route: given.route,
    promptChars: given.promptChars,
    generator: given.generator,
    json: given.json,
    profile: given.profile,
  };
}

function listOption(flags: string, description: string, known: readonly string[]): Option {
  return new Option(flags, `${description}, comma separated`).default(known).argParser((text: string) => {
    const names = [...new Set(text.split(","))];
    const stranger = names.find((name) => !known.includes(name));
    if (stranger !== undefined) throw new InvalidArgumentError(`${stranger} is none of ${known.join(", ")}`);
    return names;
  });
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("a whole number from 1 to 999999");
  return Number(text);
}

function counts(text: string): number[] {
  return [...new Set(text.split(",").map(count))];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError("seconds, from 0.1 to 3600");
  return value;
}

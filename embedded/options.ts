// The options of `npm start`.
import { Command, InvalidArgumentError } from "commander";

/** The model to serve: one that Bartizan knows, or a GGUF file of the user's own. */
export type ModelChoice = "smollm2" | "edge-mini" | { readonly path: string };

export interface StartOptions {
  /** 0: any free one */
  readonly port: number;
  readonly state: string;
  readonly model: ModelChoice;
  readonly json: boolean;
}

export const DEFAULT_PORT = 8787;
export const DEFAULT_STATE = ".bartizan";

/** Prints help or a usage error and ends the process by itself. */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const command = new Command("npm start --")
    .description(
      "Start Bartizan on this machine: Workers, Durable Objects and R2 on disk, and a real model behind them.",
    )
    .option("--port <port>", "port on 127.0.0.1", portOf, DEFAULT_PORT)
    .option("--state <folder>", "where everything is kept", DEFAULT_STATE)
    .option("--model <model>", "smollm2, edge-mini, or the path of a .gguf file", modelOf, "smollm2" as ModelChoice)
    .option("--json", "one line of JSON on standard output once it is ready", false)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => process.stderr.write(text) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText("after", "\nExample:\n  npm start -- --port 9000 --model ./my-model.gguf\n");
  return command.parse(argv as string[], { from: "user" }).opts<StartOptions>();
}

export function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  return port;
}

function modelOf(text: string): ModelChoice {
  if (text === "smollm2" || text === "edge-mini") return text;
  if (!/\.gguf$/i.test(text)) throw new InvalidArgumentError("it is smollm2, edge-mini, or a path that ends in .gguf.");
  return { path: text };
}

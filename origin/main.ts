// The private origin agent: `node origin/main.ts`, spoken to over standard input (messages.ts), or
// `node origin/main.ts --config FILE` with the same lines in a file that only its owner can read.
//
// With standard input the agent lives as long as it: a parent that was killed leaves no agent behind. With a file it
// runs until SIGTERM or SIGINT.
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Agent, startAgent } from "./agent.ts";
import { LoadFailure } from "./failure.ts";
import { faultOf, log } from "./log.ts";
import { type AgentMessage, messageLine, type ParentMessage, parentMessageSchema } from "./messages.ts";

/** How long a stop may take before the process ends regardless. */
const STOP_MS = 3_000;
/** A line holds keys and a few names. */
const MAX_LINE_CHARS = 1024 * 1024;

let agent: Agent | null = null;
let ending = false;

function tell(message: AgentMessage): void {
  process.stdout.write(messageLine(message));
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  // a native call that does not return must not keep an orphan alive
  setTimeout(() => process.exit(code), STOP_MS).unref();
  await agent?.stop().catch((error) => log("stop_failed", { fault: faultOf(error) }));
  tell({ event: "stopped" });
  process.exitCode = code;
  process.exit();
}

async function obey(message: ParentMessage): Promise<void> {
  switch (message.type) {
    case "configure":
      if (agent !== null) throw new LoadFailure("bad_config");
      agent = await startAgent(message, tell);
      return;
    case "load":
      if (agent === null) throw new LoadFailure("bad_config");
      await agent.load(message);
      return;
    case "stop":
      await end(0);
      return;
  }
}

function parse(line: string): ParentMessage {
  try {
    if (line.length > MAX_LINE_CHARS) throw new SyntaxError();
    return parentMessageSchema.parse(JSON.parse(line));
  } catch {
    // what failed to parse holds private keys: not a word of it goes out
    throw new LoadFailure("bad_config");
  }
}

async function fail(error: unknown): Promise<void> {
  // when the end cuts a load short, that is no failure
  if (ending) return;
  log("agent_failed", { fault: faultOf(error) });
  tell({ event: "failed", code: error instanceof LoadFailure ? error.code : "engine_failed", model: null });
  await end(1);
}

/** The lines of a configuration file, which must be closed to others: it holds the origin's private keys. */
async function linesOf(path: string): Promise<readonly string[]> {
  const { mode } = await stat(path);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) throw new LoadFailure("bad_config");
  return (await readFile(path, "utf8")).split("\n");
}

async function main(): Promise<void> {
  process.once("SIGTERM", () => void end(0));
  process.once("SIGINT", () => void end(0));
  // the parent's end of the pipe is gone: so is the parent
  process.stdout.on("error", () => void end(0));
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  if (values.config !== undefined) {
    for (const line of await linesOf(values.config)) if (line.trim() !== "") await obey(parse(line));
    return;
  }
  // in order, and without waiting inside the reader: a stop must be heard while a load is under way
  let last: Promise<void> = Promise.resolve();
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (line) => {
    if (line.trim() === "" || ending) return;
    try {
      const message = parse(line);
      last = message.type === "stop" ? end(0) : last.then(() => obey(message)).catch(fail);
    } catch (error) {
      void fail(error);
    }
  });
  lines.on("close", () => void end(0));
}

main().catch(fail);

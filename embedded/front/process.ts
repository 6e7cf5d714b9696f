// Starts and ends the front.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endChild, exitOf } from "../process/exit.ts";
import { StartError } from "../stop-reason.ts";
import { bundleWorker } from "../workers/bundle.ts";
import { workerdPath } from "../workers/workerd.ts";
import { frontConfig, SCRIPT_FILE, SECRET_VARIABLE, SOCKET_NAME } from "./config.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const CONFIG_FILE = "front.capnp";
/** How long requests that are under way may go on when the platform stops. */
const DRAIN_MS = 5_000;

export interface FrontInput {
  readonly port: number;
  /** of local.ts's direct socket */
  readonly directUrl: string;
  readonly startSecret: string;
  readonly compatibilityDate: string;
  /** a folder of mode 0700 for the generated files */
  readonly run: string;
  readonly log: (text: string) => void;
}

export interface Front {
  readonly url: string;
  readonly pid: number;
  /** resolves when it is gone, however that comes */
  readonly gone: Promise<unknown>;
  /** Takes no new requests, lets those under way end, then ends. */
  drain(): Promise<void>;
}

/** @throws StartError where it does not come up, above all because the port is taken */
export async function startFront(input: FrontInput): Promise<Front> {
  const { port, directUrl, compatibilityDate, run } = input;
  const config = frontConfig({ port, platform: new URL(directUrl).host, compatibilityDate });
  await writeFile(join(run, SCRIPT_FILE), (await bundleWorker(WORKER)).text, { mode: 0o600 });
  await writeFile(join(run, CONFIG_FILE), config, { mode: 0o600 });

  const child = spawn(workerdPath(), ["serve", join(run, CONFIG_FILE), "--control-fd=3"], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { [SECRET_VARIABLE]: input.startSecret, TZ: "UTC" },
  });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) pipeLines(stream, input.log);
  const listening = await Promise.race([portOf(child), exitOf(child).then(() => null)]);
  if (listening === null || child.pid === undefined)
    throw new StartError(`The front could not listen on 127.0.0.1:${port}. Is the port taken? Use --port.`);
  return {
    url: `http://127.0.0.1:${listening}`,
    pid: child.pid,
    gone: exitOf(child),
    drain: async () => void (await endChild(child, DRAIN_MS)),
  };
}

/** workerd says on its control descriptor where it listens. */
async function portOf(child: ChildProcess): Promise<number | null> {
  const control = child.stdio[3];
  if (control === null || control === undefined || !("read" in control)) return null;
  for await (const line of createInterface({ input: control })) {
    const { event, socket, port } = JSON.parse(line) as { event?: unknown; socket?: unknown; port?: unknown };
    if (event === "listen" && socket === SOCKET_NAME && typeof port === "number") return port;
  }
  return null;
}

function pipeLines(stream: NodeJS.ReadableStream, log: (text: string) => void): void {
  createInterface({ input: stream }).on("line", log);
}

// What sixteen bodies of a megabyte cost one isolate that are all held while each is judged: the least heap with which
// workerd answers them all, and the most memory that its process took beyond its own at rest. An isolate of the platform
// has 128 MB, buffers included, which are no part of V8's heap.
//   node bench/guards/memory.ts [--quick]
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { freePort } from "../../test/support/free-port.ts";
import { HOSTILE, prose } from "./hostile-texts.ts";

/** Miniflare's own. */
const WORKERD = createRequire(import.meta.url).resolve("workerd/bin/workerd");
const BODIES = 16;
const BODY_BYTES = 1_048_576;
/** Megabytes of heap that are tried: what the bodies' own bytes leave of the isolate, and half of it. */
const HEAPS = [112, 56];
/** Texts that make the most of views, and one that is two bytes a character once it is read. */
const TEXTS = ["percent", "zero width", "base64 of base64"];

export interface Held {
  readonly name: string;
  /** the least heap of `HEAPS` with which all are answered, in MB; null where the isolate's own is not enough */
  readonly least_heap_mb: number | null;
  /** bytes of the bodies themselves, in MB: they lie outside the heap and count with it */
  readonly buffers_mb: number;
  /** the process at its most, less itself after one small request, under the isolate's own heap; null off Linux */
  readonly process_grew_mb: number | null;
}

export async function measureMemory(quick: boolean): Promise<readonly Held[]> {
  const dir = mkdtempSync(join(tmpdir(), "bench-guards-memory-"));
  try {
    const entry = fileURLToPath(new URL("./workers/hold.ts", import.meta.url));
    await build({ entryPoints: [entry], bundle: true, format: "esm", minify: true, outfile: join(dir, "worker.js") });
    const hostile = Object.entries(HOSTILE).filter(([name]) => TEXTS.includes(name));
    const texts: [string, (chars: number) => string][] = [["prose", prose], ...hostile];
    const held: Held[] = [];
    for (const [name, make] of quick ? texts.slice(0, 1) : texts)
      held.push(await hold(dir, name, ofBytes(make(BODY_BYTES))));
    return held;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function ofBytes(text: string): string {
  return text.slice(0, Math.floor((text.length * BODY_BYTES) / Buffer.byteLength(text)));
}

async function hold(dir: string, name: string, text: string): Promise<Held> {
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: text }] });
  let least: number | null = null;
  let grew: number | null = null;
  for (const [at, heapMb] of HEAPS.entries()) {
    const { answered, grewMb } = await once16(dir, body, heapMb);
    if (at === 0) grew = grewMb;
    if (!answered) break;
    least = heapMb;
  }
  return {
    name,
    least_heap_mb: least,
    buffers_mb: Math.round((BODIES * Buffer.byteLength(body)) / 1_048_576),
    process_grew_mb: grew,
  };
}

async function once16(
  dir: string,
  body: string,
  heapMb: number,
): Promise<{ readonly answered: boolean; readonly grewMb: number | null }> {
  const port = await freePort();
  writeFileSync(join(dir, "config.capnp"), config(port, heapMb));
  const child = spawn(WORKERD, ["serve", join(dir, "config.capnp")], { stdio: "ignore" });
  const ended = once(child, "exit");
  try {
    const url = `http://127.0.0.1:${port}/`;
    await untilAnswering(url, child);
    const before = memoryMb(child, "VmRSS");
    const replies = await Promise.allSettled(
      Array.from({ length: BODIES }, () => fetch(`${url}?all=${BODIES}`, { method: "POST", body })),
    );
    const answered = replies.every((reply) => reply.status === "fulfilled" && reply.value.ok);
    const most = child.exitCode === null ? memoryMb(child, "VmHWM") : null;
    return { answered, grewMb: before === null || most === null ? null : Math.round(most - before) };
  } finally {
    child.kill();
    await ended;
  }
}

/** V8 collects no earlier than it has to: a limit makes it, and its process ends where that is not enough. */
function config(port: number, heapMb: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = [ "--max-heap-size=${heapMb}" ],
  services = [ (name = "hold", worker = (
    modules = [ (name = "worker.js", esModule = embed "worker.js") ],
    compatibilityDate = "2026-11-01",
  )) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "hold") ],
);
`;
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Good morning, what is new?" }] });
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    try {
      const reply = await fetch(`${url}?all=0`, { method: "POST", body });
      if (!reply.ok) throw new Error(`the Worker failed: ${reply.status}`);
      return;
    } catch (error) {
      if (tries === 199) throw error;
      await new Promise((go) => setTimeout(go, 50));
    }
  }
  throw new Error("workerd did not start");
}

function memoryMb(child: ChildProcess, field: "VmRSS" | "VmHWM"): number | null {
  if (process.platform !== "linux") return null;
  const line = readFileSync(`/proc/${child.pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  return line === null ? null : Number(line[1]) / 1024;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(JSON.stringify(await measureMemory(process.argv.includes("--quick")), null, 1));

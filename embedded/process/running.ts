// What runs on a state folder, on disk: so that others can say where it is, and so that a start after a crash in which
// even the tether died does not open a database that an old workerd still writes.
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { z } from "zod";
import { readText, type StatePaths, writePrivate } from "../state/folder.ts";

const runningSchema = z.object({
  url: z.string(),
  pid: z.int(),
  children: z.array(z.object({ pid: z.int(), command: z.string() })),
});
export type Running = z.infer<typeof runningSchema>;

export async function writeRunning(paths: StatePaths, running: Running): Promise<void> {
  await writePrivate(paths.running, `${JSON.stringify(running)}\n`);
}

/** Null where nothing was written, or it was removed by an orderly end. */
export async function readRunning(paths: StatePaths): Promise<Running | null> {
  try {
    return runningSchema.parse(JSON.parse((await readText(paths.running)) ?? "null"));
  } catch {
    return null;
  }
}

/** To be called under the lock alone: whatever still runs then has lost its parent. */
export async function endLeftovers(paths: StatePaths): Promise<void> {
  for (const { pid, command } of (await readRunning(paths))?.children ?? [])
    if (commandOf(pid)?.includes(command) === true) tryKill(pid);
  await rm(paths.running, { force: true });
}

/** The command line where the system tells it; a process id alone may be someone else's by now. */
function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return null;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone in the meantime
  }
}

// Ending child processes.
import type { ChildProcess } from "node:child_process";

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the child is gone, at once where it is already. */
export function exitOf(child: ChildProcess): Promise<ExitStatus> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 1, signal: null }));
  });
}

/** Asks with SIGTERM, insists with SIGKILL after `patienceMs`. */
export async function endChild(child: ChildProcess, patienceMs: number): Promise<ExitStatus> {
  const gone = exitOf(child);
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const status = await gone;
  clearTimeout(insist);
  return status;
}

// One platform a state folder. The lock is SQLite's own on a file of the folder: the kernel gives it back when the
// process dies, however it dies, so there is no stale lock to judge and no race between two that judge it.
import { DatabaseSync } from "node:sqlite";
import { StartError } from "../stop-reason.ts";
import { readText, type StatePaths } from "./folder.ts";

export interface StateLock {
  release(): void;
}

/** @throws StartError where another process holds the folder */
export async function lockState(paths: StatePaths): Promise<StateLock> {
  const database = new DatabaseSync(paths.lock, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new StartError(`Bartizan already runs on ${paths.root}${await whereItRuns(paths)}. Stop it, or use --state.`);
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

async function whereItRuns(paths: StatePaths): Promise<string> {
  try {
    const { url } = JSON.parse((await readText(paths.running)) ?? "{}") as { url?: unknown };
    return typeof url === "string" ? ` (${url})` : "";
  } catch {
    return "";
  }
}

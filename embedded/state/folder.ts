// The state folder: where each thing lies, and the one way in which files in it are written. Whoever reads this folder
// holds every key of the platform; hence 0700 for it and 0600 for the files.
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export interface StatePaths {
  readonly root: string;
  /** key material, made once: secrets.ts */
  readonly secrets: string;
  /** the local administrator's and demo tenant's credentials: credentials.ts */
  readonly credentials: string;
  readonly policy: string;
  /** digest of the policy text that was written by default, so that a file nobody touched may be written again */
  readonly policyWritten: string;
  /** held by SQLite for as long as the platform runs: lock.ts */
  readonly lock: string;
  /** what runs: process ids and the address */
  readonly running: string;
  /** Durable Objects and R2 */
  readonly storage: string;
  /** generated files of this start: the front's configuration, the runtime's socket */
  readonly run: string;
  /** what costs time to compute and may be deleted */
  readonly cache: string;
  /** the last checkpoint that `bartizan audit verify` saw, by log */
  readonly checkpoints: string;
}

export function statePaths(folder: string): StatePaths {
  const root = resolve(folder);
  const at = (name: string): string => join(root, name);
  return {
    root,
    secrets: at("secrets.json"),
    credentials: at("credentials.json"),
    policy: at("policy.json"),
    policyWritten: at("policy.written"),
    lock: at("lock"),
    running: at("running.json"),
    storage: at("storage"),
    run: at("run"),
    cache: at("cache"),
    checkpoints: at("checkpoints.json"),
  };
}

/** Makes the folder, closed to others also where it existed open. */
export async function openStateFolder(paths: StatePaths): Promise<void> {
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  await chmod(paths.root, 0o700);
  for (const folder of [paths.storage, paths.run, paths.cache]) await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Whole or not at all: a crash leaves the old file, never half of the new one. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}.new`;
  try {
    await writeFile(next, text, { mode: 0o600, flush: true });
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** Null where there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

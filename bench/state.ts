// Where the rows' state lies: a real disk, or memory that looks like one.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Storage } from "./row.ts";

/** beside the platform's own state, so that the disk is the one that it runs on; git does not see it */
const DISK = fileURLToPath(new URL("../.bartizan", import.meta.url));
const MEMORY = "/dev/shm";
/** statfs(2): TMPFS_MAGIC */
const TMPFS = 0x01021994;

export function hasMemoryStorage(): boolean {
  return existsSync(MEMORY) && statfsSync(MEMORY).type === TMPFS;
}

export interface StateDir {
  readonly path: string;
  /** false where the folder that stands for a disk is memory: its figures are no disk's */
  readonly asNamed: boolean;
  remove(): void;
}

/** A fresh directory that only this user may enter. */
export function makeStateDir(storage: Storage): StateDir {
  const parent = storage === "memory" ? MEMORY : DISK;
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const path = mkdtempSync(join(parent, "bench-"));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  // Miniflare ends the process on a signal before anyone else's handler is done
  process.once("exit", remove);
  return {
    path,
    asNamed: (statfsSync(path).type === TMPFS) === (storage === "memory"),
    remove: () => {
      process.off("exit", remove);
      remove();
    },
  };
}

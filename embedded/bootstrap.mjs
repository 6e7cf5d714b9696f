// What every command begins with: plain JavaScript for any Node from 20 on, with nothing installed. It installs what
// the lock file names and is missing, then goes on under the Node that the lock file pins.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node of package-lock.json. */
const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json names.
 * @returns {Promise<void>} ends the process with 1 where the installation fails
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  note("Installing packages (npm ci) …");
  const started = Date.now();
  const code = await npmCi();
  if (code !== 0 || !isInstalled()) {
    note(`npm ci failed${code === 0 ? ": packages are still missing" : ""}. Run it by hand to see why.`);
    process.exit(1);
  }
  note(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * Goes on as `script` under the pinned Node, with this process's streams, and ends as it ends.
 * @param {string} script path from the root
 * @param {readonly string[]} argv
 * @param {{ ownSession?: boolean }} [options] `ownSession`: a terminal's Ctrl-C reaches the script through this process
 *   alone, once, and none of its children, so that it can stop them in its own order
 * @returns {Promise<never>}
 */
export async function runPinned(script, argv, { ownSession = false } = {}) {
  const [command, ...args] = withRaisedFileLimit([pinnedNode, join(root, script), ...argv]);
  const child = spawn(command, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: ownSession,
    env: { ...process.env, NODE_NO_WARNINGS: process.env.NODE_NO_WARNINGS ?? "1" },
  });
  forwardSignals(child, ownSession);
  const stopWatching = ownSession ? whenAbandoned(() => child.kill("SIGTERM")) : () => {};

  const { code, signal } = await new Promise((resolve) => {
    child.once("error", (error) => {
      note(`Cannot start ${command}: ${error.message}`);
      resolve({ code: 1, signal: null });
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  stopWatching();
  process.exit(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 15));
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Without a session of its own the child hears the terminal itself: SIGINT forwarded as well would come twice. */
function forwardSignals(child, ownSession) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      const heardAlready = !ownSession && signal !== "SIGTERM" && process.stdin.isTTY;
      if (!heardAlready) child.kill(signal);
    });
}

/**
 * Calls back when npm, which ran this, is gone without a word: it, or the shell between, was killed. A command that
 * was started by hand may outlive its shell (`nohup`, `&`), so only npm's is watched.
 */
function whenAbandoned(callback) {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const before = ancestry();
  const timer = setInterval(() => {
    if (ancestry() === before) return;
    clearInterval(timer);
    callback();
  }, 500);
  return () => clearInterval(timer);
}

/** Parent and, where /proc tells, grandparent: npm runs scripts through a shell. */
function ancestry() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]}`;
  } catch {
    return `${process.ppid}`;
  }
}

/** workerd holds three descriptors for each active object and fails with SQLITE_CANTOPEN where they run out. */
function withRaisedFileLimit(command) {
  if (process.platform === "win32") return command;
  const script =
    'h=$(ulimit -H -n); if [ "$h" = unlimited ] || [ "$h" -gt 65536 ]; then h=65536; fi; ' +
    's=$(ulimit -S -n); if [ "$s" != unlimited ] && [ "$s" -lt "$h" ]; then ulimit -S -n "$h"; fi; exec "$@"';
  return ["/bin/sh", "-c", script, "sh", ...command];
}

function npmCi() {
  // `npm_execpath` is the npm that runs this; npm's own settings of the outer command must not leak into the inner one
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  const child = spawn(command, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    // the engine's own installer would look for other binaries than the prebuilt one
    env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true", npm_config_progress: "false" },
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Compares the lock file with the one that npm leaves in node_modules: names, versions and digests. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    const present = JSON.parse(readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === "") continue;
      const found = present[path];
      if (found === undefined ? entry.optional !== true && entry.peer !== true : !isSame(entry, found)) return false;
    }
    return existsSync(pinnedNode);
  } catch {
    return false;
  }
}

function isSame(wanted, found) {
  return wanted.version === found.version && wanted.integrity === found.integrity;
}

function note(text) {
  process.stderr.write(`${text}\n`);
}

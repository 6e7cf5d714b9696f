// The plain JavaScript that every command begins with, in a folder of its own with a stand-in for npm.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BOOTSTRAP = fileURLToPath(new URL("../../embedded/bootstrap.mjs", import.meta.url));
const LOCK = {
  packages: {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b": { version: "2.0.0", optional: true },
  },
};
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bartizan-bootstrap-"));
  for (const folder of ["embedded", "bin"]) await mkdir(join(root, folder));
  await copyFile(BOOTSTRAP, join(root, "embedded", "bootstrap.mjs"));
  await writeFile(join(root, "package-lock.json"), JSON.stringify(LOCK));
  await writeFile(
    join(root, "embedded", "start.mjs"),
    `import { ensureInstalled, runPinned } from "./bootstrap.mjs";
     await ensureInstalled();
     await runPinned("embedded/main.mjs", process.argv.slice(2), { ownSession: true });`,
  );
  await script("console.log(JSON.stringify(process.argv.slice(2)));");
  // leaves what npm would, and a mark that it ran
  await npm(`mkdir -p node_modules/node/bin && ln -s "${process.execPath}" node_modules/node/bin/node
    echo "$@" > npm-ran && cp package-lock.json node_modules/.package-lock.json`);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function script(text: string): Promise<void> {
  await writeFile(join(root, "embedded", "main.mjs"), text);
}

async function npm(body: string): Promise<void> {
  await writeFile(join(root, "bin", "npm"), `#!/bin/sh\n${body}\n`);
  await chmod(join(root, "bin", "npm"), 0o755);
}

async function installed(packages: object = LOCK.packages): Promise<void> {
  await mkdir(join(root, "node_modules", "node", "bin"), { recursive: true });
  await symlink(process.execPath, join(root, "node_modules", "node", "bin", "node"));
  await writeFile(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
}

function start(args: readonly string[] = [], extra: Record<string, string> = {}, shell?: string): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}`, ...extra };
  for (const name of Object.keys(env)) if (name.startsWith("npm_") && !(name in extra)) delete env[name];
  const command = [systemNode(), join(root, "embedded", "start.mjs"), ...args];
  if (shell !== undefined) return spawn("/bin/sh", ["-c", `${shell}; exec "$@"`, "sh", ...command], { env, cwd: root });
  const [file = "", ...rest] = command;
  return spawn(file, rest, { env, cwd: root });
}

/** Node 20 where the machine has it beside the pinned one: what a user without anything starts with. */
function systemNode(): string {
  const found = (process.env.PATH ?? "")
    .split(":")
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"));
  for (const path of found)
    try {
      if (execFileSync(path, ["--version"]).toString().startsWith("v")) return path;
    } catch {
      // not there
    }
  return process.execPath;
}

async function endOf(child: ChildProcess) {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  return { code: code as number | null, stdout, stderr };
}

const npmRan = (): Promise<boolean> =>
  readFile(join(root, "npm-ran")).then(
    () => true,
    () => false,
  );

describe("installing", () => {
  test("happens where nothing is installed; it says so on standard error alone", async () => {
    const { code, stdout, stderr } = await endOf(start(["--port", "1 2", ""]));
    expect(code).toBe(0);
    expect(stdout).toBe('["--port","1 2",""]\n');
    expect(stderr).toMatch(/Installing/);
    expect(await readFile(join(root, "npm-ran"), "utf8")).toMatch(/^ci /);
  });

  test.each([
    ["another version", { ...LOCK.packages, "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } }],
    [
      "other bytes under the same version",
      { ...LOCK.packages, "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } },
    ],
    ["a package missing", { "node_modules/b": { version: "2.0.0" } }],
  ])("happens with %s in node_modules", async (_what, packages) => {
    await installed(packages);
    // npm ci begins with an empty node_modules
    await npm(
      'rm -rf node_modules; mkdir -p node_modules/node/bin; touch npm-ran; cp package-lock.json node_modules/.package-lock.json; ln -s "' +
        process.execPath +
        '" node_modules/node/bin/node',
    );
    expect((await endOf(start())).code).toBe(0);
    expect(await npmRan()).toBe(true);
  });

  test("does not happen where all is there, an optional package of another system aside", async () => {
    const { "node_modules/b": _optional, ...here } = LOCK.packages;
    await installed(here);
    const { code, stderr } = await endOf(start());
    expect([code, stderr]).toEqual([0, ""]);
    expect(await npmRan()).toBe(false);
  });

  test("that fails ends the command with 1 and starts nothing", async () => {
    await npm("exit 7");
    const { code, stdout, stderr } = await endOf(start());
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/npm ci failed/);
  });

  test("that claims success and leaves packages out is not believed", async () => {
    await npm("exit 0");
    expect((await endOf(start())).code).toBe(1);
  });
});

describe("going on under the pinned Node", () => {
  beforeEach(() => installed());

  test("runs the node of node_modules, whatever runs this", async () => {
    await script("console.log(process.execPath, process.versions.node);");
    const { stdout } = await endOf(start());
    expect(stdout.trim().endsWith(process.versions.node)).toBe(true);
  });

  test("the script's exit code is the command's", async () => {
    await script("process.exitCode = 42;");
    expect((await endOf(start())).code).toBe(42);
  });

  test("a script that was killed ends the command as a shell would say it", async () => {
    await script("process.kill(process.pid, 'SIGKILL');");
    expect((await endOf(start())).code).toBe(137);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s reaches the script", async (signal) => {
    await script(
      `process.on("${signal}", () => { console.log("heard"); process.exit(3); }); setInterval(() => {}, 1000); console.log("up");`,
    );
    const child = start();
    await once(child.stdout as NodeJS.ReadableStream, "data");
    child.kill(signal);
    const { code, stdout } = await endOf(child);
    expect([code, stdout]).toEqual([3, "heard\n"]);
  });

  test("the soft limit of open files is raised to the hard one", async () => {
    await script(
      "import { execSync } from 'node:child_process'; console.log(execSync('ulimit -S -n; ulimit -H -n', { encoding: 'utf8' }).trim().split('\\n').join(' '));",
    );
    const { stdout } = await endOf(start([], {}, "ulimit -S -n 256"));
    const [soft, hard] = stdout.trim().split(" ");
    expect(Number(soft)).toBe(hard === "unlimited" ? 65_536 : Math.min(Number(hard), 65_536));
  });

  test("a command that was killed is noticed by the script", async () => {
    await script(
      "process.on('disconnect', () => { console.log('alone'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');",
    );
    const child = start();
    await once(child.stdout as NodeJS.ReadableStream, "data");
    child.kill("SIGKILL");
    const [alone] = await once(child.stdout as NodeJS.ReadableStream, "data");
    expect(String(alone)).toBe("alone\n");
  });

  test("npm's death is noticed, also through the shell between", async () => {
    await script(
      "process.on('SIGTERM', () => { console.log('told'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');",
    );
    // sh stands for npm, and does not replace itself since a command follows
    const npmLike = spawn("/bin/sh", ["-c", `/bin/sh -c '"${systemNode()}" embedded/start.mjs; true'; true`], {
      cwd: root,
      env: { ...process.env, npm_lifecycle_event: "start" },
    });
    await once(npmLike.stdout, "data");
    npmLike.kill("SIGKILL");
    const [told] = await once(npmLike.stdout, "data");
    expect(String(told)).toBe("told\n");
  });
});

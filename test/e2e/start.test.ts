// `npm start` as a process: how it ends, what it leaves, and what it finds again. Each end is a test, since an orphaned
// workerd would hold the state folder's databases.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EDGE_MINI_FILE } from "../../embedded/model/known.ts";
import type { Running } from "../../embedded/process/running.ts";
import { runCli } from "../support/cli.ts";
import { forgetState, newState, npmStart, type Started, startAndExit } from "../support/npm-start.ts";
import { processTree } from "../support/process-tree.ts";

const ROOT = join(import.meta.dirname, "../..");
let state: string;
beforeAll(async () => {
  state = await newState();
});
afterAll(() => forgetState(state));

async function running(): Promise<Running> {
  return JSON.parse(await readFile(join(state, "running.json"), "utf8")) as Running;
}

const exitCode = async ({ child }: Started): Promise<number | null> =>
  child.exitCode ?? ((await once(child, "exit"))[0] as number | null);

/** Every process that a start made, the tether included. */
const treeOf = ({ child }: Started): number[] => processTree(child.pid ?? 0);

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const modelsOf = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });

/** Each costs a start of its own; `npm run soak` runs them too. */
const soak = it.skipIf(process.env.BARTIZAN_SOAK !== "1");

describe("a platform that was stopped", () => {
  it("is found again by the next start: the same keys, the same log, on another port too", async () => {
    const first = await npmStart(state);
    const { announcement } = first;
    expect((await modelsOf(announcement.url, announcement.api_key)).status).toBe(200);
    const made = await runCli(["keys", "create", "--name", "mine", "--state", state, "--json"]);
    const { key } = JSON.parse(made.stdout) as { key: string };
    expect((await runCli(["audit", "verify", "--state", state])).code).toBe(0);
    const tree = treeOf(first);
    expect(tree.length).toBeGreaterThanOrEqual(5);
    expect(await first.stop()).toBe(0);
    await untilGone(tree);

    const second = await npmStart(state);
    expect(second.announcement).toEqual({ ...announcement, url: second.announcement.url });
    for (const known of [announcement.api_key, key])
      expect((await modelsOf(second.announcement.url, known)).status).toBe(200);
    const verified = await runCli(["audit", "verify", "--state", state]);
    expect(verified.stdout).toMatch(/grown from the log seen before/);
    const doctor = await runCli(["doctor", "--state", state, "--json"]);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).not.toMatch(/"fault"/);
    expect((await runCli(["models", "verify", "--state", state])).stdout).toMatch(/edge-mini@q8_0: verified/);
    expect(await second.stop()).toBe(0);
  });

  soak("whose storage was lost mints new credentials instead of handing out dead ones", async () => {
    const before = JSON.parse(await readFile(join(state, "credentials.json"), "utf8")) as { api: { key: string } };
    await rm(join(state, "storage"), { recursive: true });
    const started = await npmStart(state);
    const { url, api_key } = started.announcement;
    expect(api_key).not.toBe(before.api.key);
    expect((await modelsOf(url, api_key)).status).toBe(200);
    expect((await modelsOf(url, before.api.key)).status).toBe(401);
    expect(await started.stop()).toBe(0);
  });
});

describe("a sealed model that no longer is what was sealed", () => {
  it("is refused by the origin, said, and sealed anew", async () => {
    const bucket = join(state, "storage", "r2", "bartizan-models");
    const files = (await readdir(bucket, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map(async ({ parentPath, name }) => ({
        path: join(parentPath, name),
        size: (await stat(join(parentPath, name))).size,
      })),
    );
    const artifact = sizes.sort((a, b) => b.size - a.size)[0]?.path ?? "";
    const bytes = await readFile(artifact);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(artifact, bytes);
    const started = await npmStart(state);
    expect(started.stderr()).toMatch(/does not verify .*sealed anew/);
    const { code } = await runCli(["models", "verify", "--state", state]);
    expect(code).toBe(0);
    expect(await started.stop()).toBe(0);
  });
});

describe("every end leaves nothing behind", () => {
  soak("SIGTERM in the middle of a start ends with 0", async () => {
    const pidFile = join(state, "run", "workerd.pid");
    await rm(pidFile, { force: true });
    const args = ["--json", "--model", "edge-mini", "--port", "0", "--state", state];
    const child = spawn("node", ["embedded/start.mjs", ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    child.stdout.on("data", (text) => {
      stdout += text;
    });
    const gone = once(child, "exit");
    while (!(await stat(pidFile).catch(() => null))) await sleep(10);
    const tree = processTree(child.pid ?? 0);
    child.kill("SIGTERM");
    expect(await gone).toEqual([0, null]);
    expect(stdout).toBe("");
    await untilGone(tree);
  });

  soak("a killed launcher: the platform notices and ends in order", async () => {
    const started = await npmStart(state);
    const tree = treeOf(started);
    started.child.kill("SIGKILL");
    await untilGone(tree);
    await expect(stat(join(state, "running.json"))).rejects.toThrow();
  });

  it("a killed platform: what it started is killed with it, and (as the tests after this show) in nobody's way", async () => {
    const started = await npmStart(state);
    const tree = treeOf(started);
    process.kill((await running()).pid, "SIGKILL");
    expect(await exitCode(started)).toBe(137);
    await untilGone(tree);
  });

  soak.each([
    [0, /front/],
    [1, /Workers runtime/],
    [2, /origin agent/],
  ])("child %i dies: it says which, stops the others and ends with 1", async (index, name) => {
    const started = await npmStart(state);
    const tree = treeOf(started);
    process.kill((await running()).children[index]?.pid ?? 0, "SIGKILL");
    expect(await exitCode(started)).toBe(1);
    expect(started.stderr()).toMatch(name);
    await untilGone(tree);
  });

  soak("a second Ctrl-C, while the first waits for a request, ends at once", async () => {
    const started = await npmStart(state);
    const tree = treeOf(started);
    const { port } = new URL(started.announcement.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
    socket.write(`Authorization: Bearer ${started.announcement.api_key}\r\nContent-Length: 100\r\n\r\n{`);
    await sleep(300);
    started.child.kill("SIGINT");
    await sleep(1_300);
    started.child.kill("SIGINT");
    expect(await exitCode(started)).toBe(130);
    await untilGone(tree);
    socket.destroy();
  });
});

describe("what the user brings", () => {
  it("a model file of one's own is served under its name, kept where it is, and lies nowhere in plain", async () => {
    const own = join(state, "my model (1).gguf");
    await copyFile(EDGE_MINI_FILE, own);
    const started = await npmStart(state, ["--model", own]);
    expect(started.announcement.models).toContain("my-model-1");
    expect(await started.stop()).toBe(0);
    const plain = (await readFile(own)).subarray(64 * 1024, 64 * 1024 + 64);
    for (const entry of await readdir(join(state, "storage"), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect((await readFile(join(entry.parentPath, entry.name))).includes(plain)).toBe(false);
  });

  it("a policy that is not valid stops it before anything runs, with the place", async () => {
    await writeFile(join(state, "policy.json"), '{"version":1,"models":{},"lease_ms":"long"}');
    const { code, stdout, stderr } = await startAndExit([
      "--json",
      "--model",
      "edge-mini",
      "--port",
      "0",
      "--state",
      state,
    ]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("lease_ms");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([["--port", "70000"], ["--model", "gpt-4"], ["--nonsense"]])("%s %s is a usage error", async (...args) => {
    expect((await startAndExit(args.filter((arg) => arg !== undefined))).code).toBe(2);
  });
});

// `npx bartizan init --local && npx wrangler dev`, in a copy of the tree: no account, no login, no prompt, no network.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let copy: string;
let wrangler: ChildProcess;
let url: string;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "bartizan-dev-"));
  const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of tracked.split("\n").filter((name) => name !== "" && !name.startsWith("test/")))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true, force: true });
  cpSync(join(ROOT, "test/fixtures"), join(copy, "test/fixtures"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  execFileSync("node", ["cli/bartizan.mjs", "init", "--local"], { cwd: copy, stdio: "pipe" });
  url = `http://127.0.0.1:${await freePort()}`;
  wrangler = spawn(
    join(copy, "node_modules/node/bin/node"),
    [
      join(copy, "node_modules/wrangler/bin/wrangler.js"),
      "dev",
      "--ip",
      "127.0.0.1",
      "--port",
      new URL(url).port,
      "--inspector-port",
      "0",
    ],
    { cwd: copy, stdio: "ignore", detached: true, env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" } },
  );
  await answering();
});

afterAll(async () => {
  const ended = new Promise((resolve) => wrangler.once("exit", resolve));
  // its whole group: wrangler runs workerd in a process of its own
  process.kill(-(wrangler.pid ?? 0), "SIGTERM");
  await ended;
  rmSync(copy, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

describe("wrangler dev", () => {
  it("is set up by a file that its owner alone reads, and starts without a question", async () => {
    expect(statSync(join(copy, ".dev.vars")).mode & 0o777).toBe(0o600);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it("gets its first keys from the command that init names, and says what a model lacks", async () => {
    execFileSync("node", ["cli/bartizan.mjs", "bootstrap", "--url", url], { cwd: copy, stdio: "pipe" });
    const credentials = JSON.parse(readFileSync(join(copy, ".bartizan/credentials.json"), "utf8")) as {
      api: { key: string };
    };
    const headers = { authorization: `Bearer ${credentials.api.key}`, "content-type": "application/json" };
    const body = JSON.stringify({
      model: "@cf/meta/llama-3.1-8b-instruct",
      messages: [{ role: "user", content: "hi" }],
    });
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { code: "backend_unavailable", message: expect.stringContaining("no local engine is joined") },
    });
  });

  it("leaves the production configuration as it is", () => {
    expect(readFileSync(join(copy, "wrangler.toml"), "utf8")).toBe(readFileSync(join(ROOT, "wrangler.toml"), "utf8"));
  });
});

async function answering(): Promise<void> {
  for (;;) {
    if (wrangler.exitCode !== null) throw new Error(`wrangler dev ended with ${wrangler.exitCode}`);
    const response = await fetch(`${url}/healthz`).catch(() => null);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

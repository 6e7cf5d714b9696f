// Whatever happens to the process that started them, its children end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Teardown } from "../../embedded/process/teardown.ts";

const TETHER = fileURLToPath(new URL("../../embedded/process/tether.ts", import.meta.url));

/** A process that tethers two sleeping children, does as told, and prints their ids. */
async function parentOf(then: string) {
  const script = `
    const { spawn } = await import("node:child_process");
    const { Tether } = await import(${JSON.stringify(TETHER)});
    const tether = new Tether();
    const children = [0, 1].map(() => spawn("sleep", ["300"], { stdio: "ignore", detached: true }).pid);
    for (const pid of children) tether.hold(pid);
    setInterval(() => {}, 1000);
    ${then}
    setTimeout(() => console.log(children.join(" ")), 100);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(parent.stdout, "data");
  return { parent, children: String(line).trim().split(" ").map(Number) };
}

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilDead(pid: number | undefined): Promise<void> {
  while (isAlive(pid)) await sleep(10);
}

describe("a tether", () => {
  test("a parent killed with SIGKILL takes what it held with it", async () => {
    const { parent, children } = await parentOf("");
    expect(children.map(isAlive)).toEqual([true, true]);
    parent.kill("SIGKILL");
    for (const pid of children) await untilDead(pid);
  });

  test("what was released is left alone", async () => {
    const { parent, children } = await parentOf("tether.release(children[0]);");
    parent.kill("SIGKILL");
    await untilDead(children[1]);
    expect(isAlive(children[0])).toBe(true);
    process.kill(children[0] ?? 0, "SIGKILL");
  });

  test("an orderly end leaves all of it alone", async () => {
    const { parent, children } = await parentOf("tether.end();");
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await sleep(200);
    expect(children.map(isAlive)).toEqual([true, true]);
    for (const pid of children) process.kill(pid, "SIGKILL");
  });

  test("cut, it kills at once though the parent lives", async () => {
    const { parent, children } = await parentOf("tether.cut();");
    for (const pid of children) await untilDead(pid);
    expect(isAlive(parent.pid)).toBe(true);
    parent.kill("SIGKILL");
  });
});

describe("a teardown", () => {
  test("goes last to first, past a step that fails, and each step once", async () => {
    const done: string[] = [];
    const teardown = new Teardown();
    teardown.add(() => done.push("first"));
    teardown.add(() => Promise.reject(new Error("broken")));
    teardown.add(async () => void done.push("last"));
    await Promise.all([teardown.run(), teardown.run()]);
    expect(done).toEqual(["last", "first"]);
  });
});

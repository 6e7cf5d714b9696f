// `npx bartizan …` as a process.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { exitCodeOf } from "../../cli/exit.ts";
import { buildProgram } from "../../cli/program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The same in this process, which spares the second that a process takes to start. One at a time. */
export async function callCli(args: readonly string[]): Promise<CliResult> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    await buildProgram().parseAsync([...args], { from: "user" });
    return { code: 0, ...printed };
  } catch (error) {
    const code = exitCodeOf(error);
    return { code, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

export function runCli(args: readonly string[], input = ""): Promise<CliResult> {
  const child = spawn("node", ["cli/bartizan.mjs", ...args], { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}

// The lighter load generator, where it is installed: wrk, one thread. It counts in whole seconds.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LOAD_HEADERS, type LoadGenerator, type LoadJob, type LoadResult } from "./generator.ts";

const execute = promisify(execFile);
const MARK = "bench-result ";

/** Whether `wrk` is on the PATH. */
export async function wrkInstalled(): Promise<boolean> {
  try {
    await execute("wrk", ["-v"]);
  } catch (error) {
    // `wrk -v` says its version and exits 1; only a missing program is missing
    return (
      (error as NodeJS.ErrnoException).code !== "ENOENT" &&
      String((error as { stdout?: string }).stdout).startsWith("wrk")
    );
  }
  return true;
}

export function startWrk(): LoadGenerator {
  const folder = mkdtempSync(join(tmpdir(), "bartizan-bench-"));
  return {
    name: "wrk",
    async run(job) {
      const script = join(folder, "job.lua");
      // the script holds credentials: no one else may read it
      writeFileSync(script, wrkScript(job), { mode: 0o600 });
      const { stdout } = await execute("wrk", [
        ...["-t", "1", "-c", String(job.connections), "-d", `${Math.max(1, Math.round(job.seconds))}s`],
        ...["--timeout", "30s", "-s", script, job.url],
      ]);
      return parseWrkResult(stdout);
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A wrk script: requests in turn over the credentials, and the figures as one line that {@link parseWrkResult} reads. */
export function wrkScript(job: Pick<LoadJob, "path" | "body" | "headers" | "authorizations">): string {
  return `
local authorizations = { ${job.authorizations.map(luaString).join(", ")} }
local at = 0
wrk.method = "POST"
wrk.body = ${luaString(job.body)}
${Object.entries({ ...LOAD_HEADERS, ...job.headers })
  .map(([name, value]) => `wrk.headers[${luaString(name)}] = ${luaString(value)}`)
  .join("\n")}
local requests = {}
function init(arguments)
  for i, authorization in ipairs(authorizations) do
    wrk.headers["authorization"] = authorization
    requests[i] = wrk.format("POST", ${luaString(job.path)})
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(${luaString(`\n${MARK}{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"status":%d,"failed":%d}\n`)},
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
`;
}

/** @throws SyntaxError where the line of figures is missing */
export function parseWrkResult(output: string): LoadResult {
  const line = output.split("\n").find((text) => text.startsWith(MARK));
  if (line === undefined) throw new SyntaxError("wrk gave no figures");
  const figures = JSON.parse(line.slice(MARK.length)) as Record<string, number>;
  const number = (name: string): number => {
    const value = figures[name];
    if (value === undefined) throw new SyntaxError(`wrk gave no ${name}`);
    return value;
  };
  return {
    ok: number("requests") - number("status"),
    non2xx: number("status"),
    errors: number("failed"),
    elapsedMs: number("duration_us") / 1000,
    p50Ms: number("p50_us") / 1000,
    p99Ms: number("p99_us") / 1000,
    generatorCpuUs: null,
  };
}

/** A Lua literal: every byte outside plain ASCII letters, digits and a few marks as a decimal escape. */
function luaString(text: string): string {
  let literal = "";
  for (const byte of Buffer.from(text))
    literal += /[A-Za-z0-9 .,:;_{}()[\]/+=-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${String(byte).padStart(3, "0")}`;
  return `"${literal}"`;
}

// Starts a Worker under Miniflare and gives the address of its direct socket: a request goes from there straight into
// the Worker, without Miniflare's own entry Worker, which costs more than most of what is measured here. All rows are
// reached in this way.
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { childProcesses } from "../process-cpu.ts";
import type { RowSetting, RunningRow } from "../row.ts";

const COMPATIBILITY = { compatibilityDate: "2026-11-01", compatibilityFlags: ["enable_request_signal"] };

/** A running Worker: a row that lacks only its credentials. */
export type RunningWorker = Omit<RunningRow, "authorizations" | "headers" | "verify">;

/**
 * @param code its one ES module
 * @param worker Miniflare's options of one Worker, in the form of version 4
 */
export async function startWorker(
  name: string,
  code: string,
  worker: Record<string, unknown>,
  setting: RowSetting,
): Promise<RunningWorker> {
  const before = new Set(childProcesses("workerd"));
  const options = {
    host: "127.0.0.1",
    port: 0,
    log: new Log(LogLevel.NONE),
    cf: false,
    resourcePersistencePath: setting.stateDir,
    telemetry: { enabled: false },
    ...(setting.inspect ? { inspectorPort: 0 } : {}),
    workers: [
      {
        name,
        modulesRoot: "/",
        modules: [{ type: "ESModule", path: "/index.js", contents: code }],
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        ...COMPATIBILITY,
        ...worker,
      },
    ],
  } as unknown as V4MiniflareOptions;
  const miniflare = new Miniflare(convertV4MiniflareOptions(options));
  try {
    await miniflare.ready;
    return {
      worker: name,
      code,
      url: (await miniflare.unsafeGetDirectURL(name)).origin,
      pids: childProcesses("workerd").filter((pid) => !before.has(pid)),
      inspectorUrl: setting.inspect ? (await miniflare.getInspectorURL()).href : null,
      dispose: () => miniflare.dispose(),
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

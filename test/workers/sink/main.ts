// The Sink object alone, in front of a real HTTP server, with logs that a test makes.
import type { LeafRange } from "../../../durable-objects/sink/ndjson.ts";
import { SinkObject } from "../../../durable-objects/sink/object.ts";

export interface TestEnv {
  readonly SINK: DurableObjectNamespace<TestSink>;
  readonly COLLECTOR: string;
}

/** leaves of each log, by name */
export const logs = new Map<string, string[]>();
/** names of sinks that are not configured, and of logs that cannot be read */
export const missing = new Set<string>();
/** first indices of the ranges that were pulled */
export const pulls: string[] = [];

export class TestSink extends SinkObject<TestEnv> {
  constructor(ctx: DurableObjectState, env: TestEnv) {
    super(ctx, env, {
      limits: { timeoutMs: 300, firstBackoffMs: 5, maxBackoffMs: 20, maxBatchRecords: 8, maxBatchBytes: 4096 },
      target: (name) =>
        missing.has(name)
          ? null
          : { url: `${env.COLLECTOR}/c/${name}`, headers: { authorization: "Bearer collector-secret" } },
      async entries(log, from): Promise<LeafRange | null> {
        pulls.push(`${log}/${from}`);
        if (missing.has(log)) throw new Error("log unreachable");
        const leaves = logs.get(log);
        return leaves === undefined ? null : { from, leaves: leaves.slice(from, from + 20), size: leaves.length };
      },
    });
  }
}

export default {} satisfies ExportedHandler;

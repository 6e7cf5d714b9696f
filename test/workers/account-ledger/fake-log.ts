// A log that keeps what it is sent, and fails as it is told.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AppendBatch, AuditEnvelope } from "../../../protocol/audit.ts";
import type { AppendRpc } from "../../../protocol/rpc.ts";

/** `lost`: nothing happened. `persisted`: it was appended, and the answer was lost. `short`: only half was appended. `ahead`: it
 * was appended, and the log claims to hold records that it was never sent. */
export type Fault = "lost" | "persisted" | "short" | "ahead";

interface Log {
  readonly records: AuditEnvelope[];
  readonly batches: number[];
  readonly faults: Fault[];
  inFlight: number;
  mostInFlight: number;
}

const logs = new Map<string, Log>();

export function logOf(source: string): Log {
  const log = logs.get(source) ?? { records: [], batches: [], faults: [], inFlight: 0, mostInFlight: 0 };
  logs.set(source, log);
  return log;
}

export class FakeLog extends WorkerEntrypoint implements AppendRpc {
  async append({ source, records }: AppendBatch): Promise<{ acked_seq: number }> {
    const log = logOf(source);
    log.mostInFlight = Math.max(log.mostInFlight, ++log.inFlight);
    try {
      const fault = log.faults.shift();
      await scheduler.wait(1);
      if (fault === "lost") throw new Error("no log today");
      const taken = fault === "short" ? records.slice(0, Math.ceil(records.length / 2)) : records;
      const next = () => (log.records.at(-1)?.seq ?? 0) + 1;
      for (const record of taken) {
        if (record.seq < next()) continue;
        if (record.seq > next()) throw new Error(`a gap before ${record.seq}`);
        log.records.push(record);
      }
      log.batches.push(taken.length);
      if (fault === "persisted") throw new Error("appended, and no one hears of it");
      return { acked_seq: next() - 1 + (fault === "ahead" ? 1000 : 0) };
    } finally {
      log.inFlight--;
    }
  }
}

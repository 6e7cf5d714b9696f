// Ships administrators' acts to the log, in order, at least once: the log appends each `seq` of a source once, so a
// batch whose answer was lost is sent again and stands there once.
import type { AppendRpc } from "../../protocol/rpc.ts";
import type { OutboxTable } from "./storage/outbox.ts";

/** The source under which the log knows this outbox. */
export const AUDIT_SOURCE = "control";
const BATCH = 64;

/** True once nothing waits. Never throws. */
export async function shipOutbox(outbox: OutboxTable, audit: AppendRpc): Promise<boolean> {
  let empty = true;
  // one log that refuses does not hold up the others
  for (const log of outbox.logs()) empty = (await shipLog(outbox, audit, log)) && empty;
  return empty;
}

async function shipLog(outbox: OutboxTable, audit: AppendRpc, log: string): Promise<boolean> {
  for (;;) {
    const records = outbox.waiting(log, BATCH);
    const first = records[0];
    if (first === undefined) return true;
    try {
      const { acked_seq } = await audit.append({ log, source: AUDIT_SOURCE, records });
      if (acked_seq < first.seq) return false;
      outbox.shipped(log, acked_seq);
    } catch (error) {
      console.error(`key directory: log_unavailable (${error instanceof Error ? error.name : "unknown"})`);
      return false;
    }
  }
}

// A log that keeps what it is sent, for tests to read.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AppendBatch, AuditEnvelope } from "../../../protocol/audit.ts";
import type { AppendRpc } from "../../../protocol/rpc.ts";

/** Everything that any ledger shipped, in the order of its arrival. */
export const shipped: AuditEnvelope[] = [];

export class FakeAudit extends WorkerEntrypoint implements AppendRpc {
  async append({ records }: AppendBatch): Promise<{ acked_seq: number }> {
    shipped.push(...records);
    return { acked_seq: records.at(-1)?.seq ?? 0 };
  }
}

// A log that keeps what it is sent, for tests to read.
import { WorkerEntrypoint } from "cloudflare:workers";
import { vi } from "vitest";
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

/** The records of one request, once there are `count` of them. A refusal may wait a second for its commit. */
export async function recordsOf(requestId: string | null, count: number): Promise<AuditEnvelope[]> {
  const found = () => shipped.filter(({ open }) => open.request_id === requestId && open.kind !== "tally");
  await vi.waitUntil(() => found().length >= count, { timeout: 5000, interval: 10 });
  return found();
}

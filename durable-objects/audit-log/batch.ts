// The border of the log: a batch is checked here once.
import type { AppendBatch } from "../../protocol/audit.ts";
import { isLogName } from "./commands.ts";
import { InvalidBatch } from "./errors.ts";
import type { AuditLogLimits } from "./limits.ts";

/** @throws InvalidBatch unless names are well formed and `seq` counts up by one */
export function checkBatch(batch: AppendBatch, limits: AuditLogLimits): void {
  if (!isLogName(batch.log)) throw new InvalidBatch("log name");
  // printable ASCII: the source stands in every leaf as it is
  if (!/^[\x21-\x7e]{1,256}$/.test(batch.source)) throw new InvalidBatch("source");
  if (batch.records.length > limits.maxBatchRecords) throw new InvalidBatch("too many records");
  const first = batch.records[0]?.seq ?? 1;
  if (!Number.isSafeInteger(first) || first < 1) throw new InvalidBatch("seq");
  for (const [at, record] of batch.records.entries())
    if (record.seq !== first + at) throw new InvalidBatch("seq does not count up by one");
}

// What the other Workers may ask of audit, each by a service binding to its own entrypoint.
import { WorkerEntrypoint } from "cloudflare:workers";
import { DEFAULT_LOG, isLogName } from "../../durable-objects/audit-log/commands.ts";
import { InvalidBatch } from "../../durable-objects/audit-log/errors.ts";
import { importVerificationKeys } from "../../identity/keys.ts";
import type { AppendBatch } from "../../protocol/audit.ts";
import type { AppendRpc, PublishedKeys, ReaderRow, VerificationKeysRpc } from "../../protocol/rpc.ts";
import { callLog } from "./call.ts";
import type { AuditEnv } from "./config.ts";

/** For gateway's ledgers and control. Who holds this binding can append records, and can neither read nor change any. */
export class Append extends WorkerEntrypoint<AuditEnv> implements AppendRpc {
  async append(batch: AppendBatch): Promise<{ readonly acked_seq: number }> {
    // before an object is named after it
    if (!isLogName(batch.log)) throw new InvalidBatch("log name");
    return callLog(this.env, batch.log, (log) => log.append(batch));
  }
}

/** For control. Who holds this binding decides whose tokens readers may show. */
export class VerificationKeys extends WorkerEntrypoint<AuditEnv> implements VerificationKeysRpc {
  async revoke(entries: readonly { readonly credential_id: string; readonly expires_at_ms: number }[]): Promise<void> {
    await callLog(this.env, DEFAULT_LOG, (log) => log.revoke(entries));
  }

  async restrict(rows: readonly ReaderRow[]): Promise<void> {
    await callLog(this.env, DEFAULT_LOG, (log) => log.restrict(rows));
  }

  /** @throws KeySetError where it is no key set: what readers are judged by stays as it was */
  async publishKeys(keys: PublishedKeys): Promise<void> {
    await importVerificationKeys(keys.key_set);
    await callLog(this.env, DEFAULT_LOG, (log) => log.publishKeys(keys));
  }
}

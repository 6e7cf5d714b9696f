// The AuditLog object: one for each log. Thin: RPC, the grouping of calls, the alarm, and what goes out after a commit.
//
// append ─▶ grouped for 20 ms ─▶ plan, sign ─▶ one transaction ─▶ answer (held by the output gate until it is durable)
//                                                    └▶ sinks are told, alarm at most every 2 s ─▶ R2
import { DurableObject } from "cloudflare:workers";
import type { AppendBatch } from "../../protocol/audit.ts";
import type { PublishedKeys, ReaderRow } from "../../protocol/rpc.ts";
import type { TilePath } from "../../transparency/path.ts";
import type { NoteSigner } from "../../transparency/vkey.ts";
import { PublishedKeyStore } from "../published-keys.ts";
import { checkBatch } from "./batch.ts";
import {
  type AuditLogRpc,
  DEFAULT_LOG,
  type EntryRange,
  type Erasure,
  isLogName,
  type ReaderStanding,
  type RecordPlace,
  type RecordsPage,
  type Revocation,
  type TenantPage,
  type TenantStanding,
} from "./commands.ts";
import { InvalidBatch } from "./errors.ts";
import { TurnGroup } from "./group.ts";
import { AUDIT_LOG_LIMITS, type AuditLogLimits } from "./limits.ts";
import { type AppendAnswer, OpenLog } from "./log.ts";
import { type LogBucket, publish } from "./publish.ts";
import { ReaderRows } from "./reader-rows.ts";
import { LogReader } from "./reads.ts";
import { RevocationList } from "./revocations.ts";
import { type LogRow, LogStore } from "./store.ts";
import { type SinkPort, Subscribers } from "./subscribers.ts";
import { TenantReader } from "./tenant-reads.ts";

/** The platform can restore an object to any point of this time. */
const RESTORABLE_MS = 30 * 24 * 3600 * 1000;

/** What the hosting Worker's configuration gives to each of its log objects. */
export interface AuditLogSettings {
  /** The key that signs this log's checkpoints. Who holds it can fork the log; who lacks it cannot append. */
  signer(log: string): Promise<NoteSigner>;
  readonly bucket: LogBucket;
  readonly sinks: readonly SinkPort[];
  readonly limits?: Partial<AuditLogLimits>;
}

export class AuditLogObject<Env> extends DurableObject<Env> implements AuditLogRpc {
  readonly #settings: AuditLogSettings;
  readonly #limits: AuditLogLimits;
  readonly #store: LogStore;
  readonly #reader: LogReader;
  readonly #tenantReader: TenantReader;
  readonly #revocations: RevocationList;
  readonly #readers: ReaderRows;
  readonly #publishedKeys: PublishedKeyStore;
  readonly #subscribers: Subscribers;
  readonly #group: TurnGroup<AppendBatch, AppendAnswer>;
  #log: Promise<OpenLog> | null = null;
  #armed = false;
  #faults = 0;

  constructor(ctx: DurableObjectState, env: Env, settings: AuditLogSettings) {
    super(ctx, env);
    this.#settings = settings;
    this.#limits = { ...AUDIT_LOG_LIMITS, ...settings.limits };
    this.#store = new LogStore(ctx.storage);
    this.#reader = new LogReader(ctx.storage.sql, this.#store, this.#limits);
    this.#tenantReader = new TenantReader(ctx.storage.sql, this.#limits);
    this.#revocations = new RevocationList(ctx.storage);
    this.#readers = new ReaderRows(ctx.storage);
    this.#publishedKeys = new PublishedKeyStore(ctx.storage);
    this.#subscribers = new Subscribers(settings.sinks);
    this.#group = new TurnGroup({
      flush: (batches) => this.#commit(batches),
      weight: ({ records }) => records.length,
      maxWeight: this.#limits.maxCommitRecords,
      waitMs: this.#limits.commitWaitMs,
      // memory may be ahead of the rows or behind them: let it go, and be built again from them
      onFault: (error) => {
        complain("audit_commit_failed", error);
        ctx.abort("the log's commit failed");
      },
    });
    // an alarm of the last life still stands, or there is none and the first commit sets it
    void ctx.blockConcurrencyWhile(async () => {
      this.#armed = (await ctx.storage.getAlarm()) !== null;
    });
  }

  async append(batch: AppendBatch): Promise<AppendAnswer> {
    checkBatch(batch, this.#limits);
    return this.#group.add(batch);
  }

  async #commit(batches: readonly AppendBatch[]): Promise<readonly (AppendAnswer | Error)[]> {
    const first = batches[0];
    if (first === undefined) return [];
    // a log that cannot be opened takes nothing, and its memory is not at fault
    const log = await this.#open(first.log).catch((error: unknown) => asError(error));
    if (log instanceof Error) return batches.map(() => log);
    const answers = await log.append(batches.filter((batch) => batch.log === log.name));
    this.#arm(this.#store.read());
    // after the commit, and held back by the output gate until it is durable
    this.ctx.waitUntil(this.#subscribers.tell(log.name, log.size));
    let next = 0;
    return batches.map((batch) =>
      batch.log === log.name ? (answers[next++] ?? new Error("no answer")) : new InvalidBatch("another log's object"),
    );
  }

  async checkpoint(log: string): Promise<string | null> {
    const row = await this.#readable(log);
    return row?.note ?? null;
  }

  async resource(log: string, path: TilePath): Promise<Uint8Array<ArrayBuffer> | null> {
    const row = await this.#readable(log);
    return row === null ? null : this.#reader.resource(row.size, path);
  }

  async records(log: string, before: number | null, limit: number): Promise<RecordsPage | null> {
    const row = await this.#readable(log);
    return row === null ? null : this.#reader.records(row.size, before, limit);
  }

  async tenantStanding(log: string, tenants: readonly string[]): Promise<TenantStanding> {
    return (await this.#readable(log)) === null ? "none" : this.#tenantReader.standing(tenants);
  }

  async tenantRecords(
    log: string,
    tenants: readonly string[],
    after: RecordPlace | null,
    limit: number,
  ): Promise<TenantPage | "unknown_place" | null> {
    return (await this.#readable(log)) === null ? null : this.#tenantReader.page(tenants, after, limit);
  }

  async entries(log: string, from: number): Promise<EntryRange | null> {
    const row = await this.#readable(log);
    return row === null ? null : this.#reader.entries(row.size, from);
  }

  async erase(log: string, requestId: string): Promise<Erasure> {
    const now = Date.now();
    const row = await this.#readable(log);
    const deleted =
      row === null
        ? 0
        : this.ctx.storage.sql
            .exec(
              "DELETE FROM openings WHERE idx IN (SELECT idx FROM entries WHERE request_id = ?) RETURNING idx",
              requestId,
            )
            .toArray().length;
    return { openings: deleted, erased_at_ms: now, final_at_ms: now + RESTORABLE_MS };
  }

  async revoke(entries: readonly Revocation[]): Promise<void> {
    this.#revocations.add(entries, Date.now());
  }

  async isRevoked(credentialId: string): Promise<boolean> {
    return this.#revocations.has(credentialId);
  }

  async restrict(rows: readonly ReaderRow[]): Promise<void> {
    this.#readers.put(rows, Date.now());
  }

  async readerStanding(ids: readonly string[]): Promise<ReaderStanding> {
    const rows = ids.map((id) => this.#readers.find(id)).filter((row) => row !== null);
    return { revoked: ids.some((id) => this.#revocations.has(id)), row: rows[0] ?? null };
  }

  async publishKeys(keys: PublishedKeys): Promise<void> {
    this.#publishedKeys.put(keys);
  }

  async publishedKeys(): Promise<PublishedKeys | null> {
    return this.#publishedKeys.get();
  }

  /** Tells sinks that were not told, publishes what R2 lacks, and comes again while anything is left. Never throws. */
  override async alarm(): Promise<void> {
    this.#armed = false;
    let done = true;
    try {
      const row = this.#store.read();
      if (row === null) return;
      // not awaited: a sink that hangs must not keep the log from its bucket
      this.ctx.waitUntil(this.#subscribers.tell(row.log, row.size));
      // R2 must never show what a crash could still take back
      await this.ctx.storage.sync();
      if (row.note !== row.publishedNote)
        done = await publish(row, this.#settings.bucket, this.#reader, this.#store, this.#limits, Date.now);
      this.#faults = 0;
    } catch (error) {
      complain("audit_publish_failed", error);
      this.#faults++;
      done = false;
    }
    const row = this.#store.read();
    if (!done || row?.note !== row?.publishedNote || this.#subscribers.behind) this.#arm(row);
  }

  /** One alarm, at most one publication an interval; after faults ever less often. */
  #arm(row: LogRow | null): void {
    if (this.#armed || row === null) return;
    this.#armed = true;
    const { publishIntervalMs: interval, maxRetryMs } = this.#limits;
    const wait = Math.max(interval, Math.min(maxRetryMs, interval * 2 ** Math.min(this.#faults, 30)));
    const since = this.#faults === 0 ? row.publishedAtMs : Date.now();
    void this.ctx.storage.setAlarm(Math.max(Date.now(), since + wait));
  }

  /** A log that exists, or the default one, which a first look brings into being; null for any other name. */
  async #readable(log: string): Promise<LogRow | null> {
    if (!isLogName(log)) return null;
    if (log !== DEFAULT_LOG && this.#store.read() === null) return null;
    await this.#open(log);
    return this.#store.read();
  }

  #open(log: string): Promise<OpenLog> {
    this.#log ??= this.#settings
      .signer(log)
      .then((signer) => OpenLog.open(log, this.#store, signer))
      .then((open) => {
        const row = this.#store.read();
        if (row?.note !== row?.publishedNote) this.#arm(row);
        return open;
      })
      .catch((error: unknown) => {
        this.#log = null;
        throw error;
      });
    return this.#log;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("unknown");
}

/** One line of JSON for the operator. Messages are this project's own or the platform's; no record stands in them. */
function complain(event: string, error: unknown): void {
  console.error(JSON.stringify({ event, error: asError(error).message }));
}

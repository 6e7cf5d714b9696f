// What a log is asked, and what it answers. Plain data: it crosses an RPC border. Each call names the log, since an
// object does not know the name it was made from; the first append writes the name down, and another is refused.
import type { AppendBatch } from "../../protocol/audit.ts";
import type { PublishedKeys, ReaderRow } from "../../protocol/rpc.ts";
import type { TilePath } from "../../transparency/path.ts";

/** The log of tenants that were assigned to none of their own. It alone exists before its first record. */
export const DEFAULT_LOG = "default";

/** Whether a log, a tenant's choice at its creation, may be named so. */
export function isLogName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name);
}

/** A leaf as it is stored, with what lies beside it. */
export interface StoredLeaf {
  readonly index: number;
  /** canonical JSON of the leaf */
  readonly leaf: string;
  /** JSON of its openings (`{NAME: {salt, value}}`), null where there are none or they were erased */
  readonly openings: string | null;
}

/** A request's leaves, joined by its id. `outcome` is null until it is known, and for records that have none. */
export interface JoinedRecord {
  readonly first: StoredLeaf;
  readonly outcome: StoredLeaf | null;
}

/** Newest first. */
export interface RecordsPage {
  readonly records: readonly JoinedRecord[];
  /** where the next page begins: pass it as `before`; null at the log's beginning */
  readonly next: number | null;
}

/** A record among those that its readers may see: by its request, and which of that request's it is, from 0. */
export interface RecordPlace {
  readonly requestId: string;
  readonly nth: number;
}

/** Newest first. Neither it nor `next` tells how many records of others stand between. */
export interface TenantPage {
  readonly records: readonly JoinedRecord[];
  /** where the next page begins: pass it as `after`; null at the log's beginning */
  readonly next: RecordPlace | null;
}

/** Whether a log holds records of these tenants, and of them alone. */
export type TenantStanding = "none" | "shared" | "own";

/** Consecutive leaves, as a sink takes them. */
export interface EntryRange {
  readonly from: number;
  readonly leaves: readonly string[];
  /** entries under the checkpoint of record */
  readonly size: number;
}

export interface Erasure {
  /** openings that were deleted */
  readonly openings: number;
  readonly erased_at_ms: number;
  /** until then the platform can restore the object to a point before the erasure */
  readonly final_at_ms: number;
}

export interface ReaderStanding {
  readonly revoked: boolean;
  /** null: to its token alone */
  readonly row: ReaderRow | null;
}

export interface Revocation {
  readonly credential_id: string;
  readonly expires_at_ms: number;
}

/** Public methods of the AuditLog object. Only audit's own Worker holds its namespace. */
export interface AuditLogRpc {
  /**
   * Appends what the log has not seen of this source. Answers once it is durable under a signed checkpoint.
   * @throws SequenceGap (see errors.ts) where a record before the batch is missing
   */
  append(batch: AppendBatch): Promise<{ readonly acked_seq: number }>;
  /** The checkpoint of record, a signed note; null where the log does not exist. */
  checkpoint(log: string): Promise<string | null>;
  /** A tile or an entry bundle; null where this log has none such. */
  resource(log: string, path: TilePath): Promise<Uint8Array<ArrayBuffer> | null>;
  /** At most `limit` records whose first leaf stands before index `before` (null: the newest). */
  records(log: string, before: number | null, limit: number): Promise<RecordsPage | null>;
  /** What a log is to the readers of some tenants. A log that does not exist holds nothing of theirs. */
  tenantStanding(log: string, tenants: readonly string[]): Promise<TenantStanding>;
  /** As `records`, of these tenants alone. `unknown_place` where `after` is none of their records. */
  tenantRecords(
    log: string,
    tenants: readonly string[],
    after: RecordPlace | null,
    limit: number,
  ): Promise<TenantPage | "unknown_place" | null>;
  /** Leaves from index `from` on, within the object's own bounds. */
  entries(log: string, from: number): Promise<EntryRange | null>;
  /** Deletes the openings of a request's leaves. The leaves, and every proof, stay as they are. */
  erase(log: string, requestId: string): Promise<Erasure>;
  /** Remembers revoked credentials until their tokens have expired. Kept in the default log's object. */
  revoke(entries: readonly Revocation[]): Promise<void>;
  isRevoked(credentialId: string): Promise<boolean>;
  /** Remembers what a credential is held to, until its tokens have expired. Kept in the default log's object. */
  restrict(rows: readonly ReaderRow[]): Promise<void>;
  /** Of the ids by which one token goes (its own, its client's): whether any is revoked, and what it is held to. */
  readerStanding(ids: readonly string[]): Promise<ReaderStanding>;
  /** Remembers the key set of the highest generation. Kept in the default log's object. */
  publishKeys(keys: PublishedKeys): Promise<void>;
  publishedKeys(): Promise<PublishedKeys | null>;
}

// What the log shows: tiles and bundles byte for byte as R2 has them, records joined, ranges for the sinks.
import { encodeBundle } from "../../transparency/bundle.ts";
import { type Bytes, HASH_BYTES } from "../../transparency/hash.ts";
import type { TilePath } from "../../transparency/path.ts";
import { hashesAtLevel, TILE_WIDTH } from "../../transparency/tile.ts";
import type { EntryRange, JoinedRecord, RecordsPage } from "./commands.ts";
import { bytesOf, joined } from "./joined.ts";
import type { AuditLogLimits } from "./limits.ts";
import type { LogStore } from "./store.ts";

const decoder = new TextDecoder();

export class LogReader {
  readonly #sql: SqlStorage;
  readonly #store: LogStore;
  readonly #limits: AuditLogLimits;

  constructor(sql: SqlStorage, store: LogStore, limits: AuditLogLimits) {
    this.#sql = sql;
    this.#store = store;
    this.#limits = limits;
  }

  /** Null where the tree of this size has not that many hashes there. A partial tile stays readable once it is full. */
  resource(size: number, { level, index, width }: TilePath): Bytes | null {
    if (hashesAtLevel(size, level === "entries" ? 0 : level) < index * TILE_WIDTH + width) return null;
    if (level !== "entries") return this.#tile(level, index, width);
    const rows = this.#sql
      .exec("SELECT leaf FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?", index * TILE_WIDTH, width)
      .toArray();
    return encodeBundle(rows.map((row) => new Uint8Array(row.leaf as ArrayBuffer)));
  }

  #tile(level: number, index: number, width: number): Bytes {
    const full = this.#sql.exec("SELECT hashes FROM tiles WHERE level = ? AND idx = ?", level, index).toArray()[0];
    if (full !== undefined) return new Uint8Array(full.hashes as ArrayBuffer).slice(0, width * HASH_BYTES);
    return this.#store.hashes(level, index * TILE_WIDTH, width);
  }

  /** Newest first, by the first leaf of each request; an outcome is found by its request's id. */
  records(size: number, before: number | null, limit: number): RecordsPage {
    const most = Math.min(limit, this.#limits.maxPageRecords);
    const cursor = this.#sql.exec(
      "SELECT idx, request_id, kind, leaf FROM entries WHERE idx < ? AND kind <> 'outcome' ORDER BY idx DESC LIMIT ?",
      Math.min(before ?? size, size),
      most + 1,
    );
    const records: JoinedRecord[] = [];
    let bytes = 0;
    for (const row of cursor) {
      if (records.length === most || bytes > this.#limits.maxReadBytes)
        return { records, next: records.at(-1)?.first.index ?? null };
      const record = joined(this.#sql, row);
      bytes += bytesOf(record);
      records.push(record);
    }
    return { records, next: null };
  }

  entries(size: number, from: number): EntryRange {
    const leaves: string[] = [];
    let bytes = 0;
    const cursor = this.#sql.exec(
      "SELECT leaf FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?",
      from,
      this.#limits.maxRangeEntries,
    );
    for (const row of cursor) {
      const leaf = row.leaf as ArrayBuffer;
      bytes += leaf.byteLength;
      if (bytes > this.#limits.maxReadBytes && leaves.length > 0) break;
      leaves.push(decoder.decode(leaf));
    }
    return { from, leaves, size };
  }
}

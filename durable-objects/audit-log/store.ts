// The log's rows: what one commit writes, and what a waking object reads back.
import type { Bytes } from "../../transparency/hash.ts";
import { hashesAtLevel, TILE_WIDTH } from "../../transparency/tile.ts";
import { splitHashes } from "../../transparency/tree.ts";
import type { CommitPlan } from "./plan.ts";
import { SCHEMA } from "./schema.ts";

/** The one row of `state`. */
export interface LogRow {
  readonly log: string;
  readonly size: number;
  /** checkpoint of record: a signed note */
  readonly note: string;
  /** verifier key of the key that signed it */
  readonly vkey: string;
  /** full tiles and bundles of a tree of this size are in R2 */
  readonly uploadedSize: number;
  /** the checkpoint in R2: its size, its note, and when it was put there (Unix milliseconds) */
  readonly publishedSize: number;
  readonly publishedNote: string;
  readonly publishedAtMs: number;
}

export class LogStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** Null where nothing was ever written: a read must not bring a log into being. */
  read(): LogRow | null {
    const table = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'state'").toArray();
    if (table.length === 0) return null;
    const row = this.#sql.exec("SELECT * FROM state").toArray()[0];
    if (row === undefined) return null;
    return {
      log: row.log as string,
      size: row.size as number,
      note: row.note as string,
      vkey: row.vkey as string,
      uploadedSize: row.uploaded_size as number,
      publishedSize: row.published_size as number,
      publishedNote: row.published_note as string,
      publishedAtMs: row.published_at_ms as number,
    };
  }

  createTables(): void {
    this.#sql.exec(SCHEMA);
  }

  /** Hashes of each level's unfinished tile: leaf hashes at level 0, roots of full tiles above. */
  edge(size: number): Bytes[][] {
    const edge: Bytes[][] = [];
    for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
      const hashes = hashesAtLevel(size, level);
      const width = hashes % TILE_WIDTH;
      edge.push(splitHashes(this.hashes(level, hashes - width, width)) ?? []);
    }
    return edge;
  }

  /** `count` neighbouring hashes of a level from position `start`, concatenated; fewer where there are no more. */
  hashes(level: number, start: number, count: number): Bytes {
    const cursor =
      level === 0
        ? this.#sql.exec("SELECT hash FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?", start, count)
        : this.#sql.exec(
            "SELECT root AS hash FROM tiles WHERE level = ? AND idx >= ? ORDER BY idx LIMIT ?",
            level - 1,
            start,
            count,
          );
    const found = cursor.toArray().map((row) => new Uint8Array(row.hash as ArrayBuffer));
    const bytes = new Uint8Array(found.length * 32);
    for (const [at, hash] of found.entries()) bytes.set(hash, at * 32);
    return bytes;
  }

  acked(sources: Iterable<string>): Map<string, number> {
    const acked = new Map<string, number>();
    for (const source of sources) {
      const row = this.#sql.exec("SELECT acked_seq FROM sources WHERE source = ?", source).toArray()[0];
      if (row !== undefined) acked.set(source, row.acked_seq as number);
    }
    return acked;
  }

  /**
   * All of one commit, in one transaction: a crash leaves all of it or none, so no entry is ever without the signed
   * checkpoint that covers it, and no acknowledged number without its entry.
   */
  commit(log: string, plan: CommitPlan, note: string, vkey: string): void {
    this.#storage.transactionSync(() => {
      for (const { index, requestId, kind, leaf, hash, openings } of plan.entries) {
        this.#sql.exec(
          "INSERT INTO entries (idx, request_id, kind, leaf, hash) VALUES (?, ?, ?, ?, ?)",
          index,
          requestId,
          kind,
          leaf,
          hash,
        );
        if (openings !== null) this.#sql.exec("INSERT INTO openings (idx, body) VALUES (?, ?)", index, openings);
      }
      for (const { level, index, hashes, root } of plan.full)
        this.#sql.exec("INSERT INTO tiles (level, idx, hashes, root) VALUES (?, ?, ?, ?)", level, index, hashes, root);
      for (const [source, seq] of plan.acked)
        this.#sql.exec(
          "INSERT INTO sources (source, acked_seq) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET acked_seq = excluded.acked_seq",
          source,
          seq,
        );
      this.putCheckpoint(log, plan.tree.size, note, vkey);
    });
  }

  putCheckpoint(log: string, size: number, note: string, vkey: string): void {
    this.#sql.exec(
      `INSERT INTO state (id, log, size, note, vkey) VALUES (1, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note, vkey = excluded.vkey`,
      log,
      size,
      note,
      vkey,
    );
  }

  putUploaded(size: number): void {
    this.#sql.exec("UPDATE state SET uploaded_size = ?", size);
  }

  putPublished(size: number, note: string, nowMs: number): void {
    this.#sql.exec("UPDATE state SET published_size = ?, published_note = ?, published_at_ms = ?", size, note, nowMs);
  }
}

// The sink's rows. The cursor moves in one statement after the collector took a batch: a crash between the two delivers
// that batch again (at least once), and never passes over one.
import type { SinkFault, SinkLogState } from "./commands.ts";
import { SCHEMA } from "./schema.ts";

export interface SinkRow {
  readonly name: string;
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly error: { readonly code: SinkFault; readonly status: number | null; readonly at_ms: number } | null;
  readonly batchRecords: number;
  readonly deliveredAtMs: number | null;
}

export class SinkStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null where this sink was never told of anything: looking at its state brings nothing into being. */
  read(): SinkRow | null {
    const table = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sink'").toArray();
    if (table.length === 0) return null;
    const row = this.#sql.exec("SELECT * FROM sink").toArray()[0];
    if (row === undefined) return null;
    return {
      name: row.name as string,
      failures: row.failures as number,
      notBeforeMs: row.not_before_ms as number,
      error:
        row.error_code === null
          ? null
          : {
              code: row.error_code as SinkFault,
              status: row.error_status as number | null,
              at_ms: row.error_at_ms as number,
            },
      batchRecords: row.batch_records as number,
      deliveredAtMs: row.delivered_at_ms as number | null,
    };
  }

  /** Makes the rows of a sink and of a log that it hears of for the first time. */
  know(name: string, log: string, batchRecords: number): void {
    this.#sql.exec(SCHEMA);
    this.#sql.exec("INSERT OR IGNORE INTO sink (id, name, batch_records) VALUES (1, ?, ?)", name, batchRecords);
    this.#sql.exec("INSERT OR IGNORE INTO cursors (log, next_index, log_size) VALUES (?, 0, 0)", log);
  }

  logs(): SinkLogState[] {
    return this.#sql
      .exec("SELECT log, next_index, log_size FROM cursors ORDER BY log")
      .toArray()
      .map((row) => {
        const [next, size] = [row.next_index as number, row.log_size as number];
        return { log: row.log as string, next_index: next, log_size: size, lag: Math.max(0, size - next) };
      });
  }

  next(log: string): number {
    const row = this.#sql.exec("SELECT next_index FROM cursors WHERE log = ?", log).toArray()[0];
    return (row?.next_index as number | undefined) ?? 0;
  }

  delivered(log: string, next: number, size: number, batchRecords: number, nowMs: number): void {
    this.#sql.exec("UPDATE cursors SET next_index = ?, log_size = ? WHERE log = ?", next, size, log);
    this.#sql.exec(
      `UPDATE sink SET failures = 0, not_before_ms = 0, error_code = NULL, error_status = NULL, error_at_ms = NULL,
       batch_records = ?, delivered_at_ms = ?`,
      batchRecords,
      nowMs,
    );
  }

  /** The log grew, and the sink cannot follow: its lag is known all the same. */
  seen(log: string, size: number): void {
    this.#sql.exec("UPDATE cursors SET log_size = max(log_size, ?) WHERE log = ?", size, log);
  }

  failed(
    fault: { readonly code: SinkFault; readonly status: number | null },
    failures: number,
    notBeforeMs: number,
    batchRecords: number,
    nowMs: number,
  ): void {
    this.#sql.exec(
      `UPDATE sink SET failures = ?, not_before_ms = ?, error_code = ?, error_status = ?, error_at_ms = ?,
       batch_records = ?`,
      failures,
      notBeforeMs,
      fault.code,
      fault.status,
      nowMs,
      batchRecords,
    );
  }
}

// What time brings to credentials.
import type { Sql } from "./sql.ts";

/** The end of a credential's overlap, or the word before its end. */
export interface Due {
  readonly credentialId: string;
  readonly act: "retire" | "warn";
  readonly dueAtMs: number;
}

export class DueTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  put({ credentialId, act, dueAtMs }: Due): void {
    this.#sql.run("INSERT OR REPLACE INTO dues VALUES (?, ?, ?)", credentialId, act, dueAtMs);
  }

  drop(credentialId: string, act: Due["act"]): void {
    this.#sql.run("DELETE FROM dues WHERE credential_id = ? AND act = ?", credentialId, act);
  }

  until(nowMs: number, limit: number): readonly Due[] {
    return this.#sql
      .all("SELECT * FROM dues WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?", nowMs, limit)
      .map((row) => ({
        credentialId: String(row.credential_id),
        act: row.act as Due["act"],
        dueAtMs: Number(row.due_at_ms),
      }));
  }

  /** Unix milliseconds; Infinity where nothing is due any more. */
  nextMs(): number {
    const row = this.#sql.first("SELECT min(due_at_ms) AS next FROM dues");
    return typeof row?.next === "number" ? row.next : Number.POSITIVE_INFINITY;
  }
}

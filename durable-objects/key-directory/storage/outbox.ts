// Acts that are not in the log yet: written in the act's own commit, deleted once the log has them.
import type { AdminFields, AuditEnvelope } from "../../../protocol/audit.ts";
import type { Sql } from "./sql.ts";

export class OutboxTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  put(log: string, fields: AdminFields): void {
    const numbered = this.#sql.first(
      "INSERT INTO outbox_seq VALUES (?, 2) ON CONFLICT (log) DO UPDATE SET next_seq = next_seq + 1 RETURNING next_seq - 1 AS seq",
      log,
    );
    this.#sql.run("INSERT INTO outbox VALUES (?, ?, ?)", log, Number(numbered?.seq), JSON.stringify(fields));
  }

  logs(): readonly string[] {
    return this.#sql.all("SELECT DISTINCT log FROM outbox").map((row) => String(row.log));
  }

  waiting(log: string, limit: number): readonly AuditEnvelope[] {
    return this.#sql
      .all("SELECT seq, fields FROM outbox WHERE log = ? ORDER BY seq LIMIT ?", log, limit)
      .map((row) => ({
        seq: Number(row.seq),
        open: JSON.parse(String(row.fields)) as AdminFields,
        personal: {},
      }));
  }

  shipped(log: string, ackedSeq: number): void {
    this.#sql.run("DELETE FROM outbox WHERE log = ? AND seq <= ?", log, ackedSeq);
  }
}

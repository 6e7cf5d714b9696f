// The latest events, for people. The audit log keeps them all.
import type { DirectoryEvent, Page, PageQuery } from "../records.ts";
import { pageOf, type Row, type Sql } from "./sql.ts";

/** Events kept. Bounds the table. */
const MAX_EVENTS = 10_000;

export class EventTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  put({ time_ms, kind, tenant, target }: Omit<DirectoryEvent, "id">): void {
    const statement = "INSERT INTO events (time_ms, kind, tenant, target) VALUES (?, ?, ?, ?)";
    this.#sql.run(statement, time_ms, kind, tenant, target);
    this.#sql.run("DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", MAX_EVENTS);
  }

  /** Newest first. */
  page(tenant: string | null, { cursor, limit }: PageQuery): Page<DirectoryEvent> {
    const rows = this.#sql.all(
      "SELECT * FROM events WHERE (? IS NULL OR tenant = ?) AND id < ? ORDER BY id DESC LIMIT ?",
      tenant,
      tenant,
      cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor),
      limit + 1,
    );
    return pageOf(rows.map(eventOf), limit, ({ id }) => String(id));
  }
}

function eventOf(row: Row): DirectoryEvent {
  return {
    id: Number(row.id),
    time_ms: Number(row.time_ms),
    kind: String(row.kind),
    tenant: String(row.tenant),
    target: String(row.target),
  };
}

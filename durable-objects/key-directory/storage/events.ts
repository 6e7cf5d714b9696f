// The latest events, for people. The audit log keeps them all.
import type { DirectoryEvent, Page, PageQuery } from "../records.ts";
import { IN_TENANTS, pageOf, type Row, type Sql, tenantBindings } from "./sql.ts";

/** Events kept. Bounds the table. */
const MAX_EVENTS = 10_000;

export class EventTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  put({ id, time_ms, kind, tenant, target }: DirectoryEvent): void {
    const statement = "INSERT INTO happenings (id, time_ms, kind, tenant, target) VALUES (?, ?, ?, ?, ?)";
    this.#sql.run(statement, id, time_ms, kind, tenant, target);
    this.#sql.run("DELETE FROM happenings WHERE position <= (SELECT max(position) FROM happenings) - ?", MAX_EVENTS);
  }

  has(kind: string, target: string): boolean {
    return this.#sql.first("SELECT 1 FROM happenings WHERE kind = ? AND target = ?", kind, target) !== null;
  }

  /** Newest first. After a cursor that is no event of these tenants, or was dropped, nothing. @param tenants null for all */
  page(tenants: readonly string[] | null, sinceMs: number | null, { cursor, limit }: PageQuery): Page<DirectoryEvent> {
    const rows = this.#sql.all(
      `SELECT * FROM happenings WHERE ${IN_TENANTS} AND time_ms >= ?
       AND (? IS NULL OR position < (SELECT position FROM happenings WHERE id = ? AND ${IN_TENANTS}))
       ORDER BY position DESC LIMIT ?`,
      ...tenantBindings(tenants),
      sinceMs ?? 0,
      cursor,
      cursor,
      ...tenantBindings(tenants),
      limit + 1,
    );
    return pageOf(rows.map(eventOf), limit, ({ id }) => id);
  }
}

function eventOf(row: Row): DirectoryEvent {
  return {
    id: String(row.id),
    time_ms: Number(row.time_ms),
    kind: String(row.kind),
    tenant: String(row.tenant),
    target: String(row.target),
  };
}

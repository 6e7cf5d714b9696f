// Rows of tenants: made once, never changed.
import type { Jurisdiction } from "../../../protocol/ids.ts";
import type { Page, PageQuery, Tenant } from "../records.ts";
import { pageOf, type Row, type Sql } from "./sql.ts";

export class TenantTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** False where there is one of this name. */
  insert({ name, jurisdiction, log, created_at_ms }: Tenant): boolean {
    const statement = "INSERT OR IGNORE INTO tenants VALUES (?, ?, ?, ?)";
    return this.#sql.run(statement, name, jurisdiction, log, created_at_ms) > 0;
  }

  find(name: string): Tenant | null {
    const row = this.#sql.first("SELECT * FROM tenants WHERE name = ?", name);
    return row === null ? null : tenantOf(row);
  }

  page({ cursor, limit }: PageQuery): Page<Tenant> {
    const statement = "SELECT * FROM tenants WHERE name > ? ORDER BY name LIMIT ?";
    const rows = this.#sql.all(statement, cursor ?? "", limit + 1);
    return pageOf(rows.map(tenantOf), limit, (tenant) => tenant.name);
  }
}

function tenantOf(row: Row): Tenant {
  return {
    name: String(row.name),
    jurisdiction: String(row.jurisdiction) as Jurisdiction,
    log: String(row.log),
    created_at_ms: Number(row.created_at_ms),
  };
}

// What a log shows to the readers of some tenants: their records alone, picked before they are paged, so that no page,
// cursor or count tells of anyone else's.
import type { JoinedRecord, RecordPlace, TenantPage, TenantStanding } from "./commands.ts";
import { bytesOf, joined } from "./joined.ts";
import type { AuditLogLimits } from "./limits.ts";
import { TENANT } from "./schema.ts";

type Row = Record<string, SqlStorageValue>;

/** Leaves with which a record begins; the index on tenants has these. */
const FIRST = "kind <> 'outcome'";
const ONE_OF = `${TENANT} IN (SELECT value FROM json_each(?))`;

export class TenantReader {
  readonly #sql: SqlStorage;
  readonly #limits: AuditLogLimits;

  constructor(sql: SqlStorage, limits: AuditLogLimits) {
    this.#sql = sql;
    this.#limits = limits;
  }

  standing(tenants: readonly string[]): TenantStanding {
    const found = tenants.filter((tenant) => this.#any(`${TENANT} = ?`, tenant));
    if (found.length === 0) return "none";
    return this.#holdsOthers(found.toSorted()) ? "shared" : "own";
  }

  page(tenants: readonly string[], after: RecordPlace | null, limit: number): TenantPage | "unknown_place" {
    const before = after === null ? Number.MAX_SAFE_INTEGER : this.#indexOf(tenants, after);
    if (before === null) return "unknown_place";
    const most = Math.min(limit, this.#limits.maxPageRecords);
    const records: JoinedRecord[] = [];
    let bytes = 0;
    for (const row of this.#newest(tenants, before, most + 1)) {
      if (records.length === most || bytes > this.#limits.maxReadBytes)
        return { records, next: this.#placeOf(tenants, records.at(-1)) };
      const record = joined(this.#sql, row);
      bytes += bytesOf(record);
      records.push(record);
    }
    return { records, next: null };
  }

  /** One walk down the index for each tenant, then the newest of what they gave: never a sort of all that they have. */
  #newest(tenants: readonly string[], before: number, count: number): Row[] {
    const statement = `SELECT idx, request_id, kind FROM entries
      WHERE ${TENANT} = ? AND ${FIRST} AND idx < ? ORDER BY idx DESC LIMIT ?`;
    return tenants
      .flatMap((tenant) => this.#sql.exec<Row>(statement, tenant, before, count).toArray())
      .toSorted((one, other) => Number(other.idx) - Number(one.idx))
      .slice(0, count)
      .map((row) => ({
        ...row,
        leaf: this.#sql.exec("SELECT leaf FROM entries WHERE idx = ?", row.idx).one().leaf ?? "",
      }));
  }

  #indexOf(tenants: readonly string[], { requestId, nth }: RecordPlace): number | null {
    const statement = `SELECT idx FROM entries WHERE request_id = ? AND ${FIRST} AND ${ONE_OF} ORDER BY idx LIMIT 1 OFFSET ?`;
    const row = this.#sql.exec(statement, requestId, JSON.stringify(tenants), nth).toArray()[0];
    return row === undefined ? null : Number(row.idx);
  }

  #placeOf(tenants: readonly string[], record: JoinedRecord | undefined): RecordPlace | null {
    if (record === undefined) return null;
    const { request_id } = this.#sql.exec("SELECT request_id FROM entries WHERE idx = ?", record.first.index).one();
    const statement = `SELECT count(*) AS nth FROM entries WHERE request_id = ? AND ${FIRST} AND ${ONE_OF} AND idx < ?`;
    const row = this.#sql.exec(statement, request_id ?? "", JSON.stringify(tenants), record.first.index).one();
    return { requestId: String(request_id), nth: Number(row.nth) };
  }

  /** Anything below, between or above these tenants in the index, or a record of nobody's. @param sorted as SQLite sorts */
  #holdsOthers(sorted: readonly string[]): boolean {
    const bounds = [null, ...sorted, null];
    return (
      this.#any(`${TENANT} IS NULL`) ||
      bounds.slice(1).some((to, at) => {
        const from = bounds[at] ?? null;
        const parts = [...(from === null ? [] : [`${TENANT} > ?`]), ...(to === null ? [] : [`${TENANT} < ?`])];
        return this.#any(parts.join(" AND "), ...[from, to].filter((bound) => bound !== null));
      })
    );
  }

  #any(condition: string, ...bindings: string[]): boolean {
    const statement = `SELECT 1 FROM entries WHERE ${FIRST} AND ${condition} LIMIT 1`;
    return this.#sql.exec(statement, ...bindings).toArray().length > 0;
  }
}

// One way to run a statement, and to make a page of its rows. Everything here is synchronous: several calls in one turn
// are one commit.
import type { Page } from "../records.ts";

export type Row = Record<string, SqlStorageValue>;

export class Sql {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** How many rows it wrote. */
  run(query: string, ...bindings: SqlStorageValue[]): number {
    return this.#sql.exec(query, ...bindings).rowsWritten;
  }

  all(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(query, ...bindings).toArray();
  }

  first(query: string, ...bindings: SqlStorageValue[]): Row | null {
    return this.all(query, ...bindings)[0] ?? null;
  }
}

/** Holds a listing within some tenants; its two bindings are `tenantBindings`. */
export const IN_TENANTS = "(? IS NULL OR tenant IN (SELECT value FROM json_each(?)))";

/** @param tenants null for all */
export function tenantBindings(tenants: readonly string[] | null): [string | null, string | null] {
  const list = tenants === null ? null : JSON.stringify(tenants);
  return [list, list];
}

/** One row more than asked for was read: it says whether there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, key: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? key(last) : null };
}

// One-time secrets that were used, as keyed hashes.
import type { Sql } from "./sql.ts";

export class BurntTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** False where it was burnt before. */
  burn(hash: string, nowMs: number): boolean {
    return this.#sql.run("INSERT OR IGNORE INTO burnt_secrets VALUES (?, ?)", hash, nowMs) > 0;
  }

  unburn(hash: string): void {
    this.#sql.run("DELETE FROM burnt_secrets WHERE secret_hash = ?", hash);
  }
}

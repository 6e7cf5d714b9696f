// What credentials that read the log are held to, as control pushes it. Kept in the default log's object, beside the
// revocations. Who writes here can narrow readers, and lift what narrows them; let anyone in he cannot.
import type { ReaderRow } from "../../protocol/rpc.ts";
import { READER_SCHEMA } from "./schema.ts";

/** Past a token's `exp` for longer than any verifier's clock skew. */
const GRACE_MS = 60_000;

export class ReaderRows {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  put(rows: readonly ReaderRow[], nowMs: number): void {
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec(READER_SCHEMA);
      for (const row of rows)
        sql.exec(
          "INSERT OR REPLACE INTO readers VALUES (?, ?, ?)",
          row.credential_id,
          JSON.stringify(row),
          row.expires_at_ms,
        );
      sql.exec("DELETE FROM readers WHERE expires_at_ms < ?", nowMs - GRACE_MS);
    });
  }

  find(credentialId: string): ReaderRow | null {
    const { sql } = this.#storage;
    const table = sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'readers'").toArray();
    if (table.length === 0) return null;
    const row = sql.exec("SELECT record FROM readers WHERE credential_id = ?", credentialId).toArray()[0];
    return row === undefined ? null : (JSON.parse(String(row.record)) as ReaderRow);
  }
}

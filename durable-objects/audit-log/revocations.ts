// Credentials that were revoked although their tokens have not expired, as control pushes them.
import type { Revocation } from "./commands.ts";
import { REVOCATION_SCHEMA } from "./schema.ts";

/** Past a token's `exp` for longer than any verifier's clock skew. */
const GRACE_MS = 60_000;

export class RevocationList {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Keeps each until its token has expired; of two dates the later. Rows of expired ones are dropped. */
  add(entries: readonly Revocation[], nowMs: number): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(REVOCATION_SCHEMA);
      for (const { credential_id, expires_at_ms } of entries)
        this.#storage.sql.exec(
          `INSERT INTO revoked (credential_id, expires_at_ms) VALUES (?, ?)
           ON CONFLICT (credential_id) DO UPDATE SET expires_at_ms = max(expires_at_ms, excluded.expires_at_ms)`,
          credential_id,
          expires_at_ms,
        );
      this.#storage.sql.exec("DELETE FROM revoked WHERE expires_at_ms < ?", nowMs - GRACE_MS);
    });
  }

  has(credentialId: string): boolean {
    const { sql } = this.#storage;
    const table = sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'revoked'").toArray();
    if (table.length === 0) return false;
    return sql.exec("SELECT 1 FROM revoked WHERE credential_id = ?", credentialId).toArray().length > 0;
  }
}

// The public key set that control published last, in one row. Gateway's switchboard and audit's log object each keep one:
// neither may read the other's storage, and both must give way only to a higher generation.
import type { PublishedKeys } from "../protocol/rpc.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS published_keys (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL,
  key_set TEXT NOT NULL
)`;

export class PublishedKeyStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Only a higher generation replaces: a push that was delayed must not bring a withdrawn key back. */
  put({ generation, key_set }: PublishedKeys): void {
    this.#sql.exec(
      `INSERT INTO published_keys (id, generation, key_set) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, key_set = excluded.key_set
       WHERE excluded.generation > generation`,
      generation,
      key_set,
    );
  }

  /** Null until control published for the first time. */
  get(): PublishedKeys | null {
    const [row] = this.#sql
      .exec<{ generation: number; key_set: string }>("SELECT generation, key_set FROM published_keys")
      .toArray();
    return row ?? null;
  }
}

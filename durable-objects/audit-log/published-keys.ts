// The public key set that control published last: what audit judges readers' tokens by. Kept beside the revocations.
import type { PublishedKeys } from "../../protocol/rpc.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS published_keys (
  id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL, key_set TEXT NOT NULL)`;

export class PublishedKeyStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Only a higher generation replaces: a push that was delayed must not bring a withdrawn key back. */
  put({ generation, key_set }: PublishedKeys): void {
    this.#storage.sql.exec(SCHEMA);
    this.#storage.sql.exec(
      `INSERT INTO published_keys (id, generation, key_set) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, key_set = excluded.key_set
       WHERE excluded.generation > generation`,
      generation,
      key_set,
    );
  }

  get(): PublishedKeys | null {
    this.#storage.sql.exec(SCHEMA);
    const [row] = this.#storage.sql
      .exec<{ generation: number; key_set: string }>("SELECT * FROM published_keys")
      .toArray();
    return row === undefined ? null : { generation: row.generation, key_set: row.key_set };
  }
}

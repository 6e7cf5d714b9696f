// The rows of the signing keys, one statement a verb. Synchronous, so that several calls in one turn are one commit.
import { EMPTY_SET, type LifecycleKey, type LifecycleSet } from "../../../identity/key-set.ts";
import type { SignedCredential } from "../../../identity/key-withdrawal.ts";
import { SIGNING_SCHEMA } from "./schema.ts";

export interface KeyMaterial {
  /** public members, `kid`, `alg` and `use` (RFC 7517) */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** null where this directory never had the private half */
  readonly sealed: string | null;
}

/** The generation that gateway and audit have both confirmed, and when. */
export interface Acks {
  readonly generation: number;
  readonly atMs: number;
}

type Row = Record<string, SqlStorageValue>;

export class SigningStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SIGNING_SCHEMA);
  }

  /** Own rows, written by `save`: trusted as they are. */
  set(): LifecycleSet {
    const state = this.#first("SELECT generation FROM signing_state");
    if (state === null) return EMPTY_SET;
    const keys = this.#all("SELECT life FROM signing_keys ORDER BY position").map(
      ({ life }) => JSON.parse(String(life)) as LifecycleKey,
    );
    return { generation: Number(state.generation), keys };
  }

  /** Writes what differs. A key that is new to the set brings its material; one that signs no more loses its own. */
  save(set: LifecycleSet, material: ReadonlyMap<string, KeyMaterial> = new Map()): void {
    this.#sql.exec(
      `INSERT INTO signing_state VALUES (1, ?, 0, 0) ON CONFLICT (id) DO UPDATE SET generation = excluded.generation`,
      set.generation,
    );
    const known = new Set(this.#all("SELECT kid FROM signing_keys").map(({ kid }) => String(kid)));
    for (const key of set.keys) {
      const fresh = material.get(key.kid);
      if (!known.delete(key.kid) && fresh !== undefined) this.#insert(key, fresh, set.generation);
      const life = JSON.stringify(key);
      this.#sql.exec("UPDATE signing_keys SET life = ? WHERE kid = ? AND life <> ?", life, key.kid, life);
      if (key.state === "retiring" || key.state === "gone")
        this.#sql.exec("UPDATE signing_keys SET sealed = NULL WHERE kid = ? AND sealed IS NOT NULL", key.kid);
    }
    for (const kid of known) this.#sql.exec("DELETE FROM signing_keys WHERE kid = ?", kid);
  }

  publicJwk(kid: string): Readonly<Record<string, string>> | null {
    const row = this.#first("SELECT public_jwk FROM signing_keys WHERE kid = ?", kid);
    return row === null ? null : (JSON.parse(String(row.public_jwk)) as Record<string, string>);
  }

  sealed(kid: string): string | null {
    const sealed = this.#first("SELECT sealed FROM signing_keys WHERE kid = ?", kid)?.sealed;
    return typeof sealed === "string" ? sealed : null;
  }

  sinceGeneration(kid: string): number {
    return Number(this.#first("SELECT since_generation FROM signing_keys WHERE kid = ?", kid)?.since_generation);
  }

  acks(): Acks {
    const row = this.#first("SELECT acked_generation, acked_at_ms FROM signing_state");
    return { generation: Number(row?.acked_generation ?? 0), atMs: Number(row?.acked_at_ms ?? 0) };
  }

  /** A confirmation that comes late does not undo a later one. */
  acked(generation: number, nowMs: number): void {
    this.#sql.exec(
      "UPDATE signing_state SET acked_generation = ?, acked_at_ms = ? WHERE acked_generation < ?",
      generation,
      nowMs,
      generation,
    );
  }

  putSigned({ id, kid, expiresAtMs }: SignedCredential): void {
    this.#sql.exec("INSERT OR REPLACE INTO signed_credentials VALUES (?, ?, ?)", id, kid, expiresAtMs);
  }

  /** Living credentials that this key signed, oldest first. Rows of expired ones go on the way. */
  signedBy(kid: string, nowMs: number): readonly SignedCredential[] {
    this.#sql.exec("DELETE FROM signed_credentials WHERE kid = ? AND expires_at_ms < ?", kid, nowMs - DAY_MS);
    return this.#all(
      "SELECT credential_id, expires_at_ms FROM signed_credentials WHERE kid = ? ORDER BY credential_id",
      kid,
    ).map((row) => ({ id: String(row.credential_id), kid, expiresAtMs: Number(row.expires_at_ms) }));
  }

  /** Credentials that were made before the directory had keys: the configured key signed them all. */
  adoptCredentials(kid: string, nowMs: number): number {
    this.#sql.exec(
      `INSERT OR IGNORE INTO signed_credentials
       SELECT id, ?, json_extract(record, '$.expires_at_ms') FROM credentials
       WHERE kind = 'api_key' AND json_extract(record, '$.expires_at_ms') > ?`,
      kid,
      nowMs,
    );
    const row = this.#first("SELECT max(expires_at_ms) AS last FROM signed_credentials WHERE kid = ?", kid);
    return Number(row?.last ?? 0);
  }

  #insert(key: LifecycleKey, { publicJwk, sealed }: KeyMaterial, generation: number): void {
    this.#sql.exec(
      `INSERT INTO signing_keys
       SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ?, ? FROM signing_keys`,
      key.kid,
      JSON.stringify(key),
      JSON.stringify(publicJwk),
      sealed,
      generation,
    );
  }

  #all(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(query, ...bindings).toArray();
  }

  #first(query: string, ...bindings: SqlStorageValue[]): Row | null {
    return this.#all(query, ...bindings)[0] ?? null;
  }
}

const DAY_MS = 86_400_000;

// Rows of OAuth clients: registrations, hashes of secrets, used proofs, revoked tokens. Synchronous, one statement a verb.
import { BASIC_REGISTRATION, type OneTime, type Registration } from "./records.ts";

export interface RevokedToken {
  readonly jti: string;
  readonly clientId: string;
  readonly expiresAtMs: number;
}

export interface OldSecret {
  readonly hash: string;
  readonly untilMs: number;
}

type Row = Record<string, SqlStorageValue>;

/** Used proofs kept. Only clients that proved who they are add to them; past it they wait for the oldest to expire. */
const MAX_REPLAYS = 200_000;
/** How many may be added before they are counted again. */
const COUNT_EVERY = 1000;

export class ClientStore {
  readonly #sql: SqlStorage;
  #replays = 0;
  #uncounted = COUNT_EVERY;

  /** @param sql whose tables Store has made */
  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @param secretHash of a client that proves who it is by a secret; null erases those that it had */
  register(clientId: string, registration: Registration, secretHash: string | null): void {
    this.#sql.exec("INSERT OR REPLACE INTO client_registrations VALUES (?, ?)", clientId, JSON.stringify(registration));
    if (secretHash !== null) {
      this.#sql.exec("INSERT OR REPLACE INTO client_secrets VALUES (?, ?)", clientId, secretHash);
      return;
    }
    this.#sql.exec("DELETE FROM client_secrets WHERE client_id = ?", clientId);
    this.#sql.exec("DELETE FROM client_old_secrets WHERE client_id = ?", clientId);
  }

  registration(clientId: string): Registration | null {
    const row = this.#first("SELECT registration FROM client_registrations WHERE client_id = ?", clientId);
    if (row !== null) return JSON.parse(String(row.registration)) as Registration;
    // made before clients could choose
    return this.secretHash(clientId) === null ? null : BASIC_REGISTRATION;
  }

  secretHash(clientId: string): string | null {
    const row = this.#first("SELECT secret_hash FROM client_secrets WHERE client_id = ?", clientId);
    return row === null ? null : String(row.secret_hash);
  }

  /** The secret before the last rotation, while it is still good. */
  oldSecret(clientId: string, nowMs: number): OldSecret | null {
    const row = this.#first(
      "SELECT secret_hash, until_ms FROM client_old_secrets WHERE client_id = ? AND until_ms > ?",
      clientId,
      nowMs,
    );
    return row === null ? null : { hash: String(row.secret_hash), untilMs: Number(row.until_ms) };
  }

  /** The secret until now is good until then; the one before it no more. False where the client has none. */
  rotateSecret(clientId: string, secretHash: string, oldUntilMs: number): boolean {
    const old = this.secretHash(clientId);
    if (old === null) return false;
    this.#sql.exec("INSERT OR REPLACE INTO client_secrets VALUES (?, ?)", clientId, secretHash);
    this.#sql.exec("INSERT OR REPLACE INTO client_old_secrets VALUES (?, ?, ?)", clientId, old, oldUntilMs);
    return true;
  }

  /** False where it was used before, or so many are remembered that it could not be. */
  useOnce({ replayKey, replayUntilMs }: OneTime, nowMs: number): boolean {
    this.#sql.exec("DELETE FROM replays WHERE until_ms < ?", nowMs);
    if (++this.#uncounted >= COUNT_EVERY) {
      this.#replays = Number(this.#first("SELECT count(*) AS held FROM replays")?.held);
      this.#uncounted = 0;
    }
    if (this.#replays + this.#uncounted >= MAX_REPLAYS) return false;
    return (
      this.#sql.exec("INSERT OR IGNORE INTO replays VALUES (?, ?)", replayKey, Math.ceil(replayUntilMs)).rowsWritten > 0
    );
  }

  putRevoked({ jti, clientId, expiresAtMs }: RevokedToken, nowMs: number): void {
    this.#sql.exec("DELETE FROM revoked_tokens WHERE expires_at_ms < ? AND untold = 0", nowMs - 60_000);
    this.#sql.exec("INSERT OR REPLACE INTO revoked_tokens VALUES (?, ?, ?, 1)", jti, clientId, expiresAtMs);
  }

  isRevoked(jti: string): boolean {
    return this.#first("SELECT 1 FROM revoked_tokens WHERE jti = ?", jti) !== null;
  }

  untoldRevocations(limit: number): readonly RevokedToken[] {
    return this.#sql
      .exec<Row>("SELECT * FROM revoked_tokens WHERE untold = 1 LIMIT ?", limit)
      .toArray()
      .map((row) => ({
        jti: String(row.jti),
        clientId: String(row.client_id),
        expiresAtMs: Number(row.expires_at_ms),
      }));
  }

  toldRevocation(jti: string): void {
    this.#sql.exec("UPDATE revoked_tokens SET untold = 0 WHERE jti = ?", jti);
  }

  #first(query: string, ...bindings: SqlStorageValue[]): Row | null {
    return this.#sql.exec<Row>(query, ...bindings).toArray()[0] ?? null;
  }
}

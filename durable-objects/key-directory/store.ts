// The directory's rows, one statement a verb. Everything here is synchronous: several calls in one turn are one commit.
import type { AdminFields, AuditEnvelope } from "../../protocol/audit.ts";
import type { Jurisdiction } from "../../protocol/ids.ts";
import type { Credential, CredentialKind, Page, PageQuery, Tenant } from "./records.ts";
import { SCHEMA } from "./schema.ts";

/** `minted`: never provisioned, so its key was never handed out. */
export type Untold = "minted" | "changed" | "revoked";
export interface News {
  readonly credential: Credential;
  readonly untold: Untold;
}

type Row = Record<string, SqlStorageValue>;

export class Store {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  insertTenant(tenant: Tenant): boolean {
    const { name, jurisdiction, log, created_at_ms } = tenant;
    return this.#exec("INSERT OR IGNORE INTO tenants VALUES (?, ?, ?, ?)", name, jurisdiction, log, created_at_ms) > 0;
  }

  tenant(name: string): Tenant | null {
    const row = this.#first("SELECT * FROM tenants WHERE name = ?", name);
    return row === null ? null : tenantOf(row);
  }

  tenants(page: PageQuery): Page<Tenant> {
    const rows = this.#all(
      "SELECT * FROM tenants WHERE name > ? ORDER BY name LIMIT ?",
      page.cursor ?? "",
      page.limit + 1,
    );
    return pageOf(rows.map(tenantOf), page.limit, (tenant) => tenant.name);
  }

  /** Writes the record, and what the other Workers have yet to hear of it. */
  putCredential(credential: Credential, untold: Untold): void {
    this.#exec(
      "INSERT OR REPLACE INTO credentials (id, kind, tenant, record, untold) VALUES (?, ?, ?, ?, ?)",
      credential.id,
      credential.kind,
      credential.tenant,
      JSON.stringify(credential),
      untold,
    );
  }

  credential(id: string): Credential | null {
    const row = this.#first("SELECT record FROM credentials WHERE id = ?", id);
    return row === null ? null : credentialOf(row);
  }

  credentials(kind: CredentialKind, tenant: string | null, page: PageQuery): Page<Credential> {
    const rows = this.#all(
      "SELECT record FROM credentials WHERE kind = ? AND (? IS NULL OR tenant = ?) AND id > ? ORDER BY id LIMIT ?",
      kind,
      tenant,
      tenant,
      page.cursor ?? "",
      page.limit + 1,
    );
    return pageOf(rows.map(credentialOf), page.limit, (credential) => credential.id);
  }

  /** What is still to be told of a credential, and the record to tell. */
  news(id: string): News | null {
    const row = this.#first("SELECT record, untold FROM credentials WHERE id = ? AND untold IS NOT NULL", id);
    return row === null ? null : { credential: credentialOf(row), untold: row.untold as Untold };
  }

  /** Nothing left to tell, unless the record has changed since it was read. */
  told(news: News): void {
    this.#exec(
      "UPDATE credentials SET untold = NULL WHERE id = ? AND record = ? AND untold = ?",
      news.credential.id,
      JSON.stringify(news.credential),
      news.untold,
    );
  }

  untold(limit: number): readonly News[] {
    return this.#all("SELECT record, untold FROM credentials WHERE untold IS NOT NULL ORDER BY id LIMIT ?", limit).map(
      (row) => ({ credential: credentialOf(row), untold: row.untold as Untold }),
    );
  }

  putSecret(clientId: string, hash: string): void {
    this.#exec("INSERT OR REPLACE INTO client_secrets VALUES (?, ?)", clientId, hash);
  }

  secretHash(clientId: string): string | null {
    const row = this.#first("SELECT secret_hash FROM client_secrets WHERE client_id = ?", clientId);
    return row === null ? null : String(row.secret_hash);
  }

  /** False where it was burnt before. */
  burn(hash: string, nowMs: number): boolean {
    return this.#exec("INSERT OR IGNORE INTO burnt_secrets VALUES (?, ?)", hash, nowMs) > 0;
  }

  unburn(hash: string): void {
    this.#exec("DELETE FROM burnt_secrets WHERE secret_hash = ?", hash);
  }

  enqueue(log: string, fields: AdminFields): void {
    const seq = Number(
      this.#first(
        "INSERT INTO outbox_seq VALUES (?, 2) ON CONFLICT (log) DO UPDATE SET next_seq = next_seq + 1 RETURNING next_seq - 1 AS seq",
        log,
      )?.seq,
    );
    this.#exec("INSERT INTO outbox VALUES (?, ?, ?)", log, seq, JSON.stringify(fields));
  }

  logsWaiting(): readonly string[] {
    return this.#all("SELECT DISTINCT log FROM outbox").map((row) => String(row.log));
  }

  waiting(log: string, limit: number): readonly AuditEnvelope[] {
    return this.#all("SELECT seq, fields FROM outbox WHERE log = ? ORDER BY seq LIMIT ?", log, limit).map((row) => ({
      seq: Number(row.seq),
      open: JSON.parse(String(row.fields)) as AdminFields,
      personal: {},
    }));
  }

  shipped(log: string, ackedSeq: number): void {
    this.#exec("DELETE FROM outbox WHERE log = ? AND seq <= ?", log, ackedSeq);
  }

  #exec(query: string, ...bindings: SqlStorageValue[]): number {
    return this.#sql.exec(query, ...bindings).rowsWritten;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(query, ...bindings).toArray();
  }

  #first(query: string, ...bindings: SqlStorageValue[]): Row | null {
    return this.#all(query, ...bindings)[0] ?? null;
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

/** Own rows, written by `putCredential`: trusted as they are. */
function credentialOf(row: Row): Credential {
  return JSON.parse(String(row.record)) as Credential;
}

/** One row more than asked for was read: it says whether there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, key: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? key(last) : null };
}

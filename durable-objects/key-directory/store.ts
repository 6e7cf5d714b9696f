// The directory's rows, one statement a verb. Everything here is synchronous: several calls in one turn are one commit.
import type { AdminFields, AuditEnvelope } from "../../protocol/audit.ts";
import type { Jurisdiction } from "../../protocol/ids.ts";
import {
  type Credential,
  type CredentialKind,
  type DirectoryEvent,
  EARLIER,
  type Page,
  type PageQuery,
  type Tenant,
} from "./records.ts";
import { SCHEMA } from "./schema.ts";

/** `minted`: never provisioned, so its key was never handed out. */
export type Untold = "minted" | "changed" | "revoked";
export interface News {
  readonly credential: Credential;
  /** the record as it stood, to notice that it changed */
  readonly record: string;
  readonly untold: Untold;
}

/** What time brings to a credential: the end of its overlap, or the word before its end. */
export interface Due {
  readonly credentialId: string;
  readonly act: "retire" | "warn";
  readonly dueAtMs: number;
}

/** Events kept. Bounds the table; the audit log keeps them all. */
const MAX_EVENTS = 10_000;

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
    return row === null ? null : newsOf(row);
  }

  /**
   * Nothing left to tell, unless the record has changed since it was read: then that change is. What was provisioned is
   * `minted` no more either way, lest it be taken for an orphan.
   */
  told(news: News): void {
    this.#exec(
      `UPDATE credentials SET untold = CASE WHEN record = ? THEN NULL WHEN untold = 'minted' THEN 'changed' ELSE untold END
       WHERE id = ? AND untold = ?`,
      news.record,
      news.credential.id,
      news.untold,
    );
  }

  untold(limit: number): readonly News[] {
    return this.#all("SELECT record, untold FROM credentials WHERE untold IS NOT NULL ORDER BY id LIMIT ?", limit).map(
      newsOf,
    );
  }

  /** Writes a record of which nobody else has to hear. */
  amendCredential(credential: Credential): void {
    this.#exec("UPDATE credentials SET record = ? WHERE id = ?", JSON.stringify(credential), credential.id);
  }

  /** Every credential of an account: the lineage of a key, or a client. */
  lineage(account: string): readonly Credential[] {
    return this.#all(
      "SELECT record FROM credentials WHERE json_extract(record, '$.account') = ? ORDER BY id",
      account,
    ).map(credentialOf);
  }

  putDue({ credentialId, act, dueAtMs }: Due): void {
    this.#exec("INSERT OR REPLACE INTO dues VALUES (?, ?, ?)", credentialId, act, dueAtMs);
  }

  dropDue(credentialId: string, act: Due["act"]): void {
    this.#exec("DELETE FROM dues WHERE credential_id = ? AND act = ?", credentialId, act);
  }

  due(nowMs: number, limit: number): readonly Due[] {
    return this.#all("SELECT * FROM dues WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?", nowMs, limit).map((row) => ({
      credentialId: String(row.credential_id),
      act: row.act as Due["act"],
      dueAtMs: Number(row.due_at_ms),
    }));
  }

  nextDueMs(): number {
    const row = this.#first("SELECT min(due_at_ms) AS next FROM dues");
    return typeof row?.next === "number" ? row.next : Number.POSITIVE_INFINITY;
  }

  putEvent({ time_ms, kind, tenant, target }: Omit<DirectoryEvent, "id">): void {
    this.#exec("INSERT INTO events (time_ms, kind, tenant, target) VALUES (?, ?, ?, ?)", time_ms, kind, tenant, target);
    this.#exec("DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", MAX_EVENTS);
  }

  /** Newest first. */
  events(tenant: string | null, page: PageQuery): Page<DirectoryEvent> {
    const rows = this.#all(
      "SELECT * FROM events WHERE (? IS NULL OR tenant = ?) AND id < ? ORDER BY id DESC LIMIT ?",
      tenant,
      tenant,
      page.cursor === null ? Number.MAX_SAFE_INTEGER : Number(page.cursor),
      page.limit + 1,
    );
    return pageOf(rows.map(eventOf), page.limit, ({ id }) => String(id));
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
  return { ...EARLIER, ...(JSON.parse(String(row.record)) as Credential) };
}

function newsOf(row: Row): News {
  return { credential: credentialOf(row), record: String(row.record), untold: row.untold as Untold };
}

function eventOf(row: Row): DirectoryEvent {
  return {
    id: Number(row.id),
    time_ms: Number(row.time_ms),
    kind: String(row.kind),
    tenant: String(row.tenant),
    target: String(row.target),
  };
}

/** One row more than asked for was read: it says whether there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, key: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? key(last) : null };
}

// Rows of API keys and clients, each with what the other Workers have yet to hear of it.
import { readsLog } from "../core.ts";
import { type Credential, type CredentialKind, EARLIER, type Page, type PageQuery } from "../records.ts";
import { IN_TENANTS, pageOf, type Row, type Sql, tenantBindings } from "./sql.ts";

/** `minted`: never provisioned, so its key was never handed out. */
export type Untold = "minted" | "changed" | "revoked";
export interface News {
  readonly credential: Credential;
  /** the record as it stood, to notice that it changed */
  readonly record: string;
  readonly untold: Untold;
}

export class CredentialTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Writes the record, and what the other Workers have yet to hear of it. */
  put(credential: Credential, untold: Untold): void {
    this.#sql.run(
      "INSERT OR REPLACE INTO credentials (id, kind, tenant, record, untold) VALUES (?, ?, ?, ?, ?)",
      credential.id,
      credential.kind,
      credential.tenant,
      JSON.stringify(credential),
      untold,
    );
  }

  /** Writes a record of which nobody else has to hear. */
  amend(credential: Credential): void {
    this.#sql.run("UPDATE credentials SET record = ? WHERE id = ?", JSON.stringify(credential), credential.id);
  }

  find(id: string): Credential | null {
    const row = this.#sql.first("SELECT record FROM credentials WHERE id = ?", id);
    return row === null ? null : credentialOf(row);
  }

  /** @param tenants null for all */
  page(kind: CredentialKind, tenants: readonly string[] | null, { cursor, limit }: PageQuery): Page<Credential> {
    const rows = this.#sql.all(
      `SELECT record FROM credentials WHERE kind = ? AND ${IN_TENANTS} AND id > ? ORDER BY id LIMIT ?`,
      kind,
      ...tenantBindings(tenants),
      cursor ?? "",
      limit + 1,
    );
    return pageOf(rows.map(credentialOf), limit, (credential) => credential.id);
  }

  /** Every credential of an account: the lineage of a key, or a client. */
  lineage(account: string): readonly Credential[] {
    return this.#sql
      .all("SELECT record FROM credentials WHERE json_extract(record, '$.account') = ? ORDER BY id", account)
      .map(credentialOf);
  }

  /** What is still to be told of a credential, and the record to tell. */
  news(id: string): News | null {
    const row = this.#sql.first("SELECT record, untold FROM credentials WHERE id = ? AND untold IS NOT NULL", id);
    return row === null ? null : newsOf(row);
  }

  /**
   * Nothing left to tell, unless the record has changed since it was read: then that change is. What was provisioned is
   * `minted` no more either way, lest it be taken for an orphan.
   */
  told(news: News): void {
    this.#sql.run(
      `UPDATE credentials SET untold = CASE WHEN record = ? THEN NULL WHEN untold = 'minted' THEN 'changed' ELSE untold END
       WHERE id = ? AND untold = ?`,
      news.record,
      news.credential.id,
      news.untold,
    );
  }

  untold(limit: number): readonly News[] {
    return this.#sql
      .all("SELECT record, untold FROM credentials WHERE untold IS NOT NULL ORDER BY id LIMIT ?", limit)
      .map(newsOf);
  }
}

/** Own rows, written by `put`: trusted as they are. */
function credentialOf(row: Row): Credential {
  const record = JSON.parse(String(row.record)) as Omit<Credential, "reads_log"> & { readonly reads_log?: boolean };
  return { ...EARLIER, ...record, reads_log: record.reads_log ?? readsLog(record.scopes) };
}

function newsOf(row: Row): News {
  return { credential: credentialOf(row), record: String(row.record), untold: row.untold as Untold };
}

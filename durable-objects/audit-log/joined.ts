// A request's leaves as one record, with the openings that lie beside them.
import type { JoinedRecord, StoredLeaf } from "./commands.ts";

type Row = Record<string, SqlStorageValue>;

const decoder = new TextDecoder();

/** @param row of a request's first leaf: `idx`, `request_id`, `kind`, `leaf` */
export function joined(sql: SqlStorage, row: Row): JoinedRecord {
  const first = stored(sql, row);
  return { first, outcome: row.kind === "intent" ? outcomeOf(sql, row.request_id as string) : null };
}

/** What it takes in an answer, about. */
export function bytesOf({ first, outcome }: JoinedRecord): number {
  return first.leaf.length + (outcome?.leaf.length ?? 0);
}

function outcomeOf(sql: SqlStorage, requestId: string): StoredLeaf | null {
  const row = sql
    .exec("SELECT idx, leaf FROM entries WHERE request_id = ? AND kind = 'outcome' ORDER BY idx LIMIT 1", requestId)
    .toArray()[0];
  return row === undefined ? null : stored(sql, row);
}

function stored(sql: SqlStorage, row: Row): StoredLeaf {
  const index = row.idx as number;
  const opening = sql.exec("SELECT body FROM openings WHERE idx = ?", index).toArray()[0];
  const openings = opening === undefined ? null : (opening.body as string);
  return { index, leaf: decoder.decode(row.leaf as ArrayBuffer), openings };
}

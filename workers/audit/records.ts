// Records as an auditor reads them: a request's leaves joined, with the openings of what they commit to.
import type { JoinedRecord, RecordsPage, StoredLeaf } from "../../durable-objects/audit-log/commands.ts";
import { writeCursor } from "./routes.ts";

/**
 * `{"records":[…],"next_cursor"}`, newest first. A record is its first leaf's fields with `index` (its place in the
 * log) and `openings`; one of kind `intent` has `outcome`: the other leaf in the same form, null until it is known.
 */
export function renderRecords(log: string, page: RecordsPage): string {
  return JSON.stringify({
    records: page.records.map((record) => renderRecord(log, record)),
    next_cursor: page.next === null ? null : writeCursor(page.next),
  });
}

function renderRecord(log: string, { first, outcome }: JoinedRecord): Record<string, unknown> {
  const record = renderLeaf(first);
  if (record.kind !== "intent") return { ...record, log };
  return { ...record, log, outcome: outcome === null ? null : renderLeaf(outcome) };
}

function renderLeaf({ index, leaf, openings }: StoredLeaf): Record<string, unknown> {
  const fields = JSON.parse(leaf) as Record<string, unknown>;
  return { ...fields, index, openings: openings === null ? {} : JSON.parse(openings) };
}

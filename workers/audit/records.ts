// Records as an auditor reads them: a request's leaves joined, with the openings of what they commit to.
import type { JoinedRecord, RecordsPage, StoredLeaf, TenantPage } from "../../durable-objects/audit-log/commands.ts";
import { writeIndexCursor, writeRecordCursor } from "./cursors.ts";

/**
 * `{"records":[…],"next_cursor"}`, newest first. A record is its first leaf's fields with `index` (its place in the
 * log) and `openings`; one of kind `intent` has `outcome`: the other leaf in the same form, null until it is known.
 */
export function renderRecords(log: string, page: RecordsPage): string {
  return JSON.stringify({
    records: page.records.map((record) => renderRecord(log, record)),
    next_cursor: page.next === null ? null : writeIndexCursor(page.next),
  });
}

/**
 * The same for the auditors of some tenants, without what counts the records of others: a record's `index`, and `seq` of
 * an administrator's act, which control numbers for all tenants of a log together. A ledger's `seq` counts its own.
 */
export function renderOwnRecords(log: string, page: TenantPage): string {
  return JSON.stringify({
    records: page.records.map((record) => withoutPlaces(renderRecord(log, record))),
    next_cursor: page.next === null ? null : writeRecordCursor(page.next),
  });
}

function withoutPlaces(record: Record<string, unknown>): Record<string, unknown> {
  const { index: _, seq, outcome, ...rest } = record;
  const kept = record.kind === "admin" || seq === undefined ? rest : { ...rest, seq };
  if (outcome === undefined) return kept;
  return { ...kept, outcome: isRecord(outcome) ? withoutPlaces(outcome) : outcome };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
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

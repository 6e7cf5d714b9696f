// Where a page of records goes on. Opaque to clients; it stays valid while the log grows.
//
//   c1_INDEX         for who may see all of a log: the place of the last record
//   c2_REQUEST_NTH   for who may see some tenants' records: the last record by its own name, since its place in the log
//                    would tell how many of others stand around it
import type { RecordPlace } from "../../durable-objects/audit-log/commands.ts";
import { fromBase64Url, toBase64Url, utf8 } from "../../protocol/encoding.ts";

export type Cursor =
  | { readonly kind: "index"; readonly before: number }
  | { readonly kind: "record"; readonly after: RecordPlace };

export function writeIndexCursor(before: number): string {
  return `c1_${before.toString(36)}`;
}

export function writeRecordCursor({ requestId, nth }: RecordPlace): string {
  return `c2_${toBase64Url(utf8(requestId))}_${nth.toString(36)}`;
}

/** Null for what neither of them wrote. */
export function readCursor(text: string): Cursor | null {
  return readIndexCursor(text) ?? readRecordCursor(text);
}

function readIndexCursor(text: string): Cursor | null {
  const before = /^c1_(?:0|[1-9a-z][0-9a-z]{0,10})$/.test(text) ? Number.parseInt(text.slice(3), 36) : Number.NaN;
  return Number.isSafeInteger(before) && writeIndexCursor(before) === text ? { kind: "index", before } : null;
}

function readRecordCursor(text: string): Cursor | null {
  // base64url has the underscore, too: the last one parts
  const [, name = "", nth = ""] = /^c2_([A-Za-z0-9_-]{1,200})_([0-9a-z]{1,6})$/.exec(text) ?? [];
  const requestId = decoded(name);
  if (requestId === null) return null;
  const after = { requestId, nth: Number.parseInt(nth, 36) };
  return writeRecordCursor(after) === text ? { kind: "record", after } : null;
}

function decoded(name: string): string | null {
  try {
    return name === "" ? null : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fromBase64Url(name));
  } catch {
    return null;
  }
}

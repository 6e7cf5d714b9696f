// Tables of one log. Everything but `state`, `sources` and `openings` is only ever added to.
//
// Room for pruning: rows of `entries` (with their `openings`) may go once they are published to R2 as full bundles, as
// a prefix and no other way (tlog-tiles, "Pruning"). `tiles` keeps what the tree needs: full tiles' hashes and roots.
// Erased for good is not erased at once: the platform can restore an object to any point of the last 30 days.

/** Whose record a leaf is; null where it is nobody's, such as a tally. */
export const TENANT = "json_extract(CAST(leaf AS TEXT), '$.tenant')";

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS entries (
  idx INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  leaf BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_request ON entries (request_id);
CREATE INDEX IF NOT EXISTS entries_by_tenant ON entries (${TENANT}, idx) WHERE kind <> 'outcome';
CREATE TABLE IF NOT EXISTS openings (
  idx INTEGER PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tiles (
  level INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  root BLOB NOT NULL,
  PRIMARY KEY (level, idx)
) STRICT;
CREATE TABLE IF NOT EXISTS sources (
  source TEXT PRIMARY KEY,
  acked_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  log TEXT NOT NULL,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  vkey TEXT NOT NULL,
  uploaded_size INTEGER NOT NULL DEFAULT 0,
  published_size INTEGER NOT NULL DEFAULT 0,
  published_note TEXT NOT NULL DEFAULT '',
  published_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
`;

/** Revoked credentials: only in the object of the default log. Who reads it learns ids, which open nothing. */
export const REVOCATION_SCHEMA = `
CREATE TABLE IF NOT EXISTS revoked (
  credential_id TEXT PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** What readers are held to: only in the object of the default log. record: a ReaderRow as JSON. */
export const READER_SCHEMA = `
CREATE TABLE IF NOT EXISTS readers (
  credential_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

// Tables of one sink: how far it is with each log, and how it fares with its collector.

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS cursors (
  log TEXT PRIMARY KEY,
  next_index INTEGER NOT NULL,
  log_size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sink (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_status INTEGER,
  error_at_ms INTEGER,
  batch_records INTEGER NOT NULL,
  delivered_at_ms INTEGER
) STRICT;
`;

// The switchboard's one table, of one row.
export const SCHEMA = `CREATE TABLE IF NOT EXISTS published_keys (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL,
  key_set TEXT NOT NULL
)`;

// The directory's tables. Whoever reads them learns who may do what, and no credential; whoever writes them can
// un-revoke at control, but neither forge a token nor lift a revocation that a ledger or audit already holds.

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tenants (
    name TEXT PRIMARY KEY,
    jurisdiction TEXT NOT NULL,
    log TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- record: the Credential as JSON; kind and tenant beside it for listing
  -- untold: what gateway (and, of a revocation, audit) has yet to hear; what a crash leaves here, the alarm finishes
  CREATE TABLE IF NOT EXISTS credentials (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    record TEXT NOT NULL,
    untold TEXT CHECK (untold IN ('minted', 'changed', 'revoked'))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS credentials_listed ON credentials (kind, tenant, id);
  CREATE INDEX IF NOT EXISTS credentials_untold ON credentials (id) WHERE untold IS NOT NULL;

  -- HMAC-SHA-256 of the secret under a pepper that is not in here
  CREATE TABLE IF NOT EXISTS client_secrets (
    client_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS burnt_secrets (
    secret_hash TEXT PRIMARY KEY,
    burnt_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- acts not yet in the log; seq is gapless for each log, and next_seq survives the rows' shipping
  CREATE TABLE IF NOT EXISTS outbox (
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (log, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox_seq (
    log TEXT PRIMARY KEY,
    next_seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

// The directory's tables (those of the signing keys are in signing/schema.ts). Whoever reads them learns who may do what,
// and no credential; whoever writes them can un-revoke at control and register a key of his own for a client, but not
// lift a revocation that a ledger or audit already holds.

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

  -- the secret before the last rotation, for as long as the rotation lets it live
  CREATE TABLE IF NOT EXISTS client_old_secrets (
    client_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- how each client proves who it is: a Registration as JSON, without its secret's hash
  CREATE TABLE IF NOT EXISTS client_registrations (
    client_id TEXT PRIMARY KEY,
    registration TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- assertions and proofs that were used; past until_ms their own time refuses them
  CREATE TABLE IF NOT EXISTS replays (
    replay_key TEXT PRIMARY KEY,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS replays_until ON replays (until_ms);

  -- single access tokens that were revoked; untold: gateway and audit have yet to hear
  CREATE TABLE IF NOT EXISTS revoked_tokens (
    jti TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    untold INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- what a rotation has still to bring: 'retire' an old key, 'warn' before a key's end
  CREATE TABLE IF NOT EXISTS dues (
    credential_id TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('retire', 'warn')),
    due_at_ms INTEGER NOT NULL,
    PRIMARY KEY (credential_id, act)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS dues_at ON dues (due_at_ms);
  CREATE INDEX IF NOT EXISTS credentials_account ON credentials (json_extract(record, '$.account'));

  -- the place stays here: a tenant's operator who saw it could count what others do
  CREATE TABLE IF NOT EXISTS happenings (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    time_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    target TEXT NOT NULL
  ) STRICT;

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

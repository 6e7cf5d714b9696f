// Tables of the signing keys. Whoever reads them has public keys and ciphertext (seal.ts); whoever writes them can make
// control publish another public key, and so let in whom he likes: they are worth as much as VERIFICATION_KEYS.

export const SIGNING_SCHEMA = `
  -- life: a LifecycleKey as JSON; position keeps the order of making
  -- sealed: the private key, erased as soon as the key signs no more
  -- since_generation: the first published set that it stands in; it signs nothing before that set is known everywhere
  CREATE TABLE IF NOT EXISTS signing_keys (
    kid TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    life TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    sealed TEXT,
    since_generation INTEGER NOT NULL
  ) STRICT;

  -- acked: the generation that gateway and audit have both confirmed, and when
  CREATE TABLE IF NOT EXISTS signing_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    acked_generation INTEGER NOT NULL,
    acked_at_ms INTEGER NOT NULL
  ) STRICT;

  -- which API key was signed by which signing key: what dies with it, and how long it has to stay
  CREATE TABLE IF NOT EXISTS signed_credentials (
    credential_id TEXT PRIMARY KEY,
    kid TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS signed_credentials_by_kid ON signed_credentials (kid, credential_id);
`;

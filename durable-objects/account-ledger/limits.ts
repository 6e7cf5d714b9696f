// Every bound of a ledger: what it protects, and what happens at it. Quotas of an account are not here: they are
// `ResolvedLimits` (protocol/limits.ts).

export interface LedgerLimits {
  /** Reservations held at one time whatever the account's own concurrency: memory and snapshot size. Past it: 503 `busy`. */
  readonly maxOpenReservations: number;
  /**
   * Replies kept for repeats of a request id. An open reservation is its own memory, so these serve refusals, GETs and
   * requests that have settled; a repeat that comes later than they last is decided anew, which charges no budget twice
   * that was not settled once.
   */
  readonly maxRememberedReplies: number;
  readonly rememberMs: number;
  /** Rows of credentials that have not expired. Past it `provision` fails. */
  readonly maxCredentials: number;
  /** Single access tokens revoked before their time. Past it `revoke` fails: revoke the client instead. */
  readonly maxRevokedTokens: number;
  /** How long such a revocation is kept where no expiry came with it: no token may live longer. */
  readonly revokedTokenMs: number;
  /**
   * Proofs that were used and could be shown again, some 250 bytes of memory each. While so many have not expired, a
   * request with one more is refused (503 `busy`): at 120 s a DPoP proof, that is past 330 requests a second for minutes.
   */
  readonly maxReplayKeys: number;
  /** The longest that a proof may ask to be remembered: a gateway that asks for more is at fault (500). */
  readonly maxReplayMs: number;
  /** How long after its first refusal a count of an isolate's own cap is taken: so long its id is remembered. */
  readonly capRefusalsMs: number;
  /** Clocks of issuer and ledger may differ by this much (DESIGN.md, Credentials). */
  readonly clockSkewMs: number;
  /** The longest lease, whatever a caller asks for: how long a lost settlement can hold a slot. */
  readonly maxLeaseMs: number;
  /** Verdicts kept of one request: a leaf of the log is at most 16 KiB. */
  readonly maxVerdicts: number;
  /** Records that wait for the log. Past it nothing is admitted (503 `log_unavailable`): no admission without a record. */
  readonly maxUnshippedRecords: number;
  /** Rows between snapshots, at least; more where the state is larger than that, so that snapshots stay a constant share. */
  readonly snapshotEvery: number;
  /** Characters in one row of a snapshot: a SQLite value in an object is at most 2 MB. */
  readonly snapshotPartChars: number;
  /** How long refusals alone may wait for a commit, and how many of them. A crash loses at most these. */
  readonly deferMs: number;
  readonly maxDeferred: number;
  /** From a commit to its shipment: groups records, well within the 2 s that the log promises. */
  readonly shipDelayMs: number;
  readonly shipBatch: number;
  /** An append that has not answered by then counts as failed. Its repeat is harmless: the log knows each seq. */
  readonly shipTimeoutMs: number;
  readonly maxShipBackoffMs: number;
  /** From a commit to the alarm that ships after a crash, when no timer of memory is left to do it. */
  readonly backstopMs: number;
  /** After this quiet time rows that have been shipped are folded into a snapshot: they hold personal data. */
  readonly tidyAfterMs: number;
}

export const LEDGER_LIMITS: LedgerLimits = {
  maxOpenReservations: 10_000,
  maxRememberedReplies: 2048,
  rememberMs: 60_000,
  maxCredentials: 1000,
  maxRevokedTokens: 1000,
  revokedTokenMs: 90 * 86_400_000,
  maxReplayKeys: 50_000,
  maxReplayMs: 3_600_000,
  capRefusalsMs: 600_000,
  clockSkewMs: 30_000,
  maxLeaseMs: 3_600_000,
  maxVerdicts: 32,
  maxUnshippedRecords: 1_000_000,
  snapshotEvery: 512,
  snapshotPartChars: 500_000,
  deferMs: 1000,
  maxDeferred: 512,
  shipDelayMs: 200,
  shipBatch: 200,
  shipTimeoutMs: 10_000,
  maxShipBackoffMs: 30_000,
  backstopMs: 1200,
  tidyAfterMs: 60_000,
};

// Bounds of one log object.

export interface AuditLogLimits {
  /** records of one batch: bounds what one call holds in memory (16 KiB each at most) */
  readonly maxBatchRecords: number;
  /** records of one commit: bounds the time for which later calls wait */
  readonly maxCommitRecords: number;
  /** milliseconds that a batch waits for others to share its commit: a fraction of the 2 s that a record may take */
  readonly commitWaitMs: number;
  /** milliseconds between two publications to R2, which takes one write per second and key */
  readonly publishIntervalMs: number;
  /** longest wait before a failed publication is tried again */
  readonly maxRetryMs: number;
  /** tiles uploaded by one alarm: bounds its run after a long outage of the bucket; the next goes on */
  readonly maxTilesPerRound: number;
  /** records of a page that is read */
  readonly maxPageRecords: number;
  /** leaves, and their bytes, of a range or page that is read: bounds an answer's memory; one leaf always fits */
  readonly maxRangeEntries: number;
  readonly maxReadBytes: number;
}

export const AUDIT_LOG_LIMITS: AuditLogLimits = {
  maxBatchRecords: 1000,
  maxCommitRecords: 2000,
  commitWaitMs: 20,
  publishIntervalMs: 2000,
  maxRetryMs: 120_000,
  maxTilesPerRound: 128,
  maxPageRecords: 500,
  maxRangeEntries: 512,
  maxReadBytes: 1024 * 1024,
};

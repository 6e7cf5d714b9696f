// Bounds of one sink.

export interface SinkLimits {
  /** leaves, and bytes, of one POST: bounds memory here and the collector's work; one leaf always goes */
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
  /** until the collector's answer; past it the delivery counts as failed and is repeated */
  readonly timeoutMs: number;
  /** first and longest wait between attempts, before jitter */
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
  /** longest Retry-After that is honoured: a collector cannot switch its sink off for good */
  readonly maxRetryAfterMs: number;
  /** POSTs of one alarm: bounds its run; the next goes on */
  readonly maxPostsPerRound: number;
}

export const SINK_LIMITS: SinkLimits = {
  maxBatchRecords: 500,
  maxBatchBytes: 1024 * 1024,
  timeoutMs: 10_000,
  firstBackoffMs: 500,
  maxBackoffMs: 60_000,
  maxRetryAfterMs: 3_600_000,
  maxPostsPerRound: 100,
};

// The gateway's own bounds. Policy composes those that a user may set; these protect the isolate.
import type { BucketRules } from "./token-buckets.ts";

export interface GatewayLimits {
  /** all header names and values: the platform's own bound is higher, and headers are kept for the whole request */
  readonly maxHeaderBytes: number;
  /** bodies being read and judged in one isolate (128 MB is shared by all its requests); past it: 503 `busy` */
  readonly maxBytesInFlight: number;
  /** of a refused request's body, read and dropped so that the client sees the answer; more is cut off */
  readonly maxDiscardBytes: number;
  readonly discardMs: number;
  /** a stream's head is held back for its first event this long, or so many bytes, so that an early error has a status */
  readonly headHoldMs: number;
  readonly headHoldBytes: number;
  /** one server-sent event of a backend */
  readonly maxEventBytes: number;
  /** a backend's error body is read this far, to learn its code */
  readonly maxErrorBytes: number;
  /** of these bytes, what one account may hold (0 to 1): the rest is for the others; past it: 503 `busy` for it alone */
  readonly accountShare: number;
  /** a body that is declared to be no larger is read in one piece */
  readonly smallBodyBytes: number;
  /** a body that stands still this long is given up (408): a slow sender must not hold what others need */
  readonly bodyIdleMs: number;
  /** so long a whole body may take, and a second more for each `bodyMinBytesPerS` that came: a byte now and then is not enough */
  readonly bodyTimeoutMs: number;
  readonly bodyMinBytesPerS: number;
  /**
   * Waits between a settlement's tries: the first for another request's call to ride on, the rest where its ledger could
   * not be reached. Within the 30 s that the platform gives a request whose client has gone.
   */
  /** between two looks at the ledger while an answer runs: a revoked credential's is cut within it, and a little */
  readonly answerCheckMs: number;
  readonly settleAfterMs: readonly number[];
  /** settlements of one account that wait; past it the oldest is dropped, and the end of its lease settles it */
  readonly maxWaitingSettlements: number;
}

/** Failed authentications of one client address: past it only tokens that this isolate remembers are looked at. */
export const FAILED_AUTHENTICATIONS: BucketRules = { burst: 100, perSecond: 2, maxKeys: 8192 };
/** Requests of one account in one isolate, before their bodies are read: above any quota that one isolate could serve. */
export const LOCAL_CAP: BucketRules = { burst: 5000, perSecond: 2500, maxKeys: 8192 };

export const GATEWAY_LIMITS: GatewayLimits = {
  maxHeaderBytes: 32 * 1024,
  maxBytesInFlight: 64 * 1024 * 1024,
  accountShare: 0.5,
  maxDiscardBytes: 32 * 1024 * 1024,
  discardMs: 5000,
  headHoldMs: 1000,
  headHoldBytes: 16 * 1024,
  maxEventBytes: 1024 * 1024,
  maxErrorBytes: 64 * 1024,
  smallBodyBytes: 64 * 1024,
  bodyIdleMs: 30_000,
  bodyTimeoutMs: 60_000,
  bodyMinBytesPerS: 4096,
  answerCheckMs: 4000,
  settleAfterMs: [20, 100, 500, 2500],
  maxWaitingSettlements: 1000,
};

// Two clocks over a running answer: it must move, and its reservation's lease must live. One timer serves both.

export interface RelayWatch {
  /** Bytes went on, or the client asked for more. */
  moved(): void;
  stop(): void;
}

export interface WatchOptions {
  /** Unix milliseconds: standing still is counted from here */
  readonly startedAtMs: number;
  /** asked anew each time, since the first byte may take longer than the rest */
  readonly idleMs: () => number;
  readonly leaseMs: number;
  readonly leaseExpiresAtMs: number;
  /** the longest time between two looks at the ledger: within it, a revoked credential's answer is cut */
  readonly checkMs: number;
  /** false: the reservation is gone or its credential is revoked, so the answer must end */
  readonly renew: () => Promise<boolean>;
  readonly now: () => number;
  readonly onIdle: () => void;
  /** @param refused the ledger said no; else it could not be reached until the lease ended */
  readonly onLeaseLost: (refused: boolean) => void;
}

/** The least time between two looks, and between two tries to renew with a ledger that cannot be reached. */
const MIN_WAIT_MS = 10;
const MIN_RETRY_MS = 250;

export function watchRelay(options: WatchOptions): RelayWatch {
  const { leaseMs, now } = options;
  let movedAt = options.startedAtMs;
  let leaseEnds = options.leaseExpiresAtMs;
  const betweenChecks = Math.min(leaseMs / 2, options.checkMs);
  let renewAt = Math.min(leaseEnds - leaseMs / 2, options.startedAtMs + betweenChecks);
  let renewing = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;

  const arm = (): void => {
    const due = Math.min(movedAt + options.idleMs(), leaseEnds, renewing ? leaseEnds : renewAt);
    timer = setTimeout(check, Math.max(MIN_WAIT_MS, due - now()));
  };
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };
  const check = (): void => {
    if (stopped) return;
    const at = now();
    const idle = at - movedAt >= options.idleMs();
    if (idle || at >= leaseEnds) {
      if (idle) options.onIdle();
      else options.onLeaseLost(false);
      return;
    }
    if (at >= renewAt && !renewing) void renew(at);
    arm();
  };
  // beside the timer, not in its way: a ledger that does not answer must stop neither clock
  const renew = async (askedAt: number): Promise<void> => {
    renewing = true;
    const renewed = await options.renew().catch(() => null);
    renewing = false;
    if (stopped) return;
    clearTimeout(timer);
    if (renewed === false) return options.onLeaseLost(true);
    if (renewed === true) {
      leaseEnds = askedAt + leaseMs;
      renewAt = askedAt + betweenChecks;
    } else renewAt = now() + Math.max(MIN_RETRY_MS, (leaseEnds - now()) / 4);
    arm();
  };
  arm();
  return {
    moved: () => {
      movedAt = now();
    },
    stop,
  };
}

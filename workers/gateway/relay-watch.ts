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
  /** false: the reservation is gone, so the answer must end */
  readonly renew: () => Promise<boolean>;
  readonly now: () => number;
  readonly onIdle: () => void;
  readonly onLeaseLost: () => void;
}

/** The least time between two looks, and between two tries to renew with a ledger that cannot be reached. */
const MIN_WAIT_MS = 10;
const MIN_RETRY_MS = 250;

export function watchRelay(options: WatchOptions): RelayWatch {
  const { leaseMs, now } = options;
  let movedAt = options.startedAtMs;
  let leaseEnds = options.leaseExpiresAtMs;
  let renewAt = leaseEnds - leaseMs / 2;
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
      else options.onLeaseLost();
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
    if (renewed === false) return options.onLeaseLost();
    if (renewed === true) {
      leaseEnds = askedAt + leaseMs;
      renewAt = askedAt + leaseMs / 2;
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

// Two clocks over a running stream: it must move, and its reservation's lease must live. One timer serves both.

export interface StreamWatch {
  /** Bytes went on, or the client asked for more. */
  moved(): void;
  stop(): void;
}

export interface WatchOptions {
  readonly idleMs: number;
  readonly leaseMs: number;
  readonly leaseExpiresAtMs: number;
  /** false: the reservation is gone, so the stream must end */
  readonly renew: () => Promise<boolean>;
  readonly now: () => number;
  readonly onIdle: () => void;
  readonly onLeaseLost: () => void;
}

/** Between two tries to renew with a ledger that cannot be reached. */
const MIN_WAIT_MS = 250;

export function watchStream(options: WatchOptions): StreamWatch {
  let movedAt = options.now();
  let leaseEnds = options.leaseExpiresAtMs;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;

  const arm = (): void => {
    const renewAt = leaseEnds - options.leaseMs / 2;
    timer = setTimeout(check, Math.max(MIN_WAIT_MS, Math.min(movedAt + options.idleMs, renewAt) - options.now()));
  };
  const check = async (): Promise<void> => {
    const now = options.now();
    if (stopped) return;
    if (now - movedAt >= options.idleMs) return options.onIdle();
    if (now >= leaseEnds - options.leaseMs / 2) {
      const renewed = await options.renew().catch(() => null);
      if (stopped) return;
      // a ledger that cannot be reached is asked again until the lease ends; then the stream ends too
      if (renewed === false || (renewed === null && options.now() >= leaseEnds)) return options.onLeaseLost();
      if (renewed === true) leaseEnds = now + options.leaseMs;
    }
    arm();
  };
  arm();
  return {
    moved: () => {
      movedAt = options.now();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

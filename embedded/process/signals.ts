// When to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the process that started this one.

/** A terminal, a shell and npm may each pass on one and the same Ctrl-C; a second one is meant only later than this. */
const SAME_SIGNAL_MS = 1_000;

export interface StopSignals {
  /** aborts at the first signal */
  readonly requested: AbortSignal;
}

/** @param onSecond called at the second signal: whoever sends it does not want to wait */
export function listenForStop(onSecond: () => void): StopSignals {
  const controller = new AbortController();
  let firstAt: number | null = null;
  const hear = (): void => {
    const now = performance.now();
    if (firstAt === null) {
      firstAt = now;
      controller.abort(new Error("stopped"));
    } else if (now - firstAt > SAME_SIGNAL_MS) onSecond();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, hear);
  process.on("disconnect", hear);
  // whoever read our output is gone: that is no reason to end without order
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return { requested: controller.signal };
}

// What the alarm does: several chores, each with its own pace, so that one that fails and waits longer and longer holds
// up no other.
import { retryDelayMs } from "./core.ts";

/** @returns whether it is finished for now, and when it has something to do again (Unix milliseconds) */
export type Chore = () => Promise<{ readonly finished: boolean; readonly dueAtMs: number }>;

interface Pace {
  readonly chore: Chore;
  failures: number;
  /** not before this, though there is something to do */
  notBeforeMs: number;
  dueAtMs: number;
}

export class Chores {
  readonly #paces: readonly Pace[];

  constructor(chores: readonly Chore[]) {
    this.#paces = chores.map((chore) => ({ chore, failures: 0, notBeforeMs: 0, dueAtMs: 0 }));
  }

  /** There may be something new to do. */
  wake(): void {
    for (const pace of this.#paces) pace.dueAtMs = 0;
  }

  /** Runs what is due. Never throws. @returns when to run again, in Unix milliseconds; Infinity: not until woken */
  async run(now: () => number): Promise<number> {
    for (const pace of this.#paces) if (Math.max(pace.dueAtMs, pace.notBeforeMs) <= now()) await runOne(pace, now);
    return Math.min(...this.#paces.map(({ dueAtMs, notBeforeMs }) => Math.max(dueAtMs, notBeforeMs)));
  }
}

async function runOne(pace: Pace, now: () => number): Promise<void> {
  // before it runs: what wakes it meanwhile must not be forgotten
  pace.dueAtMs = Number.POSITIVE_INFINITY;
  let finished = false;
  try {
    const done = await pace.chore();
    finished = done.finished;
    pace.dueAtMs = Math.min(pace.dueAtMs, done.dueAtMs);
  } catch (error) {
    console.error(`key directory: alarm failed (${error instanceof Error ? error.name : "unknown"})`);
  }
  pace.failures = finished ? 0 : pace.failures + 1;
  pace.notBeforeMs = finished ? 0 : now() + retryDelayMs(pace.failures - 1);
  if (!finished) pace.dueAtMs = Math.min(pace.dueAtMs, pace.notBeforeMs);
}

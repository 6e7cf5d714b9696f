// Groups all calls of one event-loop turn into one commit: the first call of a turn arranges a flush after it, the flush
// decides all of them in order, writes their events at once, and only then answers them.
//
//   call ─┐                                     crash before the write: nothing happened, every caller fails and retries
//   call ─┼─ settle all ─ expire ─ decide each ─ write ─ answer
//   call ─┘                                     crash after it: the answer is lost, a repeat finds it (by request id)
//
// Memory runs ahead of the journal between decision and write. If the write fails memory is wrong, so the object dies
// and is rebuilt. Refusals alone may run ahead for up to a second: a crash then forgets that someone was refused. Those
// that came with a proof may not: what is forgotten could be used again.
import { apply } from "./apply.ts";
import type { Carried } from "./commands.ts";
import { nextLeaseEndMs } from "./concurrency.ts";
import { decide } from "./decide.ts";
import type { CommandKind, Commands, Replies } from "./decision.ts";
import type { LedgerEvent } from "./events.ts";
import type { LedgerLimits } from "./limits.ts";
import type { Journal } from "./schema.ts";
import { toSnapshot } from "./snapshot.ts";
import type { LedgerState } from "./state.ts";

export interface CommitHooks {
  /** Unix milliseconds */
  readonly now: () => number;
  /** Called in the turn of the write, so that an alarm set here is part of the same commit. */
  readonly committed: () => void;
  /** Memory is no longer what the journal says. */
  readonly failed: () => void;
}

interface Call {
  readonly carried: readonly Carried[];
  readonly decide: (now: number) => void;
  readonly answer: () => void;
  readonly fail: (reason: Error) => void;
}

export class LedgerCommits {
  readonly state: LedgerState;
  readonly #journal: Journal;
  readonly #limits: LedgerLimits;
  readonly #hooks: CommitHooks;
  #queue: Call[] = [];
  /** applied in memory, not yet written */
  #pending: LedgerEvent[] = [];
  /** whether any of them may not wait */
  #urgent = false;
  #deferral: ReturnType<typeof setTimeout> | null = null;
  #lastRow: number;
  #snapshotRow: number;
  #prunedRow = 0;
  #committedRecord: number;
  #committedAtMs: number;
  #leaseDueMs: number;

  constructor(journal: Journal, limits: LedgerLimits, hooks: CommitHooks) {
    const { state, lastRow, snapshotRow } = journal.rebuild(limits);
    this.state = state;
    this.#journal = journal;
    this.#limits = limits;
    this.#hooks = hooks;
    this.#lastRow = lastRow;
    this.#snapshotRow = snapshotRow;
    this.#committedRecord = state.nextRecord - 1;
    this.#committedAtMs = state.clockMs;
    this.#leaseDueMs = nextLeaseEndMs(state);
  }

  /**
   * Decides `command` in the next flush, after all that the calls of that flush carry, and answers once it is committed.
   * @param finish makes the answer from the reply and the state right after this command
   * @param enrolment decided right before it
   */
  run<K extends CommandKind, Answer>(
    kind: K,
    command: Commands[K],
    carried: readonly Carried[],
    finish: (reply: Replies[K], state: LedgerState, now: number) => Answer,
    enrolment: Commands["enrol"] | null = null,
  ): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      let answer = (): void => reject(new Error("not decided"));
      this.#enqueue({
        carried,
        decide: (now) => {
          if (enrolment !== null) this.#step("enrol", enrolment, now);
          const value = finish(this.#step(kind, command, now), this.state, now);
          answer = () => resolve(value);
        },
        answer: () => answer(),
        fail: reject,
      });
    });
  }

  settle(carried: readonly Carried[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ carried, decide: () => undefined, answer: resolve, fail: reject });
    });
  }

  /** The log holds all up to `record`. Written with the next commit: after a crash the log says it again. */
  acknowledge(record: number, row: number): void {
    this.#step("shipped", { record, row }, this.#now());
  }

  /** What the alarm does: ends leases that are due, and folds shipped rows away once it has been quiet for long enough. */
  sweep(): void {
    try {
      const now = this.#now();
      this.#expire(now);
      if (this.tidyDueMs() <= now) this.#write(now, true);
      else if (this.#urgent) this.#write(now, false);
    } catch {
      this.#hooks.failed();
    }
  }

  /** Whether committed records wait for the log. */
  hasUnshipped(): boolean {
    return this.#committedRecord > this.state.shippedRecord;
  }

  leaseDueMs(): number {
    return this.#leaseDueMs;
  }

  /** When rows should be folded into a snapshot though there are few: they hold personal data. Infinity: there are none. */
  tidyDueMs(): number {
    const idle = this.#lastRow === this.#snapshotRow || this.hasUnshipped();
    return idle ? Number.POSITIVE_INFINITY : this.#committedAtMs + this.#limits.tidyAfterMs;
  }

  #enqueue(call: Call): void {
    this.#queue.push(call);
    if (this.#queue.length === 1) setTimeout(() => this.#flush(), 0);
  }

  #flush(): void {
    const calls = this.#queue;
    this.#queue = [];
    try {
      const now = this.#now();
      for (const call of calls) for (const each of call.carried) this.#takeCarried(each, now);
      if (now >= this.#leaseDueMs) this.#expire(now);
      for (const call of calls) call.decide(now);
      if (this.#urgent || this.#pending.length >= this.#limits.maxDeferred) this.#write(now, false);
      else if (this.#pending.some(({ kind }) => kind === "refused")) this.#defer();
    } catch {
      for (const call of calls) call.fail(new Error("the ledger could not commit"));
      this.#hooks.failed();
      return;
    }
    for (const call of calls) call.answer();
  }

  #step<K extends CommandKind>(kind: K, command: Commands[K], now: number): Replies[K] {
    const { events, reply } = decide(this.state, kind, command, now, this.#limits);
    for (const event of events) {
      apply(this.state, event, this.#limits);
      this.#pending.push(event);
      if (!mayWait(event)) this.#urgent = true;
      if (event.kind === "admitted" && event.reserve !== null)
        this.#leaseDueMs = Math.min(this.#leaseDueMs, event.reserve.lease_expires_at_ms);
    }
    return reply;
  }

  #takeCarried(carried: Carried, now: number): void {
    if ("kind" in carried) this.#step("capRefusals", carried, now);
    else this.#step("settle", carried, now);
  }

  #expire(now: number): void {
    if (now < this.#leaseDueMs) return;
    this.#step("expire", null, now);
    this.#leaseDueMs = nextLeaseEndMs(this.state);
  }

  #defer(): void {
    this.#deferral ??= setTimeout(() => {
      this.#deferral = null;
      try {
        if (this.#pending.length > 0) this.#write(this.#now(), false);
      } catch {
        this.#hooks.failed();
      }
    }, this.#limits.deferMs);
  }

  #write(now: number, fold: boolean): void {
    const lastRow = this.#lastRow + this.#pending.length;
    const { open, replies, replays, nextRecord, shippedRecord, shippedRow } = this.state;
    // a snapshot costs as much as the state is large, so it waits for as many rows: a constant share of the work
    const size = open.size + replies.size + replays.size;
    const full = lastRow - this.#snapshotRow >= Math.max(this.#limits.snapshotEvery, size);
    const snapshotRow = fold || full ? lastRow : this.#snapshotRow;
    const needless = shippedRecord === nextRecord - 1 ? snapshotRow : Math.min(snapshotRow, shippedRow);
    this.#journal.write({
      events: this.#pending,
      firstRow: this.#lastRow + 1,
      snapshot: fold || full ? toSnapshot(this.state) : null,
      pruneThrough: needless > this.#prunedRow ? needless : 0,
    });
    this.#pending = [];
    this.#urgent = false;
    this.#lastRow = lastRow;
    this.#snapshotRow = snapshotRow;
    this.#prunedRow = Math.max(this.#prunedRow, needless);
    this.#committedRecord = nextRecord - 1;
    this.#committedAtMs = now;
    this.#hooks.committed();
  }

  /** Never backwards, though the object may wake on a machine whose clock is a little behind. */
  #now(): number {
    return Math.max(Math.floor(this.#hooks.now()), this.state.clockMs);
  }
}

function mayWait(event: LedgerEvent): boolean {
  return event.kind === "shipped" || (event.kind === "refused" && event.replay === undefined);
}

// One alarm an object, over all that is due: leases, the shipment that a crash would leave undone, rows to fold away.
// Setting it is a write, so the armed time is kept in memory and moved only if something is due clearly before it.

/** An alarm this much later than wished for will do. */
const SLACK_MS = 600;

export class Alarm {
  readonly #storage: DurableObjectStorage;
  #armedMs: number;

  /** @param armedMs what the storage has armed; null: nothing */
  constructor(storage: DurableObjectStorage, armedMs: number | null) {
    this.#storage = storage;
    this.#armedMs = armedMs ?? Number.POSITIVE_INFINITY;
  }

  /** Sees to it that the alarm rings at `dueMs` or a little later. It may ring earlier: whoever is rung looks at the list. */
  arm(dueMs: number): void {
    if (dueMs === Number.POSITIVE_INFINITY || this.#armedMs <= dueMs + SLACK_MS) return;
    this.#armedMs = dueMs;
    // a failure breaks the output gate and with it the object; the next one reads what is armed from storage
    this.#storage.setAlarm(dueMs).catch(() => undefined);
  }

  rang(): void {
    this.#armedMs = Number.POSITIVE_INFINITY;
  }
}

// The object's one alarm: set for the earliest wish, armed again while anything is left to do.

export class Wake {
  readonly #storage: DurableObjectStorage;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** An alarm that stands already must not be put off by a later wish. */
  async read(): Promise<void> {
    this.#atMs = (await this.#storage.getAlarm()) ?? Number.POSITIVE_INFINITY;
  }

  /** Asked for in the turn of a write, the alarm stands or falls with it. */
  within(delayMs: number): void {
    const atMs = Date.now() + delayMs;
    if (this.#atMs <= atMs) return;
    this.#atMs = atMs;
    void this.#storage.setAlarm(atMs);
  }

  /** The alarm fires: none stands now. */
  fired(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}

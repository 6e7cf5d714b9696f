// The log's side of its sinks: who was told of which size. A sink that cannot be told never holds the log up: the next
// commit tells it again, and the alarm does while there is no commit.

/** A sink, as a log sees it: something that wants to know how far it could read. */
export interface SinkPort {
  readonly name: string;
  notify(log: string, size: number): Promise<void>;
}

export class Subscribers {
  readonly #sinks: readonly SinkPort[];
  readonly #told = new Map<string, number>();
  readonly #telling = new Set<string>();
  #size = 0;

  constructor(sinks: readonly SinkPort[]) {
    this.#sinks = sinks;
  }

  /** Whether a sink was not told of the newest size. */
  get behind(): boolean {
    return this.#sinks.some(({ name }) => (this.#told.get(name) ?? 0) < this.#size);
  }

  /** Tells each sink that does not know it. One call to a sink at a time: sizes that pass meanwhile become one call. */
  async tell(log: string, size: number): Promise<void> {
    this.#size = Math.max(this.#size, size);
    await Promise.all(this.#sinks.map((sink) => this.#tellOne(log, sink)));
  }

  async #tellOne(log: string, sink: SinkPort): Promise<void> {
    if (this.#telling.has(sink.name)) return;
    this.#telling.add(sink.name);
    try {
      while ((this.#told.get(sink.name) ?? 0) < this.#size) {
        const size = this.#size;
        await sink.notify(log, size);
        this.#told.set(sink.name, size);
      }
    } catch {
      // what failed is the sink's to tell: it keeps its own last error
    } finally {
      this.#telling.delete(sink.name);
    }
  }
}

// One request at a time for the machine's one engine, in the order of arrival; a bounded number may wait.
import { EngineRefusal } from "./engine.ts";

interface Waiter {
  readonly start: () => void;
}

export interface QueueLimits {
  /** requests that may wait; protects memory, and clients from waiting for what will not come */
  readonly maxWaiting: number;
  /** longest wait; a gateway has given up by then */
  readonly maxWaitMs: number;
}

export class EngineQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiter>();
  #busy = false;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /**
   * Waits for the engine; what it returns gives the engine back, and may be called twice.
   * @throws EngineRefusal `queue_full` at once, `waited_too_long`; the signal's reason when it fires
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.#busy) {
      this.#busy = true;
      return this.#release();
    }
    if (this.#waiting.size >= this.#limits.maxWaiting) throw new EngineRefusal("queue_full");
    await this.#wait(signal);
    return this.#release();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        settle();
        reject(reason);
      };
      const abort = (): void => leave(signal.reason);
      const timer = setTimeout(() => leave(new EngineRefusal("waited_too_long")), this.#limits.maxWaitMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        this.#waiting.delete(waiter);
      };
      const waiter: Waiter = {
        start: () => {
          settle();
          resolve();
        },
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Hands the engine on: it stays busy for the next in line, so that nobody slips in between. */
  #release(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = this.#waiting;
      if (next === undefined) this.#busy = false;
      else next.start();
    };
  }
}

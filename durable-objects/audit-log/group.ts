// Calls taken together: the first arranges a flush a moment later, the flush takes all that wait by then. Nobody's request
// waits for the log, and each commit costs an fsync on the thread that ledgers commit on, so a moment is worth its wait.
// One flush at a time, so a flush may await without another seeing half of its work. Only inside an object:
// in a stateless isolate one request's work must not wait for another's.

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupOptions<Call, Answer> {
  /** Answers each call in order: an Error rejects that call alone; a throw rejects them all. */
  readonly flush: (calls: readonly Call[]) => Promise<readonly (Answer | Error)[]>;
  readonly weight: (call: Call) => number;
  /** a flush takes calls up to this weight together, and always at least one */
  readonly maxWeight: number;
  /** milliseconds that a first call waits for others */
  readonly waitMs: number;
  /** called with what a flush threw, after its calls were rejected */
  readonly onFault: (error: unknown) => void;
}

export class TurnGroup<Call, Answer> {
  readonly #options: GroupOptions<Call, Answer>;
  #waiting: Waiting<Call, Answer>[] = [];
  #running = false;

  constructor(options: GroupOptions<Call, Answer>) {
    this.#options = options;
  }

  add(call: Call): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => this.#waiting.push({ call, resolve, reject }));
    this.#arrange();
    return answer;
  }

  #arrange(): void {
    if (this.#running || this.#waiting.length === 0) return;
    this.#running = true;
    setTimeout(() => void this.#run(), this.#options.waitMs);
  }

  async #run(): Promise<void> {
    let due = this.#waiting.length;
    while (due > 0) {
      const taken = this.#take(due);
      due -= taken.length;
      await this.#flush(taken);
    }
    this.#running = false;
    this.#arrange();
  }

  #take(due: number): Waiting<Call, Answer>[] {
    const { weight, maxWeight } = this.#options;
    let count = 0;
    let sum = 0;
    for (const { call } of this.#waiting.slice(0, due)) {
      sum += weight(call);
      if (count > 0 && sum > maxWeight) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #flush(taken: readonly Waiting<Call, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.flush(taken.map(({ call }) => call));
      for (const [at, { resolve, reject }] of taken.entries()) {
        const answer = answers[at];
        if (answer === undefined || answer instanceof Error) reject(answer ?? new Error("no answer"));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of taken) reject(error);
      this.#options.onFault(error);
    }
  }
}

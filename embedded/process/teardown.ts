// Ends what was started, last first, each even where the one before it failed.

export class Teardown {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Runs each step once; later calls find nothing left. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop())
      try {
        await step();
      } catch {
        // the next must still end; what does not end is killed by the tether
      }
  }
}

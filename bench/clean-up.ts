// What a run has to undo, last made first, however it ends.

export class CleanUp {
  #steps: (() => Promise<void> | void)[] = [];

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Undoes everything once; a step that fails does not keep the others from running. */
  async run(): Promise<void> {
    const steps = this.#steps.reverse();
    this.#steps = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        console.error(`While cleaning up: ${error}`);
      }
    }
  }
}

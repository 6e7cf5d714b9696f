// The mean of the network's numbers over the last steps of training: it judges unseen texts better than the last step alone.
import type { Block } from "./parameters.ts";

export class Average {
  readonly #blocks: readonly Block[];
  readonly #decay: number;
  #mean: Float32Array[] | null = null;

  /** @param decay how much of the mean so far each call keeps */
  constructor(blocks: readonly Block[], decay: number) {
    this.#blocks = blocks;
    this.#decay = decay;
  }

  /** Takes the present numbers into the mean. */
  take(): void {
    if (this.#mean === null) {
      this.#mean = this.#blocks.map(({ value }) => value.slice());
      return;
    }
    const keep = this.#decay;
    this.#mean.forEach((mean, at) => {
      const value = this.#blocks[at]?.value ?? mean;
      for (let index = 0; index < mean.length; index++)
        mean[index] = keep * (mean[index] as number) + (1 - keep) * (value[index] as number);
    });
  }

  /** Puts the mean in the numbers' place, if there is one. */
  settle(): void {
    this.#mean?.forEach((mean, at) => {
      this.#blocks[at]?.value.set(mean);
    });
  }
}

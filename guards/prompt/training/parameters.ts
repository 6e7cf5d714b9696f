// The network's numbers while it is trained, and Adam's memory of each.
import { DIM, FILTERS, HIDDEN, INPUTS, PRODUCTS } from "../classifier/shape.ts";
import type { Random } from "./random.ts";

export interface Parameters {
  /** [rows × DIM] */
  readonly table: Table;
  /** [PRODUCTS × DIM]: filter by filter, offset by offset */
  readonly filters: Block;
  /** [FILTERS] */
  readonly filterBias: Block;
  /** [INPUTS × HIDDEN] */
  readonly hidden: Block;
  readonly hiddenBias: Block;
  /** [2 × HIDDEN] */
  readonly out: Block;
  readonly outBias: Block;
}

/** One array with its gradient and Adam's two moments. */
export class Block {
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;

  constructor(length: number, fill: (at: number) => number) {
    this.value = Float32Array.from({ length }, (_, at) => fill(at));
    this.gradient = new Float32Array(length);
    this.first = new Float32Array(length);
    this.second = new Float32Array(length);
  }

  /** One step of Adam over [from, to), with decay of the weights themselves; clears the gradient. */
  step(from: number, to: number, rate: number, decay: number): void {
    const { value, gradient, first, second } = this;
    for (let at = from; at < to; at++) {
      const slope = gradient[at] as number;
      const mean = 0.9 * (first[at] as number) + 0.1 * slope;
      const square = 0.99 * (second[at] as number) + 0.01 * slope * slope;
      first[at] = mean;
      second[at] = square;
      value[at] = (value[at] as number) * (1 - rate * decay) - (rate * mean) / (Math.sqrt(square) + 1e-6);
      gradient[at] = 0;
    }
  }
}

/** The token vectors: most steps touch few of their rows. */
export class Table extends Block {
  stepRow(row: number, rate: number, decay: number): void {
    this.step(row * DIM, row * DIM + DIM, rate, decay);
  }
}

export function freshParameters(rows: number, random: Random): Parameters {
  const normal = (scale: number) => () => random.normal() * scale;
  return {
    table: new Table(rows * DIM, normal(0.1)),
    filters: new Block(PRODUCTS * DIM, normal(0.1)),
    filterBias: new Block(FILTERS, () => 0),
    hidden: new Block(HIDDEN * INPUTS, normal(0.1)),
    hiddenBias: new Block(HIDDEN, () => 0),
    out: new Block(2 * HIDDEN, normal(0.2)),
    outBias: new Block(2, () => -1),
  };
}

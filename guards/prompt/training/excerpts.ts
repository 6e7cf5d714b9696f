// Which tokens of a long text a step sees: around the injected part; where a clean text looked worst; or anywhere.
import type { Example } from "./example.ts";
import type { Random } from "./random.ts";
import { part, type Sample } from "./sample.ts";

const WORST = 0.7;

export class Excerpts {
  /** clean long texts: the token around which the network was most wrong when it last read them whole */
  readonly #worst = new Map<Example, number>();
  readonly #random: Random;
  readonly #length: number;

  /** @param length tokens of an excerpt */
  constructor(random: Random, length: number) {
    this.#random = random;
    this.#length = length;
  }

  /** Remembers where a clean text looks most like an attack; `null`: nowhere any more. */
  remember(example: Example, token: number | null): void {
    if (token === null) this.#worst.delete(example);
    else this.#worst.set(example, token);
  }

  of(example: Example): Sample {
    const random = this.#random;
    const length = this.#length;
    const room = example.units.length - length;
    if (room <= 0) return part(example, 0, example.units.length);
    const worst = this.#worst.get(example);
    let from: number;
    if (worst !== undefined && random.chance(WORST)) from = worst - random.below(length);
    else if (example.focus !== null) {
      const [start, end] = example.focus;
      from = start - random.below(Math.max(0, length - (end - start)) + 1);
    } else {
      const dice = random.next();
      from = dice < 0.2 ? 0 : dice < 0.35 ? room : random.below(room + 1);
    }
    from = Math.min(room, Math.max(0, from));
    return part(example, from, from + length);
  }
}

// Makes texts of texts while training, so that an attack is known by itself and not by what usually stands around it:
// short texts are put between other innocent ones, and heaps of words without order are shown as innocent.
import type { Example } from "./example.ts";
import { HARD_NEGATIVES } from "./families.ts";
import type { Random } from "./random.ts";
import { part, type Sample } from "./sample.ts";

/** texts of at most so many tokens are put among others */
const SHORT = 120;
const NEIGHBOUR = 60;
const LONG_TOOL = 40;
const LONG_USER = 60;
const PASTED = 0.4;
/** of the pasted attacks: shares in a tool's result, and beside other requests of the user */
const INTO_TOOL = 0.1;
const BESIDE = 0.6;
const USER = 0;
const TOOL = 1;

export class Mixing {
  readonly #random: Random;
  readonly #length: number;
  readonly #requests: Example[] = [];
  readonly #documents: Example[] = [];
  readonly #pastes: Example[] = [];
  readonly #innocent: Example[] = [];
  readonly #attacks: Example[] = [];
  readonly #words: Int32Array;

  /** @param length tokens of a mixed text, about. Throws where no example is innocent: nothing can be told apart then. */
  constructor(examples: readonly Example[], random: Random, length: number) {
    this.#random = random;
    this.#length = length;
    for (const example of examples) this.#sort(example);
    if (this.#innocent.length === 0) throw new Error("a training set needs innocent texts");
    const words = new Set<number>();
    for (const { units } of this.#innocent) for (const unit of units) words.add(unit);
    this.#words = Int32Array.from(words);
  }

  #sort(example: Example): void {
    const { row, units } = example;
    if (row.label === 1) {
      this.#attacks.push(example);
      return;
    }
    // a harmful request is no innocent surrounding
    if (row.weight < 1 || units.length < 2) return;
    this.#innocent.push(example);
    const composed = row.family.startsWith("compose");
    if (row.role === TOOL) {
      if (units.length >= LONG_TOOL) this.#documents.push(example);
      return;
    }
    if (units.length <= NEIGHBOUR && !HARD_NEGATIVES.has(row.family)) this.#requests.push(example);
    if (units.length >= LONG_USER && !composed) this.#pastes.push(example);
  }

  /** `sample` among other texts, now and then; else itself. Only a user's texts: a tool's stand among others already. */
  mix(sample: Sample): Sample {
    const random = this.#random;
    if (sample.role !== USER || sample.units.length > SHORT || !random.chance(PASTED)) return sample;
    // what a user may ask is no innocent thing inside a tool's result
    const role = sample.label === 1 && random.chance(INTO_TOOL) ? TOOL : USER;
    if (role === USER && random.chance(BESIDE)) return this.#beside(sample);
    return this.#inside(sample, role);
  }

  #beside(sample: Sample): Sample {
    const dice = this.#random.next();
    const before = dice < 0.65 ? [this.#request()] : [];
    const after = dice > 0.4 ? [this.#request()] : [];
    return { ...sample, units: joined([...before, sample.units, ...after]), first: true, last: true };
  }

  #request(): Int32Array {
    if (this.#requests.length === 0) return new Int32Array();
    const { units } = this.#random.pick(this.#requests);
    return this.#random.chance(0.3) ? units.subarray(0, 1 + this.#random.below(units.length)) : units;
  }

  #inside(sample: Sample, role: number): Sample {
    const random = this.#random;
    const around = role === TOOL || random.chance(0.5) ? this.#documents : this.#pastes;
    // a small training set may have none
    if (around.length === 0) return sample;
    const { units } = random.pick(around);
    const room = Math.max(0, this.#length - sample.units.length);
    let left = random.below(room + 1);
    const right = random.chance(0.3) ? 0 : room - left;
    if (random.chance(0.2)) left = 0;
    const cut = random.below(units.length + 1);
    return {
      ...sample,
      role,
      units: joined([units.subarray(Math.max(0, cut - left), cut), sample.units, units.subarray(cut, cut + right)]),
      first: cut - left <= 0,
      last: cut + right >= units.length,
    };
  }

  /** Words without order, of innocent texts, of attacks, or of any: order makes an attack. */
  heap(): Sample {
    const random = this.#random;
    const size = 5 + random.below(95);
    const dice = random.next();
    const units =
      dice < 0.35
        ? Int32Array.from({ length: size }, () => this.#words[random.below(this.#words.length)] ?? 0)
        : this.#shuffled(random.pick(dice < 0.7 || this.#attacks.length === 0 ? this.#innocent : this.#attacks), size);
    return { units, role: random.chance(0.5) ? TOOL : USER, label: 0, weight: 1, first: true, last: true };
  }

  #shuffled(example: Example, size: number): Int32Array {
    const from = this.#random.below(Math.max(1, example.units.length - size));
    return Int32Array.from(this.#random.shuffle([...part(example, from, from + size).units]));
  }
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

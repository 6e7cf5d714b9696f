// The network while it is trained: forward over a sample's blocks, and back through the strongest of them.

import { blockInput, logitOf } from "../classifier/head.ts";
import { BLOCK, DIM, EXTRAS, FILTERS, FLAGS, GROUPS, HIDDEN, INPUTS, PRODUCTS, SURROUND } from "../classifier/shape.ts";
import type { Activations } from "./activations.ts";
import type { Parameters } from "./parameters.ts";
import type { Random } from "./random.ts";
import type { Sample } from "./sample.ts";

const MEAN = 2 * FILTERS;

/** What became of one sample: its blocks, and the strongest with all that led to its logit. */
export interface Forward {
  readonly sample: Sample;
  readonly slots: Int32Array;
  readonly count: number;
  /** [count × FILTERS], never below 0 */
  readonly max: Float32Array;
  /** [count × FILTERS]: the token that answered strongest */
  readonly where: Int32Array;
  readonly sum: Float32Array;
  readonly flags: Float32Array;
  readonly tokens: Float32Array;
  /** [INPUTS]: 0 where dropped, else what keeps the sum */
  readonly mask: Float32Array;
  readonly input: Float32Array;
  readonly hidden: Float32Array;
  logit: number;
  block: number;
}

export class Network {
  readonly #parameters: Parameters;
  readonly #activations: Activations;
  readonly #flags: Uint8Array;

  /** @param flags of each distinct token */
  constructor(parameters: Parameters, activations: Activations, flags: Uint8Array) {
    this.#parameters = parameters;
    this.#activations = activations;
    this.#flags = flags;
  }

  /** Reads a sample whose tokens the activations hold. @param random drops inputs; `null`: none are dropped */
  forward(sample: Sample, dropout: number, random: Random | null): Forward {
    const forward = this.#blocks(sample);
    const keep = 1 - dropout;
    for (let at = 0; at < INPUTS; at++)
      forward.mask[at] = random === null || at >= INPUTS - EXTRAS ? 1 : random.chance(keep) ? 1 / keep : 0;
    this.#judge(forward);
    return forward;
  }

  #blocks(sample: Sample): Forward {
    const { units } = sample;
    const count = Math.max(1, Math.ceil(units.length / BLOCK));
    const forward: Forward = {
      sample,
      slots: Int32Array.from(units, (unit) => this.#activations.slot[unit] as number),
      count,
      max: new Float32Array(count * FILTERS),
      where: new Int32Array(count * FILTERS).fill(-1),
      sum: new Float32Array(count * DIM),
      flags: new Float32Array(count * FLAGS),
      tokens: new Float32Array(count),
      mask: new Float32Array(INPUTS),
      input: new Float32Array(INPUTS),
      hidden: new Float32Array(HIDDEN),
      logit: Number.NEGATIVE_INFINITY,
      block: 0,
    };
    const sums = new Float32Array(FILTERS);
    for (let at = 0; at < units.length; at++) {
      this.#convolve(forward.slots, at, sums);
      const block = Math.floor(at / BLOCK);
      const place = block * FILTERS;
      for (let f = 0; f < FILTERS; f++) {
        if ((sums[f] as number) <= (forward.max[place + f] as number)) continue;
        forward.max[place + f] = sums[f] as number;
        forward.where[place + f] = at;
      }
      this.#count(forward, block, at);
    }
    return forward;
  }

  #convolve(slots: Int32Array, at: number, sums: Float32Array): void {
    const { products } = this.#activations;
    sums.set(this.#parameters.filterBias.value);
    let filter = 0;
    let product = 0;
    for (const { width, filters } of GROUPS) {
      const half = width >> 1;
      for (let offset = 0; offset < width; offset++, product += filters) {
        const token = at + offset - half;
        if (token < 0 || token >= slots.length) continue;
        const base = (slots[token] as number) * PRODUCTS + product;
        for (let f = 0; f < filters; f++)
          sums[filter + f] = (sums[filter + f] as number) + (products[base + f] as number);
      }
      filter += filters;
    }
  }

  #count({ sample, slots, sum, flags, tokens }: Forward, block: number, at: number): void {
    const { vectors } = this.#activations;
    const vector = (slots[at] as number) * DIM;
    for (let d = 0, into = block * DIM; d < DIM; d++, into++)
      sum[into] = (sum[into] as number) + (vectors[vector + d] as number);
    const of = this.#flags[sample.units[at] as number] as number;
    for (let flag = 0; flag < FLAGS; flag++)
      if (of & (1 << flag)) flags[block * FLAGS + flag] = (flags[block * FLAGS + flag] as number) + 1;
    tokens[block] = (tokens[block] as number) + 1;
  }

  #judge(forward: Forward): void {
    const { hidden, hiddenBias, out, outBias } = this.#parameters;
    const head = { hidden: hidden.value, hiddenBias: hiddenBias.value, out: out.value, outBias: outBias.value };
    const { sample, mask } = forward;
    const input = new Float32Array(INPUTS);
    const sums = new Float32Array(HIDDEN);
    for (let block = 0; block < forward.count; block++) {
      blockInput(forward, block, sample.role, input);
      // a block at a sample's border stands at the text's only where the sample does
      if (!sample.first) input[INPUTS - EXTRAS] = 0;
      if (!sample.last) input[INPUTS - EXTRAS + 1] = 0;
      for (let at = 0; at < INPUTS; at++) input[at] = (input[at] as number) * (mask[at] as number);
      const logit = logitOf(input, head, sample.role, sums);
      if (logit <= forward.logit) continue;
      forward.logit = logit;
      forward.block = block;
      forward.input.set(input);
      forward.hidden.set(sums);
    }
  }

  /** Adds to all gradients what moves the sample's logit. @param slope d loss / d logit */
  backward(forward: Forward, slope: number): void {
    const { hidden, hiddenBias, out, outBias } = this.#parameters;
    const { role } = forward.sample;
    outBias.gradient[role] = (outBias.gradient[role] as number) + slope;
    const live: number[] = [];
    const slopes = new Float32Array(HIDDEN);
    for (let h = 0; h < HIDDEN; h++) {
      const active = forward.hidden[h] as number;
      if (active <= 0) continue;
      live.push(h);
      const o = role * HIDDEN + h;
      out.gradient[o] = (out.gradient[o] as number) + slope * active;
      slopes[h] = slope * (out.value[o] as number);
      hiddenBias.gradient[h] = (hiddenBias.gradient[h] as number) + (slopes[h] as number);
    }
    const toInput = new Float32Array(INPUTS);
    for (let at = 0; at < INPUTS; at++) {
      const mask = forward.mask[at] as number;
      if (mask === 0) continue;
      const value = forward.input[at] as number;
      let sum = 0;
      for (const h of live) {
        const place = at * HIDDEN + h;
        sum += (slopes[h] as number) * (hidden.value[place] as number);
        if (value !== 0) hidden.gradient[place] = (hidden.gradient[place] as number) + (slopes[h] as number) * value;
      }
      toInput[at] = sum * mask;
    }
    this.#toFilters(forward, toInput);
    this.#toMean(forward, toInput);
  }

  #toFilters(forward: Forward, toInput: Float32Array): void {
    const { block, count } = forward;
    const start = Math.max(0, block - SURROUND);
    const end = Math.min(count - 1, block + SURROUND);
    let filter = 0;
    let product = 0;
    for (const { width, filters } of GROUPS) {
      for (let f = 0; f < filters; f++) {
        const index = filter + f;
        const near = toInput[index] as number;
        const around = toInput[FILTERS + index] as number;
        if (near !== 0) this.#toFilter(forward, index, block, block, near, width, product + f, filters);
        if (around !== 0) this.#toFilter(forward, index, start, end, around, width, product + f, filters);
      }
      filter += filters;
      product += width * filters;
    }
  }

  /** Into the place of blocks [from, to] where the filter answered strongest. */
  #toFilter(
    { max, where, slots }: Forward,
    filter: number,
    from: number,
    to: number,
    slope: number,
    width: number,
    product: number,
    filters: number,
  ): void {
    let best = from;
    for (let block = from + 1; block <= to; block++)
      if ((max[block * FILTERS + filter] as number) > (max[best * FILTERS + filter] as number)) best = block;
    const at = where[best * FILTERS + filter] as number;
    if (at < 0) return;
    const { filters: weights, filterBias } = this.#parameters;
    const { vectors, gradient } = this.#activations;
    filterBias.gradient[filter] = (filterBias.gradient[filter] as number) + slope;
    const half = width >> 1;
    for (let offset = 0; offset < width; offset++) {
      const token = at + offset - half;
      if (token < 0 || token >= slots.length) continue;
      const vector = (slots[token] as number) * DIM;
      const weight = (product + offset * filters) * DIM;
      for (let d = 0; d < DIM; d++) {
        weights.gradient[weight + d] =
          (weights.gradient[weight + d] as number) + slope * (vectors[vector + d] as number);
        gradient[vector + d] = (gradient[vector + d] as number) + slope * (weights.value[weight + d] as number);
      }
    }
  }

  #toMean({ sample, slots, block, count }: Forward, toInput: Float32Array): void {
    const { gradient } = this.#activations;
    const start = Math.max(0, block - SURROUND) * BLOCK;
    const end = Math.min(sample.units.length, Math.min(count, block + 1 + SURROUND) * BLOCK);
    const share = 1 / Math.max(1, end - start);
    for (let at = start; at < end; at++) {
      const vector = (slots[at] as number) * DIM;
      for (let d = 0; d < DIM; d++)
        gradient[vector + d] = (gradient[vector + d] as number) + (toInput[MEAN + d] as number) * share;
    }
  }
}

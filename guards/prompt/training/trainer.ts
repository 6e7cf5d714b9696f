// Training by gradient descent, in plain numbers: forward over a batch, back through the strongest window of each row.
import { multiply } from "../classifier/multiply.ts";
import {
  BLOCK,
  DIM,
  EXTRAS,
  FILTERS,
  FLAGS,
  GROUPS,
  HIDDEN,
  INPUTS,
  NEIGHBOURS,
  PIECE_SHARE,
  PRODUCTS,
  writeExtras,
} from "../classifier/shape.ts";
import type { Example } from "./example.ts";
import { freshParameters, type Parameters } from "./parameters.ts";
import { Random } from "./random.ts";
import type { Dictionary } from "./units.ts";

export interface TrainOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  readonly wordDropout: number;
  readonly dropout: number;
  /** tokens of a row that one step sees */
  readonly chunk: number;
  readonly initial?: (parameters: Parameters) => void;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

export const DEFAULTS: TrainOptions = {
  epochs: 6,
  batch: 96,
  rate: 0.004,
  seed: 7,
  wordDropout: 0.12,
  dropout: 0.2,
  chunk: 192,
};

const DECAY = 0.002;

export function train(dictionary: Dictionary, examples: readonly Example[], options: TrainOptions): Parameters {
  return new Trainer(dictionary, options).run(examples);
}

/** Scores whole examples with training's own forward pass: the largest logit over windows. */
export class Trainer {
  readonly parameters: Parameters;
  readonly #dictionary: Dictionary;
  readonly #options: TrainOptions;
  readonly #random: Random;
  readonly #slot: Int32Array;
  readonly #worst = new Map<Example, { from: number; loss: number }>();
  #active: number[] = [];
  #vectors = new Float32Array(0);
  #products = new Float32Array(0);
  #vectorGradient = new Float32Array(0);
  #dropped = new Uint8Array(0);

  constructor(dictionary: Dictionary, options: TrainOptions, parameters?: Parameters) {
    this.#dictionary = dictionary;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.parameters = parameters ?? freshParameters(dictionary.rows, this.#random);
    if (parameters === undefined) options.initial?.(this.parameters);
    this.#slot = new Int32Array(dictionary.units.length).fill(-1);
  }

  run(examples: readonly Example[]): Parameters {
    const { epochs, batch, rate } = this.#options;
    const order = examples.map((_, at) => at);
    const steps = epochs * Math.ceil(order.length / batch);
    let step = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      this.#random.shuffle(order);
      let loss = 0;
      for (let at = 0; at < order.length; at += batch) {
        const rows = order.slice(at, at + batch).map((index) => examples[index] as Example);
        const progress = step++ / steps;
        const warm = Math.min(1, step / 200);
        loss += this.#step(rows, rate * warm * (1 - progress) + 1e-5);
      }
      this.#options.onEpoch?.(epoch, loss / order.length);
    }
    return this.parameters;
  }

  #step(rows: readonly Example[], rate: number): number {
    const chunks = rows.map((row) => this.#chunk(row));
    this.#activate(rows, chunks, true);
    let loss = 0;
    rows.forEach((row, at) => {
      const [from, to] = chunks[at] as [number, number];
      const forward = this.#forward(row, from, to, true);
      const one = this.#backward(row, forward, rows.length);
      loss += one;
      if (row.row.label === 0 && row.units.length > this.#options.chunk) this.#worst.set(row, { from, loss: one });
    });
    this.#update(rate);
    return loss;
  }

  /** Which tokens of a long row this step sees: around the injected part, or the worst place so far, or anywhere. */
  #chunk(example: Example): [number, number] {
    const { chunk } = this.#options;
    const length = example.units.length;
    if (length <= chunk) return [0, length];
    const room = length - chunk;
    if (example.focus !== null) {
      const [start, end] = example.focus;
      const slack = Math.max(0, chunk - (end - start));
      const from = Math.min(room, Math.max(0, start - this.#random.below(slack + 1)));
      return [from, from + chunk];
    }
    const worst = this.#worst.get(example);
    if (worst !== undefined && worst.loss > 0.2 && this.#random.chance(0.5)) return [worst.from, worst.from + chunk];
    const dice = this.#random.next();
    const from = dice < 0.2 ? 0 : dice < 0.35 ? room : this.#random.below(room + 1);
    return [from, from + chunk];
  }

  /** Sums the vectors of the batch's distinct units and multiplies them by the filters, once for all their places. */
  #activate(rows: readonly Example[], chunks: readonly [number, number][], training: boolean): void {
    for (const unit of this.#active) this.#slot[unit] = -1;
    this.#active = [];
    rows.forEach(({ units }, at) => {
      const [from, to] = chunks[at] as [number, number];
      for (let token = from; token < to; token++) {
        const unit = units[token] as number;
        if ((this.#slot[unit] as number) >= 0) continue;
        this.#slot[unit] = this.#active.length;
        this.#active.push(unit);
      }
    });
    const count = this.#active.length;
    if (this.#vectors.length < count * DIM) {
      this.#vectors = new Float32Array(count * DIM * 2);
      this.#products = new Float32Array(count * PRODUCTS * 2);
      this.#vectorGradient = new Float32Array(count * DIM * 2);
      this.#dropped = new Uint8Array(count * 2);
    }
    this.#vectors.fill(0, 0, count * DIM);
    const table = this.parameters.table.value;
    const filters = this.parameters.filters.value;
    for (let slot = 0; slot < count; slot++) {
      const rows = this.#dictionary.units[this.#active[slot] as number];
      if (rows === undefined) continue;
      const drop = training && rows.pieces.length > 0 && this.#random.chance(this.#options.wordDropout);
      this.#dropped[slot] = drop ? 1 : 0;
      const into = slot * DIM;
      if (!drop) for (const row of rows.whole) this.#addRow(into, table, row, 1);
      else this.#addRow(into, table, this.#unknownRow, 1);
      for (const row of rows.special) this.#addRow(into, table, row, 1);
      const share = rows.pieces.length === 0 ? 0 : 1 / Math.sqrt(rows.pieces.length);
      for (const row of rows.pieces) this.#addRow(into, table, row, share * PIECE_SHARE);
      multiply(this.#vectors, into, filters, this.#products, slot * PRODUCTS);
    }
  }

  get #unknownRow(): number {
    return this.#dictionary.rows - 12 + 9;
  }

  #addRow(into: number, table: Float32Array, row: number, share: number): void {
    const vectors = this.#vectors;
    const from = row * DIM;
    for (let d = 0; d < DIM; d++)
      vectors[into + d] = (vectors[into + d] as number) + share * (table[from + d] as number);
  }

  #forward(example: Example, from: number, to: number, training: boolean): Forward {
    const count = to - from;
    const blocks = Math.max(1, Math.ceil(count / BLOCK));
    const forward = new Forward(blocks, from, to);
    const { units } = example;
    const bias = this.parameters.filterBias.value;
    const slots = forward.slots;
    for (let at = 0; at < count; at++) slots[at] = this.#slot[units[from + at] as number] as number;
    const products = this.#products;
    const sums = new Float32Array(FILTERS);
    forward.max.fill(-1e9);
    for (let at = 0; at < count; at++) {
      sums.set(bias);
      let filter = 0;
      let product = 0;
      for (const { width, filters } of GROUPS) {
        const half = width >> 1;
        for (let offset = 0; offset < width; offset++, product += filters) {
          const token = at + offset - half;
          if (token < 0 || token >= count) continue;
          const base = (slots[token] as number) * PRODUCTS + product;
          for (let f = 0; f < filters; f++)
            sums[filter + f] = (sums[filter + f] as number) + (products[base + f] as number);
        }
        filter += filters;
      }
      const block = Math.floor(at / BLOCK);
      const place = block * FILTERS;
      for (let f = 0; f < FILTERS; f++) {
        if ((sums[f] as number) > (forward.max[place + f] as number)) {
          forward.max[place + f] = sums[f] as number;
          forward.where[place + f] = at;
        }
      }
      const vector = (slots[at] as number) * DIM;
      for (let d = 0; d < DIM; d++)
        forward.sum[block * DIM + d] = (forward.sum[block * DIM + d] as number) + (this.#vectors[vector + d] as number);
      const flags = this.#dictionary.flags[units[from + at] as number] as number;
      for (let flag = 0; flag < FLAGS; flag++)
        if (flags & (1 << flag))
          forward.flags[block * FLAGS + flag] = (forward.flags[block * FLAGS + flag] as number) + 1;
      forward.tokens[block] = (forward.tokens[block] as number) + 1;
    }
    this.#judge(example, forward, training);
    return forward;
  }

  #judge(example: Example, forward: Forward, training: boolean): void {
    const { blocks } = forward;
    const windows = Math.max(1, blocks - 1);
    const keep = 1 - this.#options.dropout;
    for (let input = 0; input < INPUTS; input++)
      forward.mask[input] = !training || input >= FILTERS + 2 * DIM ? 1 : this.#random.chance(keep) ? 1 / keep : 0;
    const atStart = forward.from === 0;
    const atEnd = forward.to === example.units.length;
    forward.logit = -1e9;
    for (let window = 0; window < windows; window++) {
      windowInputs(forward, window, atStart && window === 0, atEnd && window === windows - 1, example.row.role);
      const { input, mask } = forward;
      for (let at = 0; at < INPUTS; at++) input[at] = (input[at] as number) * (mask[at] as number);
      const logit = this.#head(forward, example.row.role);
      if (logit <= forward.logit) continue;
      forward.logit = logit;
      forward.window = window;
      forward.bestInput.set(input);
      forward.bestHidden.set(forward.hidden);
    }
  }

  #head(forward: Forward, role: number): number {
    const { hidden, hiddenBias, out, outBias } = this.parameters;
    const weights = hidden.value;
    let logit = outBias.value[role] as number;
    for (let h = 0; h < HIDDEN; h++) {
      let sum = hiddenBias.value[h] as number;
      const base = h * INPUTS;
      for (let at = 0; at < INPUTS; at++) sum += (weights[base + at] as number) * (forward.input[at] as number);
      const active = Math.max(sum, 0);
      forward.hidden[h] = active;
      logit += active * (out.value[role * HIDDEN + h] as number);
    }
    return logit;
  }

  #backward({ row }: Example, forward: Forward, batch: number): number {
    const smooth = 0.02;
    const target = row.label === 1 ? 1 - smooth : smooth / 4;
    const probability = 1 / (1 + Math.exp(-forward.logit));
    const loss = -(target * Math.log(probability + 1e-9) + (1 - target) * Math.log(1 - probability + 1e-9));
    const slope = ((probability - target) * row.weight) / batch;
    const { hidden, hiddenBias, out, outBias, filterBias, filters } = this.parameters;
    const { role } = row;
    outBias.gradient[role] = (outBias.gradient[role] as number) + slope;
    const toInput = new Float32Array(INPUTS);
    for (let h = 0; h < HIDDEN; h++) {
      const active = forward.bestHidden[h] as number;
      if (active <= 0) continue;
      const o = role * HIDDEN + h;
      out.gradient[o] = (out.gradient[o] as number) + slope * active;
      const g = slope * (out.value[o] as number);
      hiddenBias.gradient[h] = (hiddenBias.gradient[h] as number) + g;
      const base = h * INPUTS;
      for (let at = 0; at < INPUTS; at++) {
        hidden.gradient[base + at] = (hidden.gradient[base + at] as number) + g * (forward.bestInput[at] as number);
        toInput[at] = (toInput[at] as number) + g * (hidden.value[base + at] as number);
      }
    }
    const { window, slots } = forward;
    const count = forward.to - forward.from;
    let filter = 0;
    let product = 0;
    for (const { width, filters: size } of GROUPS) {
      const half = width >> 1;
      for (let f = 0; f < size; f++) {
        const index = filter + f;
        const g = (toInput[index] as number) * (forward.mask[index] as number);
        if (g === 0) continue;
        let place = window * FILTERS + index;
        if (window + 1 < forward.blocks && (forward.max[place + FILTERS] as number) > (forward.max[place] as number))
          place += FILTERS;
        if ((forward.max[place] as number) <= 0) continue;
        const at = forward.where[place] as number;
        filterBias.gradient[index] = (filterBias.gradient[index] as number) + g;
        for (let offset = 0; offset < width; offset++) {
          const token = at + offset - half;
          if (token < 0 || token >= count) continue;
          const vector = (slots[token] as number) * DIM;
          const weight = (product + offset * size + f) * DIM;
          for (let d = 0; d < DIM; d++) {
            filters.gradient[weight + d] =
              (filters.gradient[weight + d] as number) + g * (this.#vectors[vector + d] as number);
            this.#vectorGradient[vector + d] =
              (this.#vectorGradient[vector + d] as number) + g * (filters.value[weight + d] as number);
          }
        }
      }
      filter += size;
      product += width * size;
    }
    this.#meanBackward(forward, toInput);
    return loss;
  }

  #meanBackward(forward: Forward, toInput: Float32Array): void {
    const count = forward.to - forward.from;
    const { window } = forward;
    const spread = (firstBlock: number, lastBlock: number, inputs: number) => {
      const start = firstBlock * BLOCK;
      const end = Math.min(count, (lastBlock + 1) * BLOCK);
      const share = 1 / Math.max(1, end - start);
      for (let at = start; at < end; at++) {
        const vector = (forward.slots[at] as number) * DIM;
        for (let d = 0; d < DIM; d++) {
          const g = (toInput[inputs + d] as number) * (forward.mask[inputs + d] as number) * share;
          this.#vectorGradient[vector + d] = (this.#vectorGradient[vector + d] as number) + g;
        }
      }
    };
    spread(window, Math.min(window + 1, forward.blocks - 1), FILTERS);
    spread(Math.max(0, window - NEIGHBOURS), Math.min(forward.blocks - 1, window + 1 + NEIGHBOURS), FILTERS + DIM);
  }

  #update(rate: number): void {
    const { table, filters, filterBias, hidden, hiddenBias, out, outBias } = this.parameters;
    const touched = new Set<number>();
    for (let slot = 0; slot < this.#active.length; slot++) {
      const rows = this.#dictionary.units[this.#active[slot] as number];
      if (rows === undefined) continue;
      const from = slot * DIM;
      let any = false;
      for (let d = 0; d < DIM; d++) if (this.#vectorGradient[from + d] !== 0) any = true;
      if (!any) continue;
      const add = (row: number, share: number) => {
        touched.add(row);
        for (let d = 0; d < DIM; d++)
          table.gradient[row * DIM + d] =
            (table.gradient[row * DIM + d] as number) + share * (this.#vectorGradient[from + d] as number);
      };
      if (this.#dropped[slot] === 1) add(this.#unknownRow, 1);
      else for (const row of rows.whole) add(row, 1);
      for (const row of rows.special) add(row, 1);
      const share = rows.pieces.length === 0 ? 0 : 0.5 / Math.sqrt(rows.pieces.length);
      for (const row of rows.pieces) add(row, share);
    }
    this.#vectorGradient.fill(0, 0, this.#active.length * DIM);
    for (const row of touched) table.step(row * DIM, row * DIM + DIM, rate, DECAY * 2);
    for (const block of [filters, filterBias, hidden, hiddenBias, out, outBias])
      block.step(0, block.value.length, rate, DECAY);
  }

  /** The logit of each example, every window read, nothing dropped. */
  score(examples: readonly Example[]): Float64Array {
    const scores = new Float64Array(examples.length);
    for (let at = 0; at < examples.length; at += 32) {
      const rows = examples.slice(at, at + 32);
      const chunks = rows.map((row): [number, number] => [0, row.units.length]);
      this.#activate(rows, chunks, false);
      rows.forEach((row, offset) => {
        scores[at + offset] = this.#forward(row, 0, row.units.length, false).logit;
      });
    }
    return scores;
  }
}

class Forward {
  readonly blocks: number;
  readonly from: number;
  readonly to: number;
  readonly slots: Int32Array;
  readonly max: Float32Array;
  readonly where: Int32Array;
  readonly sum: Float32Array;
  readonly flags: Float32Array;
  readonly tokens: Float32Array;
  readonly input = new Float32Array(INPUTS);
  readonly hidden = new Float32Array(HIDDEN);
  readonly mask = new Float32Array(INPUTS);
  readonly bestInput = new Float32Array(INPUTS);
  readonly bestHidden = new Float32Array(HIDDEN);
  logit = 0;
  window = 0;

  constructor(blocks: number, from: number, to: number) {
    this.blocks = blocks;
    this.from = from;
    this.to = to;
    this.slots = new Int32Array(to - from);
    this.max = new Float32Array(blocks * FILTERS);
    this.where = new Int32Array(blocks * FILTERS);
    this.sum = new Float32Array(blocks * DIM);
    this.flags = new Float32Array(blocks * FLAGS);
    this.tokens = new Float32Array(blocks);
  }
}

function windowInputs(forward: Forward, window: number, first: boolean, last: boolean, role: number): void {
  const { input, blocks } = forward;
  const end = Math.min(window + 1, blocks - 1);
  for (let f = 0; f < FILTERS; f++) {
    let best = 0;
    for (let block = window; block <= end; block++) best = Math.max(best, forward.max[block * FILTERS + f] as number);
    input[f] = best;
  }
  writeMean(forward, window, end, FILTERS);
  writeMean(forward, Math.max(0, window - NEIGHBOURS), Math.min(blocks - 1, window + 1 + NEIGHBOURS), FILTERS + DIM);
  const counts = new Float32Array(FLAGS);
  let tokens = 0;
  for (let block = window; block <= end; block++) {
    tokens += forward.tokens[block] as number;
    for (let flag = 0; flag < FLAGS; flag++)
      counts[flag] = (counts[flag] as number) + (forward.flags[block * FLAGS + flag] as number);
  }
  writeExtras(input, INPUTS - EXTRAS, counts, tokens, first, last, role);
}

function writeMean(forward: Forward, from: number, to: number, into: number): void {
  let tokens = 0;
  for (let block = from; block <= to; block++) tokens += forward.tokens[block] as number;
  const share = 1 / Math.max(1, tokens);
  for (let d = 0; d < DIM; d++) {
    let sum = 0;
    for (let block = from; block <= to; block++) sum += forward.sum[block * DIM + d] as number;
    forward.input[into + d] = sum * share;
  }
}

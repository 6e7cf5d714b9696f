// Training by gradient descent, in plain numbers: forward over a batch, back through the strongest block of each text.
import { BLOCK, UNTRUSTED } from "../classifier/shape.ts";
import { Activations } from "./activations.ts";
import { Average } from "./average.ts";
import type { Example, Row } from "./example.ts";
import { Excerpts } from "./excerpts.ts";
import { HARD_NEGATIVES } from "./families.ts";
import { Mixing } from "./mixing.ts";
import { Network } from "./network.ts";
import { freshParameters, type Parameters } from "./parameters.ts";
import { Random } from "./random.ts";
import { type Sample, whole } from "./sample.ts";
import type { Dictionary } from "./units.ts";

export interface TrainOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  readonly wordDropout: number;
  readonly dropout: number;
  /** tokens of a text that one step sees */
  readonly excerpt: number;
  /** heaps of words without order, for each text of a batch */
  readonly heaps: number;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

export const DEFAULTS: TrainOptions = {
  epochs: 6,
  batch: 96,
  rate: 0.004,
  seed: 7,
  wordDropout: 0.12,
  dropout: 0.2,
  excerpt: 192,
  heaps: 0.15,
};

const DECAY = 0.002;
const TABLE_DECAY = 0.004;
/** the second half of training is averaged, every so many steps */
const AVERAGED_EVERY = 5;
const AVERAGE_KEEPS = 0.975;
/** A clean text whose worst block is above this logit is read there again. */
const SUSPICIOUS = -2;
/** What clean rows weigh, beside an attack's 1: an ordinary text blocked is the worst that can happen. */
const ORDINARY = 2;
const LOOKALIKE = 1;
/** Documents about attacks quote so many that they would teach to pass what they quote. */
const UNTRUSTED_LOOKALIKE = 0.5;
const ATTACK_TARGET = 0.98;
const INNOCENT_TARGET = 0.005;

export class Trainer {
  readonly parameters: Parameters;
  readonly #options: TrainOptions;
  readonly #random: Random;
  readonly #activations: Activations;
  readonly #network: Network;

  constructor(dictionary: Dictionary, options: TrainOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.parameters = freshParameters(dictionary.rows, this.#random);
    this.#activations = new Activations(dictionary);
    this.#network = new Network(this.parameters, this.#activations, dictionary.flags);
  }

  run(examples: readonly Example[]): Parameters {
    const { epochs, batch, onEpoch, excerpt } = this.#options;
    const random = this.#random;
    const excerpts = new Excerpts(random, excerpt);
    const mixing = new Mixing(examples, random, excerpt);
    const average = new Average(Object.values(this.parameters), AVERAGE_KEEPS);
    const mean = examples.reduce((sum, { row }) => sum + importance(row), 0) / Math.max(1, examples.length);
    const order = [...examples];
    const steps = epochs * Math.ceil(order.length / batch);
    let step = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      random.shuffle(order);
      let loss = 0;
      for (let at = 0; at < order.length; at += batch) {
        const samples = order.slice(at, at + batch).map((example) => {
          const weight = importance(example.row) / mean;
          return mixing.mix({ ...excerpts.of(example), weight });
        });
        for (let heaps = this.#options.heaps * samples.length + random.next(); heaps >= 1; heaps--)
          samples.push(mixing.heap());
        const warm = Math.min(1, ++step / 200);
        loss += this.#step(samples, this.#options.rate * warm * (1 - step / steps) + 1e-5);
        if (step > steps / 2 && step % AVERAGED_EVERY === 0) average.take();
      }
      if (epoch + 1 < epochs) this.#reread(examples, excerpts);
      onEpoch?.(epoch, loss / order.length);
    }
    average.settle();
    return this.parameters;
  }

  #step(samples: readonly Sample[], rate: number): number {
    const { dropout, wordDropout } = this.#options;
    this.#activations.fill(
      samples.map(({ units }) => units),
      this.parameters,
      wordDropout,
      this.#random,
    );
    let loss = 0;
    for (const sample of samples) {
      const forward = this.#network.forward(sample, dropout, this.#random);
      const target = sample.label === 1 ? ATTACK_TARGET : INNOCENT_TARGET;
      const probability = 1 / (1 + Math.exp(-forward.logit));
      loss -= target * Math.log(probability + 1e-9) + (1 - target) * Math.log(1 - probability + 1e-9);
      this.#network.backward(forward, ((probability - target) * sample.weight) / samples.length);
    }
    this.#update(rate);
    return loss;
  }

  #update(rate: number): void {
    const { table, ...others } = this.parameters;
    for (const row of this.#activations.spread(table.gradient)) table.stepRow(row, rate, TABLE_DECAY);
    for (const block of Object.values(others)) block.step(0, block.value.length, rate, DECAY);
  }

  /** Reads the clean long texts whole, to find where each looks most like an attack. */
  #reread(examples: readonly Example[], excerpts: Excerpts): void {
    const { excerpt } = this.#options;
    const long = examples.filter(({ row, units }) => row.label === 0 && units.length > excerpt);
    this.#judge(long, (example, { logit, block }) => {
      excerpts.remember(example, logit > SUSPICIOUS ? block * BLOCK : null);
    });
  }

  #judge(examples: readonly Example[], see: (example: Example, worst: { logit: number; block: number }) => void): void {
    for (let at = 0; at < examples.length; at += 32) {
      const some = examples.slice(at, at + 32);
      this.#activations.fill(
        some.map(({ units }) => units),
        this.parameters,
        0,
        this.#random,
      );
      for (const example of some) see(example, this.#network.forward(whole(example), 0, null));
    }
  }

  /** The logit of each example, every block read, nothing dropped. */
  score(examples: readonly Example[]): Float64Array {
    const scores = new Float64Array(examples.length);
    let at = 0;
    this.#judge(examples, (_, { logit }) => {
      scores[at++] = logit;
    });
    return scores;
  }
}

function importance(row: Row): number {
  if (row.label === 1) return row.weight;
  if (!HARD_NEGATIVES.has(row.family)) return row.weight * ORDINARY;
  return row.weight * (row.role === UNTRUSTED ? UNTRUSTED_LOOKALIKE : LOOKALIKE);
}

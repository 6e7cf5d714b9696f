// Judges each window of two blocks: the filters' strongest answers in it and around it, the mean of its neighbours' words,
// and its shape go through one small layer to the logit of the asked role.
import type { Blocks } from "./blocks.ts";
import { DIM, EXTRAS, FILTERS, FLAGS, HIDDEN, INPUTS, NEIGHBOURS, SURROUND, writeExtras } from "./shape.ts";
import type { Weights } from "./weights-format.ts";

const MEAN = 2 * FILTERS;

/** What windows are made from. `max` must not be negative: a filter that does not answer counts as nothing. */
export type BlockSums = Pick<Blocks, "count" | "max" | "sum" | "flags" | "tokens">;

export function windowCount(blocks: BlockSums): number {
  return Math.max(1, blocks.count - 1);
}

/** Logits of all windows for `role`. Linear in their number. */
export function judgeWindows(blocks: BlockSums, weights: Weights, role: number): Float32Array {
  const logits = new Float32Array(windowCount(blocks));
  const input = new Float32Array(INPUTS);
  const hidden = new Float32Array(HIDDEN);
  for (let window = 0; window < logits.length; window++) {
    windowInput(blocks, window, role, input);
    logits[window] = logitOf(input, weights, role, hidden);
  }
  return logits;
}

const counts = new Float32Array(FLAGS);

/** Writes the inputs of one window into `input`. */
export function windowInput(blocks: BlockSums, window: number, role: number, input: Float32Array): void {
  const last = blocks.count - 1;
  const second = Math.min(window + 1, last);
  strongest(blocks.max, window, second, input, 0);
  strongest(blocks.max, Math.max(0, window - SURROUND), Math.min(last, window + 1 + SURROUND), input, FILTERS);
  writeMean(blocks, Math.max(0, window - NEIGHBOURS), Math.min(last, window + 1 + NEIGHBOURS), input, MEAN);
  counts.fill(0);
  let tokens = 0;
  for (let block = window; block <= second; block++) {
    tokens += blocks.tokens[block] as number;
    for (let flag = 0; flag < FLAGS; flag++)
      counts[flag] = (counts[flag] as number) + (blocks.flags[block * FLAGS + flag] as number);
  }
  writeExtras(input, INPUTS - EXTRAS, counts, tokens, window === 0, window + 1 >= last, role);
}

function strongest(max: Float32Array, from: number, to: number, input: Float32Array, into: number): void {
  input.fill(0, into, into + FILTERS);
  for (let block = from; block <= to; block++) {
    const place = block * FILTERS;
    for (let f = 0; f < FILTERS; f++) {
      const value = max[place + f] as number;
      if (value > (input[into + f] as number)) input[into + f] = value;
    }
  }
}

function writeMean(blocks: BlockSums, from: number, to: number, input: Float32Array, at: number): void {
  let tokens = 0;
  input.fill(0, at, at + DIM);
  for (let block = from; block <= to; block++) {
    tokens += blocks.tokens[block] as number;
    const place = block * DIM;
    for (let d = 0; d < DIM; d++) input[at + d] = (input[at + d] as number) + (blocks.sum[place + d] as number);
  }
  const share = 1 / Math.max(1, tokens);
  for (let d = 0; d < DIM; d++) input[at + d] = (input[at + d] as number) * share;
}

type Head = Pick<Weights, "hidden" | "hiddenBias" | "out" | "outBias">;

/**
 * The logit of one window. `weights.hidden` is [INPUTS × HIDDEN], so that an input of nothing, as most are, costs nothing.
 * @param hidden is overwritten with the small layer's sums, before they are cut off at 0
 */
export function logitOf(input: Float32Array, weights: Head, role: number, hidden: Float32Array): number {
  const { hidden: weight, out, outBias } = weights;
  hidden.set(weights.hiddenBias);
  for (let at = 0; at < INPUTS; at++) {
    const value = input[at] as number;
    if (value === 0) continue;
    const base = at * HIDDEN;
    for (let h = 0; h < HIDDEN; h++) hidden[h] = (hidden[h] as number) + value * (weight[base + h] as number);
  }
  let logit = outBias[role] as number;
  for (let h = 0; h < HIDDEN; h++) {
    const sum = hidden[h] as number;
    if (sum > 0) logit += sum * (out[role * HIDDEN + h] as number);
  }
  return logit;
}

/** d logit / d input at `input`; for explanations only. */
export function slopes(input: Float32Array, weights: Head, role: number): Float32Array {
  const { hidden: weight, out } = weights;
  const sums = new Float32Array(HIDDEN);
  logitOf(input, weights, role, sums);
  return Float32Array.from({ length: INPUTS }, (_, at) => {
    let slope = 0;
    for (let h = 0; h < HIDDEN; h++)
      if ((sums[h] as number) > 0) slope += (weight[at * HIDDEN + h] as number) * (out[role * HIDDEN + h] as number);
    return slope;
  });
}

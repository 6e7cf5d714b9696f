// Judges each window of two blocks: the filters' strongest answers, the mean of its words, the mean of its neighbours,
// and its shape go through one small layer to the logit of the asked role.
import type { Blocks } from "./blocks.ts";
import { DIM, EXTRAS, FILTERS, FLAGS, HIDDEN, INPUTS, NEIGHBOURS, writeExtras } from "./shape.ts";
import type { Weights } from "./weights-format.ts";

export function windowCount(blocks: Blocks): number {
  return Math.max(1, blocks.count - 1);
}

/** Logits of all windows for `role`. Linear in their number. */
export function judgeWindows(blocks: Blocks, weights: Weights, role: number): Float32Array {
  const logits = new Float32Array(windowCount(blocks));
  const input = new Float32Array(INPUTS);
  for (let window = 0; window < logits.length; window++) {
    windowInput(blocks, window, role, input);
    logits[window] = logitOf(input, weights, role);
  }
  return logits;
}

export function windowInput(blocks: Blocks, window: number, role: number, input: Float32Array): void {
  const last = blocks.count - 1;
  const second = Math.min(window + 1, last);
  const here = window * FILTERS;
  const next = second * FILTERS;
  for (let f = 0; f < FILTERS; f++) input[f] = Math.max(blocks.max[here + f] as number, blocks.max[next + f] as number);
  writeMean(blocks, window, second, input, FILTERS);
  writeMean(blocks, Math.max(0, window - NEIGHBOURS), Math.min(last, window + 1 + NEIGHBOURS), input, FILTERS + DIM);
  const counts = new Float32Array(FLAGS);
  let tokens = 0;
  for (let block = window; block <= second; block++) {
    tokens += blocks.tokens[block] as number;
    for (let flag = 0; flag < FLAGS; flag++)
      counts[flag] = (counts[flag] as number) + (blocks.flags[block * FLAGS + flag] as number);
  }
  writeExtras(input, INPUTS - EXTRAS, counts, tokens, window === 0, window + 1 >= last, role);
}

function writeMean(blocks: Blocks, from: number, to: number, input: Float32Array, at: number): void {
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

function logitOf(input: Float32Array, weights: Weights, role: number): number {
  const { hidden, hiddenBias, out, outBias } = weights;
  let logit = outBias[role] as number;
  for (let h = 0, base = 0; h < HIDDEN; h++, base += INPUTS) {
    let sum = hiddenBias[h] as number;
    for (let at = 0; at < INPUTS; at++) sum += (hidden[base + at] as number) * (input[at] as number);
    if (sum > 0) logit += sum * (out[role * HIDDEN + h] as number);
  }
  return logit;
}

/** d logit / d input at `input`; for explanations only. */
export function slopes(input: Float32Array, weights: Weights, role: number): Float32Array {
  const { hidden, hiddenBias, out } = weights;
  const result = new Float32Array(INPUTS);
  for (let h = 0; h < HIDDEN; h++) {
    let sum = hiddenBias[h] as number;
    for (let at = 0; at < INPUTS; at++) sum += (hidden[h * INPUTS + at] as number) * (input[at] as number);
    if (sum <= 0) continue;
    const slope = out[role * HIDDEN + h] as number;
    for (let at = 0; at < INPUTS; at++)
      result[at] = (result[at] as number) + slope * (hidden[h * INPUTS + at] as number);
  }
  return result;
}

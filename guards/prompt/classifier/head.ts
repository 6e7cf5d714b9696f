// Judges each block of a text: the filters' strongest answers in it and around it, the mean of the words there, and its
// shape go through one small layer to the logit of the asked role.
import type { Blocks } from "./blocks.ts";
import { BLOCK, DIM, EXTRAS, FILTERS, FLAGS, HIDDEN, INPUTS, SURROUND, writeExtras } from "./shape.ts";
import type { Tokens } from "./tokens.ts";
import type { Weights } from "./weights-format.ts";

const MEAN = 2 * FILTERS;

/** Logits of all blocks for `role`; −∞ where too little stands to be judged. Linear in their number. */
export function judgeBlocks(blocks: Blocks, tokens: Tokens, weights: Weights, role: number): Float32Array {
  const logits = new Float32Array(blocks.count);
  const input = new Float32Array(INPUTS);
  const hidden = new Float32Array(HIDDEN);
  for (let block = 0; block < logits.length; block++) {
    if (!saysSomething(tokens, block)) {
      logits[block] = -Infinity;
      continue;
    }
    blockInput(blocks, block, role, input);
    logits[block] = logitOf(input, weights, role, hidden);
  }
  return logits;
}

/**
 * Whether three different tokens stand in a block and around it. Less says nothing that could be obeyed; a network that has
 * seen few such texts guesses, and one character over and over is what people fill a form with.
 */
export function saysSomething({ key, count }: Tokens, block: number): boolean {
  const from = Math.max(0, (block - SURROUND) * BLOCK);
  const to = Math.min(count, (block + 1 + SURROUND) * BLOCK);
  const first = key[from];
  let second: number | undefined;
  for (let at = from + 1; at < to; at++) {
    if (key[at] === first || key[at] === second) continue;
    if (second !== undefined) return true;
    second = key[at];
  }
  return false;
}

/** Writes the inputs of one block into `input`. */
export function blockInput(blocks: Blocks, block: number, role: number, input: Float32Array): void {
  const from = Math.max(0, block - SURROUND);
  const to = Math.min(blocks.count - 1, block + SURROUND);
  strongest(blocks.max, block, from, to, input);
  writeMean(blocks, from, to, input);
  const counts = blocks.flags.subarray(block * FLAGS, block * FLAGS + FLAGS);
  const last = block === blocks.count - 1;
  writeExtras(input, INPUTS - EXTRAS, counts, blocks.tokens[block] as number, block === 0, last, role);
}

function strongest(max: Float32Array, block: number, from: number, to: number, input: Float32Array): void {
  const near = block * FILTERS;
  for (let f = 0; f < FILTERS; f++) {
    const value = max[near + f] as number;
    input[f] = value;
    input[FILTERS + f] = value;
  }
  for (let other = from; other <= to; other++) {
    const place = other * FILTERS;
    for (let f = 0; f < FILTERS; f++) {
      const value = max[place + f] as number;
      if (value > (input[FILTERS + f] as number)) input[FILTERS + f] = value;
    }
  }
}

function writeMean(blocks: Blocks, from: number, to: number, input: Float32Array): void {
  let tokens = 0;
  input.fill(0, MEAN, MEAN + DIM);
  for (let block = from; block <= to; block++) {
    tokens += blocks.tokens[block] as number;
    const place = block * DIM;
    for (let d = 0; d < DIM; d++) input[MEAN + d] = (input[MEAN + d] as number) + (blocks.sum[place + d] as number);
  }
  const share = 1 / Math.max(1, tokens);
  for (let d = 0; d < DIM; d++) input[MEAN + d] = (input[MEAN + d] as number) * share;
}

const LIVE = 4;
const live = new Int32Array(LIVE);

type Head = Pick<Weights, "hidden" | "hiddenBias" | "out" | "outBias">;

/**
 * The logit of one block. `weights.hidden` is [INPUTS × HIDDEN], so that an input of nothing, as most are, costs nothing.
 * @param hidden is overwritten with the small layer's sums, before they are cut off at 0
 */
export function logitOf(input: Float32Array, weights: Head, role: number, hidden: Float32Array): number {
  const { hidden: weight, out, outBias } = weights;
  hidden.set(weights.hiddenBias);
  // four answers at a time, so that the layer's sums are read and written once for four
  let filled = 0;
  for (let at = 0; at < INPUTS; at++) {
    if (input[at] === 0) continue;
    live[filled++] = at;
    if (filled < LIVE) continue;
    addFour(input, weight, hidden);
    filled = 0;
  }
  for (let which = 0; which < filled; which++) {
    const value = input[live[which] as number] as number;
    const base = (live[which] as number) * HIDDEN;
    for (let h = 0; h < HIDDEN; h++) hidden[h] = (hidden[h] as number) + value * (weight[base + h] as number);
  }
  let logit = outBias[role] as number;
  for (let h = 0; h < HIDDEN; h++) {
    const sum = hidden[h] as number;
    if (sum > 0) logit += sum * (out[role * HIDDEN + h] as number);
  }
  return logit;
}

function addFour(input: Float32Array, weight: Float32Array, hidden: Float32Array): void {
  const a = live[0] as number;
  const b = live[1] as number;
  const c = live[2] as number;
  const d = live[3] as number;
  const v0 = input[a] as number;
  const v1 = input[b] as number;
  const v2 = input[c] as number;
  const v3 = input[d] as number;
  const w0 = a * HIDDEN;
  const w1 = b * HIDDEN;
  const w2 = c * HIDDEN;
  const w3 = d * HIDDEN;
  for (let h = 0; h < HIDDEN; h++)
    hidden[h] =
      (hidden[h] as number) +
      v0 * (weight[w0 + h] as number) +
      v1 * (weight[w1 + h] as number) +
      v2 * (weight[w2 + h] as number) +
      v3 * (weight[w3 + h] as number);
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

// Reads a text block by block (32 tokens): each filter's strongest answer in it, the mean of its vectors, and counts of
// what it is made of. Every token is read once; memory grows with the number of blocks only.

import { flagsOf } from "./flags.ts";
import { BLOCK, DIM, FILTERS, type FilterGroup, FLAGS, GROUPS, PRODUCTS, REACH } from "./shape.ts";
import { CACHE_TOKENS, type TokenCache } from "./token-cache.ts";
import type { Tokens } from "./tokens.ts";
import type { Weights } from "./weights-format.ts";

/** Tokens whose products are looked up together; the cache always has room for so many. */
const SEGMENT = 1024;
if (SEGMENT + 2 * REACH > CACHE_TOKENS) throw new Error("a segment must fit the token cache");

export interface Blocks {
  readonly count: number;
  /** [count × FILTERS] */
  readonly max: Float32Array;
  /** [count × DIM], sums */
  readonly sum: Float32Array;
  /** [count × FLAGS] */
  readonly flags: Float32Array;
  readonly tokens: Float32Array;
}

export function readBlocks(text: string, tokens: Tokens, weights: Weights, cache: TokenCache): Blocks {
  const count = Math.max(1, Math.ceil(tokens.count / BLOCK));
  const blocks: Blocks = {
    count,
    max: new Float32Array(count * FILTERS),
    sum: new Float32Array(count * DIM),
    flags: new Float32Array(count * FLAGS),
    tokens: new Float32Array(count),
  };
  const slots = new Int32Array(SEGMENT + 2 * REACH);
  for (let from = 0; from < tokens.count; from += SEGMENT) {
    const to = Math.min(tokens.count, from + SEGMENT);
    cache.reserve(SEGMENT + 2 * REACH);
    for (let at = from - REACH; at < to + REACH; at++)
      slots[at - from + REACH] = at < 0 || at >= tokens.count ? cache.empty : cache.slotOf(text, tokens, at);
    readSegment(text, tokens, from, to, slots, weights, cache.values, blocks);
  }
  return blocks;
}

const sums = new Float32Array(FILTERS);

function readSegment(
  text: string,
  tokens: Tokens,
  from: number,
  to: number,
  slots: Int32Array,
  weights: Weights,
  values: Float32Array,
  into: Blocks,
): void {
  const { max, sum } = into;
  for (let at = from; at < to; at++) {
    const here = at - from + REACH;
    const block = Math.floor(at / BLOCK);
    convolve(slots, here, values, weights.filterBias, max, block * FILTERS);
    const vector = (slots[here] as number) + PRODUCTS;
    for (let d = 0, target = block * DIM; d < DIM; d++, target++)
      sum[target] = (sum[target] as number) + (values[vector + d] as number);
    countFlags(flagsOf(text, tokens, at), into.flags, block * FLAGS);
    into.tokens[block] = (into.tokens[block] as number) + 1;
  }
}

/**
 * The filters' answers at one token; the strongest so far stand in `max` from `place`. Never below 0: a filter that does not
 * answer counts as nothing. Two offsets are added at once: most of a long text's time goes here.
 */
function convolve(
  slots: Int32Array,
  here: number,
  values: Float32Array,
  bias: Float32Array,
  max: Float32Array,
  place: number,
): void {
  sums.set(bias);
  let filter = 0;
  let product = 0;
  for (let group = 0; group < GROUPS.length; group++) {
    const { width, filters } = GROUPS[group] as FilterGroup;
    const first = here - (width >> 1);
    addOne(values, at(slots, first, product), filter, filters);
    for (let offset = 1; offset < width; offset += 2)
      addTwo(
        values,
        at(slots, first + offset, product + offset * filters),
        at(slots, first + offset + 1, product + (offset + 1) * filters),
        filter,
        filters,
      );
    filter += filters;
    product += width * filters;
  }
  for (let f = 0; f < FILTERS; f++) {
    const value = sums[f] as number;
    if (value > (max[place + f] as number)) max[place + f] = value;
  }
}

/** Where the products for one offset stand; a place beyond the text has the cache's empty slot. */
function at(slots: Int32Array, token: number, product: number): number {
  return (slots[token] as number) + product;
}

function addOne(values: Float32Array, from: number, filter: number, filters: number): void {
  for (let f = 0; f < filters; f++) sums[filter + f] = (sums[filter + f] as number) + (values[from + f] as number);
}

function addTwo(values: Float32Array, one: number, two: number, filter: number, filters: number): void {
  for (let f = 0; f < filters; f++)
    sums[filter + f] = (sums[filter + f] as number) + (values[one + f] as number) + (values[two + f] as number);
}

function countFlags(flags: number, counts: Float32Array, at: number): void {
  for (let flag = 0; flag < FLAGS; flag++)
    if (flags & (1 << flag)) counts[at + flag] = (counts[at + flag] as number) + 1;
}

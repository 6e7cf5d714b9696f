// What a token adds to each filter, worked out once per distinct token and remembered: most texts repeat most words.
// Bounded; holds products of weights only, never text.
import { DIM, PRODUCTS } from "./shape.ts";
import type { Tokens } from "./tokens.ts";
import { hashText } from "./tokens.ts";
import { unitRows } from "./units.ts";
import type { Weights } from "./weights-format.ts";

/** distinct tokens kept; 1.4 KB each */
export const CACHE_TOKENS = 4096;
/** numbers a token: its products, then its vector */
export const STRIDE = PRODUCTS + DIM;
const BUCKETS = CACHE_TOKENS * 4;
const PIECE_SHARE = 0.5;

export class TokenCache {
  readonly values = new Float32Array(CACHE_TOKENS * STRIDE);
  readonly #weights: Weights;
  readonly #keys = new Int32Array(BUCKETS);
  readonly #slots = new Int32Array(BUCKETS).fill(-1);
  readonly #find: (name: string) => number;
  #count = 0;

  constructor(weights: Weights) {
    this.#weights = weights;
    this.#find = (name) => indexOf(weights.vocabulary, hashText(name));
  }

  /** Makes room for `tokens` more; slots handed out before are void afterwards if it had to forget. */
  reserve(tokens: number): void {
    if (this.#count + tokens <= CACHE_TOKENS) return;
    this.#slots.fill(-1);
    this.#count = 0;
  }

  /** The place in `values` of token `at`: its products; its vector follows. */
  slotOf(text: string, tokens: Tokens, at: number): number {
    const key = tokens.key[at] as number;
    let bucket = (key ^ (key >>> 13)) & (BUCKETS - 1);
    while (true) {
      const slot = this.#slots[bucket] as number;
      if (slot < 0) break;
      if (this.#keys[bucket] === key) return slot * STRIDE;
      bucket = (bucket + 1) & (BUCKETS - 1);
    }
    const slot = this.#count++;
    this.#keys[bucket] = key;
    this.#slots[bucket] = slot;
    this.#fill(slot * STRIDE, text, tokens, at);
    return slot * STRIDE;
  }

  #fill(into: number, text: string, tokens: Tokens, at: number): void {
    const { vocabulary } = this.#weights;
    const rows = unitRows(text, tokens, at, this.#find, vocabulary.length);
    const vector = into + PRODUCTS;
    this.values.fill(0, vector, vector + DIM);
    for (const row of rows.whole) this.#add(vector, row, 1);
    for (const row of rows.special) this.#add(vector, row, 1);
    const share = rows.pieces.length === 0 ? 0 : PIECE_SHARE / Math.sqrt(rows.pieces.length);
    for (const row of rows.pieces) this.#add(vector, row, share);
    multiply(this.values, vector, this.#weights.filters, into);
  }

  #add(vector: number, row: number, share: number): void {
    const { table, scales } = this.#weights;
    const step = (scales[row] as number) * share;
    for (let d = 0; d < DIM; d++)
      this.values[vector + d] = (this.values[vector + d] as number) + step * (table[row * DIM + d] as number);
  }
}

/** Eight of the vector's numbers at a time stand in locals: a text of distinct words spends most of its time here. */
function multiply(values: Float32Array, vector: number, filters: Float32Array, into: number): void {
  for (let d = 0; d < DIM; d += 8) {
    const v0 = values[vector + d] as number;
    const v1 = values[vector + d + 1] as number;
    const v2 = values[vector + d + 2] as number;
    const v3 = values[vector + d + 3] as number;
    const v4 = values[vector + d + 4] as number;
    const v5 = values[vector + d + 5] as number;
    const v6 = values[vector + d + 6] as number;
    const v7 = values[vector + d + 7] as number;
    for (let p = 0, base = d; p < PRODUCTS; p++, base += DIM) {
      const sum =
        (filters[base] as number) * v0 +
        (filters[base + 1] as number) * v1 +
        (filters[base + 2] as number) * v2 +
        (filters[base + 3] as number) * v3 +
        (filters[base + 4] as number) * v4 +
        (filters[base + 5] as number) * v5 +
        (filters[base + 6] as number) * v6 +
        (filters[base + 7] as number) * v7;
      values[into + p] = d === 0 ? sum : (values[into + p] as number) + sum;
    }
  }
}

function indexOf(sorted: Int32Array, hash: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] as number;
    if (value === hash) return middle;
    if (value < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

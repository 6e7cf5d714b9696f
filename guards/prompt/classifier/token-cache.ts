// What a token adds to each filter, worked out once per distinct token and remembered: most texts repeat most words.
// Bounded; holds products of weights only, never text.
import { multiply } from "./multiply.ts";
import { DIM, PIECE_SHARE, PRODUCTS } from "./shape.ts";
import type { Tokens } from "./tokens.ts";
import { hashText } from "./tokens.ts";
import { unitRows } from "./units.ts";
import type { Weights } from "./weights-format.ts";

/** distinct tokens kept; 1.4 KB each */
export const CACHE_TOKENS = 4096;
/** numbers a token: its products, then its vector */
export const STRIDE = PRODUCTS + DIM;
const BUCKETS = CACHE_TOKENS * 4;

export class TokenCache {
  /** the last slot stays empty: what stands beyond a text's ends adds nothing */
  readonly values = new Float32Array((CACHE_TOKENS + 1) * STRIDE);
  readonly empty = CACHE_TOKENS * STRIDE;
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
    multiply(this.values, vector, this.#weights.filters, this.values, into);
  }

  #add(vector: number, row: number, share: number): void {
    const { table, scales } = this.#weights;
    const step = (scales[row] as number) * share;
    for (let d = 0; d < DIM; d++)
      this.values[vector + d] = (this.values[vector + d] as number) + step * (table[row * DIM + d] as number);
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

// The vectors of a batch's distinct tokens and what each adds to the filters, worked out once for all places of a token.
import { multiply } from "../classifier/multiply.ts";
import { DIM, PIECE_SHARE, PRODUCTS } from "../classifier/shape.ts";
import { UNKNOWN_ROW } from "../classifier/units.ts";
import type { Parameters } from "./parameters.ts";
import type { Random } from "./random.ts";
import type { Dictionary } from "./units.ts";

export class Activations {
  /** a token's place here, or −1 */
  readonly slot: Int32Array;
  /** [slots × DIM] */
  vectors = new Float32Array(0);
  /** [slots × PRODUCTS] */
  products = new Float32Array(0);
  /** [slots × DIM]; what training wants of the vectors */
  gradient = new Float32Array(0);
  #units: number[] = [];
  #dropped = new Uint8Array(0);
  readonly #dictionary: Dictionary;
  readonly #unknown: number;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.#unknown = dictionary.specialRow(UNKNOWN_ROW);
    this.slot = new Int32Array(dictionary.units.length).fill(-1);
  }

  /** Fills the slots of all tokens in `batch`. Words are dropped (known by their pieces alone) with `wordDropout`. */
  fill(batch: readonly Int32Array[], parameters: Parameters, wordDropout: number, random: Random): void {
    for (const unit of this.#units) this.slot[unit] = -1;
    this.#units = [];
    for (const units of batch)
      for (const unit of units) {
        if ((this.slot[unit] as number) >= 0) continue;
        this.slot[unit] = this.#units.length;
        this.#units.push(unit);
      }
    const count = this.#units.length;
    if (this.vectors.length < count * DIM) {
      this.vectors = new Float32Array(count * DIM * 2);
      this.products = new Float32Array(count * PRODUCTS * 2);
      this.gradient = new Float32Array(count * DIM * 2);
      this.#dropped = new Uint8Array(count * 2);
    }
    this.vectors.fill(0, 0, count * DIM);
    const table = parameters.table.value;
    for (let slot = 0; slot < count; slot++) {
      const rows = this.#dictionary.units[this.#units[slot] as number];
      if (rows === undefined) continue;
      const drop = wordDropout > 0 && rows.pieces.length > 0 && random.chance(wordDropout);
      this.#dropped[slot] = drop ? 1 : 0;
      const into = slot * DIM;
      if (!drop) for (const row of rows.whole) this.#add(into, table, row, 1);
      else this.#add(into, table, this.#unknown, 1);
      for (const row of rows.special) this.#add(into, table, row, 1);
      const share = pieceShare(rows.pieces.length);
      for (const row of rows.pieces) this.#add(into, table, row, share);
      multiply(this.vectors, into, parameters.filters.value, this.products, slot * PRODUCTS);
    }
  }

  #add(into: number, table: Float32Array, row: number, share: number): void {
    const vectors = this.vectors;
    const from = row * DIM;
    for (let d = 0; d < DIM; d++)
      vectors[into + d] = (vectors[into + d] as number) + share * (table[from + d] as number);
  }

  /** Hands the vectors' gradients on to the table's rows and clears them; returns the rows that got any. */
  spread(tableGradient: Float32Array): Set<number> {
    const touched = new Set<number>();
    for (let slot = 0; slot < this.#units.length; slot++) {
      const rows = this.#dictionary.units[this.#units[slot] as number];
      const from = slot * DIM;
      if (rows === undefined || !this.#any(from)) continue;
      const give = (row: number, share: number) => {
        touched.add(row);
        for (let d = 0, at = row * DIM; d < DIM; d++, at++)
          tableGradient[at] = (tableGradient[at] as number) + share * (this.gradient[from + d] as number);
      };
      if (this.#dropped[slot] === 1) give(this.#unknown, 1);
      else for (const row of rows.whole) give(row, 1);
      for (const row of rows.special) give(row, 1);
      for (const row of rows.pieces) give(row, pieceShare(rows.pieces.length));
    }
    this.gradient.fill(0, 0, this.#units.length * DIM);
    return touched;
  }

  #any(from: number): boolean {
    for (let d = 0; d < DIM; d++) if (this.gradient[from + d] !== 0) return true;
    return false;
  }
}

function pieceShare(pieces: number): number {
  return pieces === 0 ? 0 : PIECE_SHARE / Math.sqrt(pieces);
}

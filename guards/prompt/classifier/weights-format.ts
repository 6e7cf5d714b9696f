// The bytes of the weights file: what training writes and the Worker reads. Little-endian; vectors in int8 with a scale
// a row, all else in int16 with a scale a block. A file of another shape is refused, never guessed at.
import { DIM, FILTERS, HIDDEN, INPUTS, PRODUCTS } from "./shape.ts";
import { PIECE_ROWS, SPECIAL_ROWS } from "./units.ts";

const MAGIC = 0x32435a42;

/** The network's numbers, ready to multiply. */
export interface Weights {
  /** sorted hashes of the words that have a vector of their own; a word's row is its place */
  readonly vocabulary: Int32Array;
  /** [rows × DIM] */
  readonly table: Int8Array;
  /** [rows]: what one step of a row's vector is worth */
  readonly scales: Float32Array;
  readonly filters: Float32Array;
  readonly filterBias: Float32Array;
  /** [INPUTS × HIDDEN] */
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly out: Float32Array;
  readonly outBias: Float32Array;
  /** per role: the logit at which a text is blocked; there the score is 0.5 */
  readonly offset: Float32Array;
}

/** Weights before rounding. */
export interface RawWeights {
  readonly vocabulary: Int32Array;
  readonly table: Float32Array;
  readonly blocks: readonly Float32Array[];
  readonly offset: Float32Array;
}

const BLOCKS = [PRODUCTS * DIM, FILTERS, HIDDEN * INPUTS, HIDDEN, 2 * HIDDEN, 2];
const LEVELS = 63;

export function rowCount(words: number): number {
  return words + PIECE_ROWS + SPECIAL_ROWS;
}

export function encodeWeights(raw: RawWeights): Uint8Array {
  const words = raw.vocabulary.length;
  const rows = rowCount(words);
  const smalls = BLOCKS.reduce((sum, length) => sum + 4 + 2 * length, 0);
  const bytes = new Uint8Array(8 + 4 * words + rows * 2 + 4 + rows * DIM + smalls + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, words, true);
  let at = 8;
  for (const hash of raw.vocabulary) at = set(view, at, 4, () => view.setInt32(at, hash, true));
  const tops = Array.from({ length: rows }, (_, row) => largest(raw.table.subarray(row * DIM, row * DIM + DIM)));
  const unit = Math.fround(Math.max(...tops, 1e-9) / 65535);
  view.setFloat32(at, unit, true);
  at += 4;
  for (const top of tops) at = set(view, at, 2, () => view.setUint16(at, Math.max(1, Math.ceil(top / unit)), true));
  for (let row = 0; row < rows; row++) {
    const step = (Math.max(1, Math.ceil((tops[row] ?? 0) / unit)) * unit) / LEVELS;
    for (let d = 0; d < DIM; d++) bytes[at++] = Math.round((raw.table[row * DIM + d] ?? 0) / step) & 255;
  }
  for (const block of raw.blocks) {
    const step = Math.fround(Math.max(largest(block), 1e-9) / 32767);
    view.setFloat32(at, step, true);
    at += 4;
    for (const value of block) at = set(view, at, 2, () => view.setInt16(at, Math.round(value / step), true));
  }
  for (const offset of raw.offset) at = set(view, at, 4, () => view.setFloat32(at, offset, true));
  return bytes;
}

function set(_view: DataView, at: number, size: number, write: () => void): number {
  write();
  return at + size;
}

function largest(values: Float32Array): number {
  let top = 0;
  for (const value of values) top = Math.max(top, Math.abs(value));
  return top;
}

/** Throws where the bytes are not weights of this shape. */
export function decodeWeights(bytes: Uint8Array): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw new Error("not a weights file");
  const words = view.getUint32(4, true);
  const rows = rowCount(words);
  const smalls = BLOCKS.reduce((sum, length) => sum + 4 + 2 * length, 0);
  if (bytes.length !== 8 + 4 * words + rows * 2 + 4 + rows * DIM + smalls + 8)
    throw new Error("weights of another shape than this network's");
  let at = 8;
  const vocabulary = Int32Array.from({ length: words }, (_, word) => view.getInt32(at + 4 * word, true));
  at += 4 * words;
  const unit = view.getFloat32(at, true);
  at += 4;
  const scales = Float32Array.from({ length: rows }, (_, row) => (view.getUint16(at + 2 * row, true) * unit) / LEVELS);
  at += 2 * rows;
  const table = new Int8Array(bytes.slice(at, at + rows * DIM).buffer);
  at += rows * DIM;
  const blocks = BLOCKS.map((length) => {
    const step = view.getFloat32(at, true);
    const block = Float32Array.from({ length }, (_, index) => view.getInt16(at + 4 + 2 * index, true) * step);
    at += 4 + 2 * length;
    return block;
  });
  const offset = Float32Array.of(view.getFloat32(at, true), view.getFloat32(at + 4, true));
  const [filters, filterBias, hidden, hiddenBias, out, outBias] = blocks as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return { vocabulary, table, scales, filters, filterBias, hidden, hiddenBias, out, outBias, offset };
}

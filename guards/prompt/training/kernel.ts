// The trainer's inner product in WebAssembly SIMD, four numbers at a time: products[p] = Σ vector[d] · filters[d][p]. The
// module is a few dozen bytes and written here by hand, so that there is nothing to compile. IEEE arithmetic in a fixed
// order: the same bytes on every machine.
import { DIM, PRODUCTS } from "../classifier/shape.ts";

const PAGE = 65536;
const FLOAT = 4;

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly multiply: (vector: number, filters: number, products: number) => void;
}

export class Kernel {
  readonly #exports: Exports;
  #capacity = 0;
  /** [slots × DIM] */
  vectors = new Float32Array(0);
  /** [slots × PRODUCTS] */
  products = new Float32Array(0);
  /** [DIM × PRODUCTS] */
  #filters: Float32Array;

  constructor() {
    const module = new WebAssembly.Module(moduleBytes());
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#filters = new Float32Array(this.#exports.memory.buffer, 0, DIM * PRODUCTS);
  }

  /** Room for so many slots; what stood in them is gone if it had to grow. */
  reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const { memory } = this.#exports;
    this.#capacity = slots * 2;
    const needed = (DIM * PRODUCTS + this.#capacity * (DIM + PRODUCTS)) * FLOAT;
    memory.grow(Math.ceil(needed / PAGE) + 1 - memory.buffer.byteLength / PAGE);
    this.#filters = new Float32Array(memory.buffer, 0, DIM * PRODUCTS);
    this.vectors = new Float32Array(memory.buffer, DIM * PRODUCTS * FLOAT, this.#capacity * DIM);
    this.products = new Float32Array(
      memory.buffer,
      this.vectors.byteOffset + this.vectors.byteLength,
      this.#capacity * PRODUCTS,
    );
  }

  /** Takes filters as the network keeps them, [PRODUCTS × DIM], and turns them over. */
  load(filters: Float32Array): void {
    for (let p = 0; p < PRODUCTS; p++)
      for (let d = 0; d < DIM; d++) this.#filters[d * PRODUCTS + p] = filters[p * DIM + d] as number;
  }

  multiply(slot: number): void {
    const vector = this.vectors.byteOffset + slot * DIM * FLOAT;
    this.#exports.multiply(vector, 0, this.products.byteOffset + slot * PRODUCTS * FLOAT);
  }
}

const SIMD = 0xfd;

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const type = section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]);
  const func = section(3, [1, 0]);
  const memory = section(5, [1, 0, 1]);
  const names = section(7, [2, ...name("memory"), 2, 0, ...name("multiply"), 0, 0]);
  const body = [1, 1, 0x7f, ...loop(), 0x0b];
  const code = section(10, [1, ...leb(body.length), ...body]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, ...func, ...memory, ...names, ...code]);
}

/** local 0: vector, 1: filters, 2: products, 3: how many fours are left */
function loop(): number[] {
  const get = (local: number) => [0x20, local];
  const constant = (value: number) => [0x41, ...leb(value)];
  const advance = (local: number) => [...get(local), ...constant(16), 0x6a, 0x21, local];
  const sum: number[] = [];
  for (let d = 0; d < DIM; d++) {
    const one = [...get(0), SIMD, 0x09, 2, ...leb(d * FLOAT)];
    const four = [...get(1), SIMD, 0x00, 2, ...leb(d * PRODUCTS * FLOAT)];
    sum.push(...one, ...four, SIMD, 0xe6, 0x01);
    if (d > 0) sum.push(SIMD, 0xe4, 0x01);
  }
  return [
    ...constant(PRODUCTS / 4),
    0x21,
    3,
    0x03,
    0x40,
    ...get(2),
    ...sum,
    SIMD,
    0x0b,
    2,
    0,
    ...advance(1),
    ...advance(2),
    ...get(3),
    ...constant(1),
    0x6b,
    0x22,
    3,
    0x0d,
    0,
    0x0b,
  ];
}

function section(id: number, content: number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...[...text].map((letter) => letter.charCodeAt(0))];
}

/** LEB128; the numbers here are small and positive, with a clear sign bit for `i32.const`. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 64) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

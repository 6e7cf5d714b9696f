// What a token's vector gives with each filter: the one place where the Worker and the training multiply, so that what was
// trained is what runs.
import { DIM, PRODUCTS } from "./shape.ts";

/**
 * Eight of the vector's numbers at a time stand in locals: a text of distinct words spends most of its time here.
 * @param from where in `vectors` the vector begins; `into`: where in `products` its products go
 */
export function multiply(
  vectors: Float32Array,
  from: number,
  filters: Float32Array,
  products: Float32Array,
  into: number,
): void {
  for (let d = 0; d < DIM; d += 8) {
    const v0 = vectors[from + d] as number;
    const v1 = vectors[from + d + 1] as number;
    const v2 = vectors[from + d + 2] as number;
    const v3 = vectors[from + d + 3] as number;
    const v4 = vectors[from + d + 4] as number;
    const v5 = vectors[from + d + 5] as number;
    const v6 = vectors[from + d + 6] as number;
    const v7 = vectors[from + d + 7] as number;
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
      products[into + p] = d === 0 ? sum : (products[into + p] as number) + sum;
    }
  }
}

// The weights file: what was written is read back, and the shipped one is the one that the model card names.
import { expect, test } from "vitest";
import { DIM, FILTERS, HIDDEN, INPUTS, PRODUCTS } from "../../../../guards/prompt/classifier/shape.ts";
import { WEIGHTS, WEIGHTS_DIGEST } from "../../../../guards/prompt/classifier/weights.ts";
import { decodeWeights, encodeWeights, rowCount } from "../../../../guards/prompt/classifier/weights-format.ts";
import { fromBase64, toHex } from "../../../../protocol/encoding.ts";

const vocabulary = Int32Array.of(-5, 1, 9);
const wave = (length: number, step: number) => Float32Array.from({ length }, (_, at) => Math.sin(at * step));
const raw = {
  vocabulary,
  table: wave(rowCount(vocabulary.length) * DIM, 0.7),
  blocks: [PRODUCTS * DIM, FILTERS, HIDDEN * INPUTS, HIDDEN, 2 * HIDDEN, 2].map((length, at) =>
    wave(length, 0.1 * (at + 1)),
  ),
  offset: Float32Array.of(0.25, -0.5),
};

test("weights are read back as they were written, up to their rounding", () => {
  const weights = decodeWeights(encodeWeights(raw));
  expect(weights.vocabulary).toEqual(vocabulary);
  expect([...weights.offset]).toEqual([0.25, -0.5]);
  for (const at of [0, 17, 999]) {
    const row = Math.floor(at / DIM);
    const value = (weights.table[at] ?? 0) * (weights.scales[row] ?? 0);
    expect(Math.abs(value - (raw.table[at] ?? 0))).toBeLessThan(1 / 63);
    expect(Math.abs((weights.hidden[at] ?? 0) - (raw.blocks[2]?.[at] ?? 0))).toBeLessThan(1 / 16_000);
  }
});

test("bytes of another shape are refused, not guessed at", () => {
  const bytes = encodeWeights(raw);
  expect(() => decodeWeights(bytes.slice(0, -1))).toThrow(/shape/);
  expect(() => decodeWeights(bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))).toThrow(/not a weights file/);
  expect(() => decodeWeights(new Uint8Array(3))).toThrow();
});

test("the shipped bytes have the shipped digest and stay below two megabytes", async () => {
  const bytes = fromBase64(WEIGHTS);
  expect(toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))).toBe(WEIGHTS_DIGEST);
  expect(bytes.length).toBeLessThan(2_000_000);
});

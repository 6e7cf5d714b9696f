// From the trainer's numbers to the bytes that ship.
import { encodeWeights } from "../classifier/weights-format.ts";
import type { Parameters } from "./parameters.ts";
import type { Dictionary } from "./units.ts";

export function weightsBytes(
  dictionary: Dictionary,
  parameters: Parameters,
  offset: readonly [number, number],
): Uint8Array {
  const { table, filters, filterBias, hidden, hiddenBias, out, outBias } = parameters;
  return encodeWeights({
    vocabulary: dictionary.vocabulary,
    table: table.value,
    blocks: [filters, filterBias, hidden, hiddenBias, out, outBias].map((block) => block.value),
    offset: Float32Array.from(offset),
  });
}

// Where the words' vectors start: static vectors distilled from a sentence encoder (see vectors.py), so that words which
// mean the same start out as neighbours, also those that no attack of the training set uses.
import { fromBase64 } from "../../../protocol/encoding.ts";
import { DIM } from "../classifier/shape.ts";
import { hashText } from "../classifier/tokens.ts";
import type { Parameters } from "./parameters.ts";

export interface WordVectors {
  readonly words: readonly string[];
  /** [words × DIM], int8 */
  readonly values: Int8Array;
  readonly scale: number;
}

/** Reads the file that vectors.py wrote. */
export function parseWordVectors(json: string): WordVectors {
  const raw = JSON.parse(json) as { scale: number; words: string; values: string };
  const values = new Int8Array(fromBase64(raw.values).buffer);
  const words = raw.words.split(" ");
  if (values.length !== words.length * DIM) throw new Error("word vectors of another dimension than the network's");
  return { words, values, scale: raw.scale };
}

/** Puts the vectors into the table's rows of the words that the vocabulary holds. */
export function startFrom(vectors: WordVectors, vocabulary: Int32Array): (parameters: Parameters) => void {
  const rows = new Map<number, number>();
  vocabulary.forEach((hash, row) => {
    rows.set(hash, row);
  });
  return ({ table }) => {
    vectors.words.forEach((word, at) => {
      const row = rows.get(hashText(word));
      if (row === undefined) return;
      for (let d = 0; d < DIM; d++) table.value[row * DIM + d] = (vectors.values[at * DIM + d] ?? 0) * vectors.scale;
    });
  };
}

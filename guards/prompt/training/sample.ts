// What one step of training sees of one text: its tokens, or some of a long one's, perhaps among those of another text.
import type { Example } from "./example.ts";

export interface Sample {
  readonly units: Int32Array;
  /** 0 the user's own words, 1 untrusted */
  readonly role: number;
  readonly label: number;
  readonly weight: number;
  /** whether the text begins and ends where the sample does */
  readonly first: boolean;
  readonly last: boolean;
}

/** All of a text. */
export function whole({ row, units }: Example): Sample {
  return { units, role: row.role, label: row.label, weight: row.weight, first: true, last: true };
}

/** Tokens [from, to) of a text. */
export function part(example: Example, from: number, to: number): Sample {
  const { units } = example;
  return { ...whole(example), units: units.subarray(from, to), first: from === 0, last: to >= units.length };
}

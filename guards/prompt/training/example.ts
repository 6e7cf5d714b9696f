// One text as the trainer sees it: unit numbers instead of tokens, and what is known about it.

export interface Row {
  readonly text: string;
  /** 0 the user's own words, 1 untrusted (tool results, documents) */
  readonly role: number;
  readonly label: number;
  /** how much this row counts */
  readonly weight: number;
  readonly family: string;
  readonly category?: string;
  /** UTF-16 offsets of the injected part, where known */
  readonly focus?: readonly [number, number];
}

export interface Example {
  readonly row: Row;
  readonly units: Int32Array;
  /** token numbers of the injected part, [from, to) */
  readonly focus: readonly [number, number] | null;
}

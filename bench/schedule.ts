// In which order a run measures. Rows are interleaved, and each round goes through them the other way round, so that a
// drift of the machine (heat, neighbours) falls on all rows alike: over two rounds each row stands at the same mean
// position, for any number of rows.

export interface Slot {
  /** 0, 1, 2 … */
  readonly round: number;
  readonly connections: number;
  readonly row: string;
}

export function schedule(rows: readonly string[], connections: readonly number[], rounds: number): Slot[] {
  const slots: Slot[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? rows : rows.toReversed();
    for (const count of connections) for (const row of order) slots.push({ round, connections: count, row });
  }
  return slots;
}

// The runner's arithmetic, without clocks or processes.

/**
 * The middle value, or the mean of the two in the middle.
 * @throws RangeError on an empty list
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values");
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] as number) + upper) / 2;
}

/**
 * Nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed.
 * @param sorted ascending
 * @throws RangeError on an empty list
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) throw new RangeError("no values");
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil((percent / 100) * sorted.length)));
  return sorted[rank - 1] as number;
}

/**
 * Ratio of two rows as the median of their ratios round by round. Two measurements of one round stand side by side in
 * time, so a machine that slows down during the run shifts both alike and leaves their ratio as it was.
 */
export function pairedRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return pairedMedian(numerators, denominators, (a, b) => a / b);
}

/** The same for a difference, such as the latency that one row adds to another. */
export function pairedDifference(minuends: readonly number[], subtrahends: readonly number[]): number {
  return pairedMedian(minuends, subtrahends, (a, b) => a - b);
}

function pairedMedian(
  left: readonly number[],
  right: readonly number[],
  combine: (a: number, b: number) => number,
): number {
  if (left.length !== right.length) throw new RangeError("rounds do not pair up");
  return median(left.map((a, round) => combine(a, right[round] as number)));
}

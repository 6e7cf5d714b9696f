// The sink's lines: one JSON object a leaf, `{"checkpoint_size","index","leaf","log"}`, in the log's order. The leaf
// stands there byte for byte as in the log, so that a collector can hash it and check it against a proof.
import { concat, utf8 } from "../../protocol/encoding.ts";

export interface LeafRange {
  readonly from: number;
  readonly leaves: readonly string[];
  /** entries under the log's checkpoint when the range was read */
  readonly size: number;
}

/** As many of the range's first leaves as fit, at least one of a range that has any. */
export function encodeBatch(
  log: string,
  range: LeafRange,
  maxRecords: number,
  maxBytes: number,
): { readonly body: Uint8Array<ArrayBuffer>; readonly count: number } {
  const lines: Uint8Array[] = [];
  let bytes = 0;
  for (const leaf of range.leaves.slice(0, maxRecords)) {
    const index = range.from + lines.length;
    const line = utf8(
      `{"checkpoint_size":${range.size},"index":${index},"leaf":${leaf},"log":${JSON.stringify(log)}}\n`,
    );
    bytes += line.length;
    if (bytes > maxBytes && lines.length > 0) break;
    lines.push(line);
  }
  return { body: concat(...lines), count: lines.length };
}

// Cuts a stream of arbitrary pieces into blocks of whole chunks, so that a megabyte of chunks can be under way in the
// cipher at once while memory stays bounded.

/** Chunks in one block: 1 MiB of plain text, enough that the cipher's calls overlap. */
const CHUNKS_IN_BLOCK = 64;

export interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** true once, for the last block, which alone may end within a chunk and may be empty */
  readonly final: boolean;
}

/**
 * Yields `headBytes` bytes first (where not zero), then blocks of whole chunks, then one final block, always.
 * A stream that ends within its head yields what there was as the head, and no final block.
 */
export async function* blocksOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  headBytes: number,
  chunkBytes: number,
): AsyncGenerator<Block, void, undefined> {
  const blockBytes = chunkBytes * CHUNKS_IN_BLOCK;
  let inHead = headBytes > 0;
  let block = new Uint8Array(inHead ? headBytes : blockBytes);
  let filled = 0;
  for await (const piece of source) {
    let at = 0;
    while (at < piece.length) {
      const take = Math.min(piece.length - at, block.length - filled);
      block.set(piece.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < block.length) continue;
      yield { bytes: block, final: false };
      inHead = false;
      block = new Uint8Array(blockBytes);
      filled = 0;
    }
  }
  yield { bytes: block.subarray(0, filled), final: !inHead };
}

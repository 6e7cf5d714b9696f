// Where a hash of the tree lies in tiles of height 8: C2SP tlog-tiles, "Merkle Tree". Arithmetic only, in numbers up
// to 2^53: bit operators would wrap at 2^31.
import type { Bytes } from "./hash.ts";

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** A tile's place, and how many hashes of it a tree of a given size has (`TILE_WIDTH`: it is full). */
export interface TileRef {
  readonly level: number;
  /** position within the level */
  readonly index: number;
  /** 1 to 256 */
  readonly width: number;
}

/**
 * Hashes of one tree, by tile. A source is trusted for availability only: whoever reads through it ends at a root, and
 * compares that with a signed checkpoint.
 */
export interface TileSource {
  /** entries in the tree */
  readonly size: number;
  /** The tile's hashes, concatenated: exactly `ref.width` of them. */
  tile(ref: TileRef): Promise<Bytes>;
}

/** Hashes that a tree of `size` entries has at a tile level: `floor(size / 256^level)`. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tile at a place in a tree of `size` entries, or null where that tree has none. */
export function tileRef(size: number, level: number, index: number): TileRef | null {
  const width = Math.min(TILE_WIDTH, hashesAtLevel(size, level) - index * TILE_WIDTH);
  return width > 0 ? { level, index, width } : null;
}

/**
 * Every tile that a tree of `size` entries has and one of `before` entries had not, full ones of a level first, then
 * its partial one; levels upwards. Entry bundles change with level 0.
 */
export function* tilesSince(before: number, size: number): Generator<TileRef> {
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
    const hashes = hashesAtLevel(size, level);
    if (hashes === hashesAtLevel(before, level)) continue;
    const full = Math.floor(hashes / TILE_WIDTH);
    for (let index = Math.floor(hashesAtLevel(before, level) / TILE_WIDTH); index < full; index++)
      yield { level, index, width: TILE_WIDTH };
    const width = hashes % TILE_WIDTH;
    if (width > 0) yield { level, index: full, width };
  }
}

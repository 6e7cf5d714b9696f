// Proofs built from tiles: RFC 6962, sections 2.1.1 and 2.1.2. A proof needs at most two tiles a level.
import { type Bytes, emptyRoot, nodeHash, type Sha256 } from "./hash.ts";
import { TILE_WIDTH, type TileSource, tileRef } from "./tile.ts";
import { foldPerfect, splitHashes } from "./tree.ts";

/** Root of the whole tree that the source holds. */
export async function rootFromTiles(source: TileSource, sha256: Sha256): Promise<Bytes> {
  return source.size === 0 ? emptyRoot(sha256) : rangeHash(source, 0, source.size, sha256);
}

/**
 * Hashes from the leaf up to the root.
 * @throws RangeError where the tree has no such entry
 */
export async function inclusionProof(source: TileSource, index: number, sha256: Sha256): Promise<Bytes[]> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= source.size) throw new RangeError("no such entry");
  const proof: Bytes[] = [];
  let [low, high] = [0, source.size];
  while (high - low > 1) {
    const middle = low + splitPoint(high - low);
    const goLeft = index < middle;
    proof.push(await (goLeft ? rangeHash(source, middle, high, sha256) : rangeHash(source, low, middle, sha256)));
    if (goLeft) high = middle;
    else low = middle;
  }
  return proof.reverse();
}

/**
 * Hashes that show the tree of `before` entries to be a prefix of this one. Empty where either is trivial.
 * @throws RangeError where `before` is larger than the tree
 */
export async function consistencyProof(source: TileSource, before: number, sha256: Sha256): Promise<Bytes[]> {
  if (!Number.isSafeInteger(before) || before < 0 || before > source.size) throw new RangeError("no such prefix");
  if (before === 0 || before === source.size) return [];
  const proof: Bytes[] = [];
  let [low, high] = [0, source.size];
  // `whole`: the prefix so far is a subtree of its own, whose hash the verifier has as the old root
  let whole = true;
  while (high !== before) {
    const middle = low + splitPoint(high - low);
    if (before <= middle) {
      proof.push(await rangeHash(source, middle, high, sha256));
      high = middle;
      continue;
    }
    proof.push(await rangeHash(source, low, middle, sha256));
    low = middle;
    whole = false;
  }
  if (!whole) proof.push(await rangeHash(source, low, high, sha256));
  return proof.reverse();
}

/** MTH(D[low:high]) for a range that a split of the tree gives: perfect but for the rightmost. */
async function rangeHash(source: TileSource, low: number, high: number, sha256: Sha256): Promise<Bytes> {
  const count = high - low;
  const split = splitPoint(count);
  if (split * 2 === count || count === 1) return perfectHash(source, low, count, sha256);
  const left = await perfectHash(source, low, split, sha256);
  return nodeHash(sha256, left, await rangeHash(source, low + split, high, sha256));
}

/** A perfect, aligned subtree: 1 to 128 neighbours in one tile of the highest level that has them. */
async function perfectHash(source: TileSource, low: number, count: number, sha256: Sha256): Promise<Bytes> {
  let level = 0;
  while (count >= TILE_WIDTH ** (level + 1)) level++;
  const [first, width] = [low / TILE_WIDTH ** level, count / TILE_WIDTH ** level];
  const ref = tileRef(source.size, level, Math.floor(first / TILE_WIDTH));
  if (ref === null) throw new RangeError("outside the tree");
  const hashes = splitHashes(await source.tile(ref));
  const start = first % TILE_WIDTH;
  if (hashes === null || hashes.length < start + width) throw new RangeError("tile too short");
  return foldPerfect(hashes.slice(start, start + width), sha256);
}

/** The largest power of two smaller than n (RFC 6962, section 2.1); 1 for n = 1. */
function splitPoint(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

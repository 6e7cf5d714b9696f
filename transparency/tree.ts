// A Merkle tree that grows at its right edge (RFC 6962, section 2.1), as a value: appending gives a new one. It holds
// what growth needs and no more: the perfect subtrees that make up the tree, and each level's unfinished tile. An
// append costs one node hash an entry on average; a root costs one for each set bit of the size.
import { concat } from "../protocol/encoding.ts";
import { type Bytes, emptyRoot, HASH_BYTES, nodeHash, type Sha256 } from "./hash.ts";
import { hashesAtLevel, TILE_WIDTH } from "./tile.ts";

/** A subtree of 2^height entries. */
interface Perfect {
  readonly height: number;
  readonly hash: Bytes;
}

export interface Tree {
  /** entries */
  readonly size: number;
  /** left to right, heights falling: the binary digits of `size` */
  readonly peaks: readonly Perfect[];
  /** hashes of each level's unfinished tile, 0 to 255 of them, level 0 first */
  readonly edge: readonly (readonly Bytes[])[];
}

/** A tile that an append filled. It never changes again. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  /** 256 hashes, 8,192 bytes */
  readonly hashes: Bytes;
  /** hash of the whole tile: its entry in the level above */
  readonly root: Bytes;
}

export const EMPTY_TREE: Tree = { size: 0, peaks: [], edge: [] };

/** The tree with these leaf hashes appended, and the tiles that they filled, in the order of their completion. */
export async function appendLeaves(
  tree: Tree,
  leafHashes: readonly Bytes[],
  sha256: Sha256,
): Promise<{ tree: Tree; full: FullTile[] }> {
  const peaks = [...tree.peaks];
  const edge = tree.edge.map((hashes) => [...hashes]);
  const full: FullTile[] = [];
  let size = tree.size;
  for (const leaf of leafHashes) {
    size++;
    let subtree: Perfect = { height: 0, hash: leaf };
    for (;;) {
      if (subtree.height % 8 === 0) addToEdge(edge, full, subtree, size);
      const left = peaks.at(-1);
      if (left === undefined || left.height !== subtree.height) break;
      peaks.pop();
      subtree = { height: subtree.height + 1, hash: await nodeHash(sha256, left.hash, subtree.hash) };
    }
    peaks.push(subtree);
  }
  return { tree: { size, peaks, edge }, full };
}

/** Takes the hash of a level's finished subtree into its tile; a tile that this hash completes below is given out. */
function addToEdge(edge: Bytes[][], full: FullTile[], subtree: Perfect, size: number): void {
  const level = subtree.height / 8;
  const below = edge[level - 1];
  if (below !== undefined) {
    const index = hashesAtLevel(size, level) - 1;
    full.push({ level: level - 1, index, hashes: concat(...below), root: subtree.hash });
    below.length = 0;
  }
  const tile = edge[level] ?? [];
  edge[level] = tile;
  tile.push(subtree.hash);
}

/** The root: peaks folded from the right, which is how RFC 6962 splits a tree that is not perfect. */
export async function rootOf(tree: Tree, sha256: Sha256): Promise<Bytes> {
  let root: Bytes | null = null;
  for (const { hash } of tree.peaks.toReversed()) root = root === null ? hash : await nodeHash(sha256, hash, root);
  return root ?? (await emptyRoot(sha256));
}

/**
 * A tree from its unfinished tiles, as a log finds them in its storage when it wakes.
 * @throws RangeError where their widths are not those of a tree of this size
 */
export async function treeFromEdge(size: number, edge: readonly (readonly Bytes[])[], sha256: Sha256): Promise<Tree> {
  const peaks: Perfect[] = [];
  for (let level = edge.length - 1; level >= 0; level--) {
    const hashes = edge[level] ?? [];
    if (hashes.length !== hashesAtLevel(size, level) % TILE_WIDTH) throw new RangeError("edge does not fit the size");
    let at = 0;
    for (let bit = 7; bit >= 0; bit--) {
      const width = 1 << bit;
      if ((hashes.length & width) === 0) continue;
      peaks.push({ height: level * 8 + bit, hash: await foldPerfect(hashes.slice(at, at + width), sha256) });
      at += width;
    }
  }
  if (hashesAtLevel(size, edge.length) !== 0) throw new RangeError("edge does not fit the size");
  return { size, peaks, edge };
}

/** Root of a perfect subtree over 2^n hashes. */
export async function foldPerfect(hashes: readonly Bytes[], sha256: Sha256): Promise<Bytes> {
  let row = hashes;
  while (row.length > 1) {
    const next: (Bytes | Promise<Bytes>)[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) next.push(nodeHash(sha256, row[at] as Bytes, row[at + 1] as Bytes));
    row = await Promise.all(next);
  }
  return row[0] ?? (await emptyRoot(sha256));
}

/** Cuts concatenated hashes apart; null where the length is no multiple of a hash. */
export function splitHashes(bytes: Bytes): Bytes[] | null {
  if (bytes.length % HASH_BYTES !== 0) return null;
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

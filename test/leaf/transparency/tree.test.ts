import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../protocol/encoding.ts";
import {
  appendLeaves,
  type Bytes,
  EMPTY_TREE,
  emptyRoot,
  type FullTile,
  leafHash,
  nodeHash,
  rootFromTiles,
  rootOf,
  tileRef,
  tilesSince,
  treeFromEdge,
  webSha256,
} from "../../../transparency/index.ts";
import { naiveRoot, quickHash, tileSourceOf } from "./support.ts";

const leavesOf = (count: number): Bytes[] =>
  Array.from({ length: count }, (_, at) => quickHash(utf8(`leaf ${at}`)) as Bytes);

describe("hashes of RFC 6962, section 2.1", () => {
  // computed from the definition with another SHA-256: `printf '' | sha256sum`, `printf '\0' | sha256sum`
  it("the empty tree's root is the hash of nothing", async () => {
    expect(toHex(await emptyRoot(webSha256))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
  it("a leaf is prefixed by 0 and a node by 1, so neither can pass for the other", async () => {
    expect(toHex(await leafHash(webSha256, new Uint8Array(0)))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    const [left, right] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const both = new Uint8Array([...left, ...right]);
    expect(await nodeHash(webSha256, left, right)).not.toEqual(await leafHash(webSha256, both));
  });
});

describe("a tree grown in batches", () => {
  const sizes = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65_536, 65_537];
  it.each(sizes)("has the root of the naive tree at size %i", { timeout: 30_000 }, async (size) => {
    const leaves = leavesOf(size);
    let tree = EMPTY_TREE;
    for (let at = 0; at < size; at += 9_973)
      tree = (await appendLeaves(tree, leaves.slice(at, at + 9_973), quickHash)).tree;
    expect(tree.size).toBe(size);
    expect(await rootOf(tree, quickHash)).toEqual(await naiveRoot(leaves, quickHash));
  });

  it("has the naive root whatever the batches, and gives out each full tile once", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(300), { maxLength: 8 }), async (batches) => {
        const leaves = leavesOf(batches.reduce((sum, count) => sum + count, 0));
        const full: FullTile[] = [];
        let tree = EMPTY_TREE;
        for (const count of batches) {
          const grown = await appendLeaves(tree, leaves.slice(tree.size, tree.size + count), quickHash);
          full.push(...grown.full);
          tree = grown.tree;
        }
        expect(await rootOf(tree, quickHash)).toEqual(await naiveRoot(leaves, quickHash));
        const source = await tileSourceOf(leaves, quickHash);
        expect(await rootFromTiles(source, quickHash)).toEqual(await rootOf(tree, quickHash));
        const expected = [...tilesSince(0, leaves.length)].filter(({ width }) => width === 256);
        expect(full.map(({ level, index }) => `${level}/${index}`).sort()).toEqual(
          expected.map(({ level, index }) => `${level}/${index}`).sort(),
        );
        for (const tile of full) {
          expect(tile.hashes).toEqual(await source.tile({ ...tile, width: 256 }));
          expect(tile.root).toEqual(await naiveRoot(leaves.slice(tile.index * 256, tile.index * 256 + 256), quickHash));
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each([0, 1, 255, 256, 257, 513, 65_793])(
    "is rebuilt from its unfinished tiles at size %i",
    { timeout: 30_000 },
    async (size) => {
      const { tree } = await appendLeaves(EMPTY_TREE, leavesOf(size), quickHash);
      expect(await treeFromEdge(size, tree.edge, quickHash)).toEqual(tree);
    },
  );

  it("is not rebuilt from tiles of another size", async () => {
    const { tree } = await appendLeaves(EMPTY_TREE, leavesOf(300), quickHash);
    await expect(treeFromEdge(301, tree.edge, quickHash)).rejects.toThrow(RangeError);
    await expect(treeFromEdge(300 + 65_536, tree.edge, quickHash)).rejects.toThrow(RangeError);
  });

  it("leaves the tree that it grew from as it was", async () => {
    const { tree: before } = await appendLeaves(EMPTY_TREE, leavesOf(255), quickHash);
    const root = await rootOf(before, quickHash);
    await appendLeaves(before, leavesOf(10), quickHash);
    expect(before.size).toBe(255);
    expect(await rootOf(before, quickHash)).toEqual(root);
    expect(before.edge[0]).toHaveLength(255);
  });
});

describe("tiles of a tree", () => {
  it("are those of the specification's example of 70,000 entries", () => {
    const tiles = [...tilesSince(0, 70_000)];
    const count = (level: number, full: boolean): number =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect(tiles.filter(({ width }) => width < 256).map(({ width }) => width)).toEqual([112, 17, 1]);
  });

  it("of 256 entries are a full one and a partial one of width 1 above it", () => {
    expect([...tilesSince(0, 256)]).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
  });

  it("that are new since an older size are exactly those that differ", () => {
    fc.assert(
      fc.property(fc.nat(140_000), fc.nat(3_000), (before, more) => {
        const key = (ref: { level: number; index: number; width: number }): string => JSON.stringify(ref);
        const old = new Set([...tilesSince(0, before)].map(key));
        const now = [...tilesSince(0, before + more)].map(key);
        expect([...tilesSince(before, before + more)].map(key)).toEqual(now.filter((tile) => !old.has(tile)));
      }),
      { numRuns: 60 },
    );
  });

  it("end where the tree does", () => {
    expect(tileRef(70_000, 0, 273)).toEqual({ level: 0, index: 273, width: 112 });
    expect(tileRef(70_000, 0, 274)).toBeNull();
    expect(tileRef(255, 1, 0)).toBeNull();
    expect(tileRef(0, 0, 0)).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../protocol/encoding.ts";
import {
  type Bytes,
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from "../../../transparency/index.ts";
import { naiveRoot, quickHash, tileSourceOf } from "./support.ts";

const leaves = Array.from({ length: 700 }, (_, at) => quickHash(utf8(`leaf ${at}`)) as Bytes);

function flip(bytes: Bytes, bit: number): Bytes {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

describe("inclusion proofs", () => {
  it("are accepted for every entry, and refused for another index, size, leaf, root or a changed proof", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(255), async (size, anyIndex, bit) => {
        const index = anyIndex % size;
        const source = await tileSourceOf(leaves.slice(0, size), quickHash);
        const root = await naiveRoot(leaves.slice(0, size), quickHash);
        const proof = await inclusionProof(source, index, quickHash);
        const claim = { index, size, leafHash: leaves[index] as Bytes, proof, root };
        const holds = (change: Partial<typeof claim>): Promise<boolean> =>
          verifyInclusion({ ...claim, ...change }, quickHash);
        expect(await holds({})).toBe(true);
        expect(await holds({ index: index + 1 })).toBe(false);
        expect(await holds({ index: size })).toBe(false);
        expect(await holds({ leafHash: flip(claim.leafHash, bit) })).toBe(false);
        expect(await holds({ root: flip(root, bit) })).toBe(false);
        expect(await holds({ proof: [...proof, root] })).toBe(false);
        if (proof.length > 0) {
          expect(await holds({ proof: proof.slice(1) })).toBe(false);
          const at = bit % proof.length;
          expect(await holds({ proof: proof.with(at, flip(proof[at] as Bytes, bit)) })).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("do not exist for an entry that the tree does not have", async () => {
    const source = await tileSourceOf(leaves.slice(0, 5), quickHash);
    for (const index of [5, -1, 0.5, Number.NaN])
      await expect(inclusionProof(source, index, quickHash)).rejects.toThrow(RangeError);
  });

  it("are refused where a hash has another length: a node's preimage is no hash", async () => {
    const claim = { index: 0, size: 1, leafHash: new Uint8Array(31), proof: [], root: new Uint8Array(31) };
    expect(await verifyInclusion(claim, quickHash)).toBe(false);
  });
});

describe("consistency proofs", () => {
  it("are accepted for every prefix, and refused for a fork or a changed proof", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(255), async (size, anyBefore, bit) => {
        const before = (anyBefore % size) + 1;
        const source = await tileSourceOf(leaves.slice(0, size), quickHash);
        const root = await naiveRoot(leaves.slice(0, size), quickHash);
        const beforeRoot = await naiveRoot(leaves.slice(0, before), quickHash);
        const proof = await consistencyProof(source, before, quickHash);
        const claim = { before, size, beforeRoot, root, proof };
        const holds = (change: Partial<typeof claim>): Promise<boolean> =>
          verifyConsistency({ ...claim, ...change }, quickHash);
        expect(await holds({})).toBe(true);
        expect(await holds({ beforeRoot: flip(beforeRoot, bit) })).toBe(false);
        expect(await holds({ root: flip(root, bit) })).toBe(false);
        expect(await holds({ proof: [...proof, root] })).toBe(false);
        expect(await holds({ before: size + 1 })).toBe(false);
        if (proof.length > 0) {
          expect(await holds({ proof: proof.slice(0, -1) })).toBe(false);
          const at = bit % proof.length;
          expect(await holds({ proof: proof.with(at, flip(proof[at] as Bytes, bit)) })).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("from the empty tree, and to itself, are empty", async () => {
    const source = await tileSourceOf(leaves.slice(0, 300), quickHash);
    expect(await consistencyProof(source, 0, quickHash)).toEqual([]);
    expect(await consistencyProof(source, 300, quickHash)).toEqual([]);
    await expect(consistencyProof(source, 301, quickHash)).rejects.toThrow(RangeError);
  });
});

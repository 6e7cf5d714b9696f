// Proofs checked without the tree: RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the algorithms for RFC 6962's trees).
// Numbers up to 2^53 are halved, not shifted: bit operators would wrap at 2^31.
import { equalBytes } from "../protocol/encoding.ts";
import { type Bytes, HASH_BYTES, nodeHash, type Sha256 } from "./hash.ts";

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const half = (n: number): number => Math.floor(n / 2);
const odd = (n: number): boolean => n % 2 === 1;

/** Whether the leaf hash stands at `index` of the tree of `size` entries with this root. */
export async function verifyInclusion(
  claim: { index: number; size: number; leafHash: Bytes; proof: readonly Bytes[]; root: Bytes },
  sha256: Sha256,
): Promise<boolean> {
  const { index, size, proof, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (![...proof, claim.leafHash, root].every((hash) => hash.length === HASH_BYTES)) return false;
  let [fn, sn, hash] = [index, size - 1, claim.leafHash];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      hash = await nodeHash(sha256, sibling, hash);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = await nodeHash(sha256, hash, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(hash, root);
}

/** Whether the tree with `beforeRoot` is a prefix of the tree with `root`. */
export async function verifyConsistency(
  claim: { before: number; size: number; beforeRoot: Bytes; root: Bytes; proof: readonly Bytes[] },
  sha256: Sha256,
): Promise<boolean> {
  const { before, size, beforeRoot, root } = claim;
  if (!isCount(before) || !isCount(size) || before > size) return false;
  if (![...claim.proof, beforeRoot, root].every((hash) => hash.length === HASH_BYTES)) return false;
  if (before === size) return claim.proof.length === 0 && equalBytes(beforeRoot, root);
  // every tree extends the empty one, whose root says nothing
  if (before === 0) return claim.proof.length === 0;
  let [fn, sn] = [before - 1, size - 1];
  while (odd(fn)) [fn, sn] = [half(fn), half(sn)];
  // a prefix that is a perfect subtree needs no hash of its own: its root is the first
  const [seed, ...path] = fn === 0 ? [beforeRoot, ...claim.proof] : claim.proof;
  if (seed === undefined) return false;
  let [old, now] = [seed, seed];
  for (const hash of path) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      old = await nodeHash(sha256, hash, old);
      now = await nodeHash(sha256, hash, now);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else now = await nodeHash(sha256, now, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(old, beforeRoot) && equalBytes(now, root);
}

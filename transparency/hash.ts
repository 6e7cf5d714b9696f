// Hashes of a Merkle tree: RFC 6962, section 2.1, over SHA-256. The hash function is passed in, since Node's own is
// synchronous and fast and WebCrypto's is neither; both give a 32-byte digest.
import { concat } from "../protocol/encoding.ts";

/** Bytes of their own: what WebCrypto and storage take. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** SHA-256 of the bytes, 32 bytes. */
export type Sha256 = (bytes: Bytes) => Bytes | Promise<Bytes>;

export const HASH_BYTES = 32;

/** The platform's own, for rooms that have no faster one. */
export const webSha256: Sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** SHA-256(0x00 || entry). The prefix keeps a leaf from being passed off as a node (second preimages). */
export function leafHash(sha256: Sha256, entry: Uint8Array): Bytes | Promise<Bytes> {
  return sha256(concat(LEAF, entry));
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Bytes | Promise<Bytes> {
  return sha256(concat(NODE, left, right));
}

/** The root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(sha256: Sha256): Bytes | Promise<Bytes> {
  return sha256(new Uint8Array(0));
}

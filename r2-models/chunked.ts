// C2SP chunked encryption (https://c2sp.org/chunked-encryption): a message in chunks of 16 KiB, each under an AEAD,
// with a key commitment and random access. The product uses AEAD_AES_256_GCM with SHA-512; the AES-128 form is here
// because it has public vectors.
//
// sealed = salt (24) ‖ commitment (32) ‖ chunk 0 ‖ chunk 1 ‖ …      the last chunk is always short, so a cut shows
import { concat, equalBytes, utf8 } from "../protocol/encoding.ts";
import { blocksOf } from "./blocks.ts";

export const CHUNK_BYTES = 16_384;
export const TAG_BYTES = 16;
export const SALT_BYTES = 24;
export const COMMITMENT_BYTES = 32;
export const HEADER_BYTES = SALT_BYTES + COMMITMENT_BYTES;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;
/** The specification's bound on chunks: above it the counter would reach the nonce's random part. */
const MAX_CHUNKS = 2 ** 38;

const KEY_BYTES = { AEAD_AES_128_GCM: 16, AEAD_AES_256_GCM: 32 } as const;
export type Aead = keyof typeof KEY_BYTES;
type Bytes = Uint8Array<ArrayBuffer>;
type AesKey = Awaited<ReturnType<typeof importAes>>;

/**
 * Why sealed bytes were refused. `commitment`: another key, salt or context; `tag`: a chunk was changed or moved;
 * `truncated`: the short last chunk is missing; `size`: no message has this length.
 */
export type SealFault = "commitment" | "tag" | "truncated" | "size";

export class SealError extends Error {
  readonly fault: SealFault;
  constructor(fault: SealFault) {
    super(`sealed bytes refused: ${fault}`);
    this.name = "SealError";
    this.fault = fault;
  }
}

/** What a message's keys are derived from. `inputKey` is uniformly random, as long as the AEAD's key. */
export interface MessageSecret {
  readonly aead?: Aead;
  readonly inputKey: Uint8Array;
  /** bound into the derivation: a message opens only under the context that it was sealed under */
  readonly context: Uint8Array;
}

/** Keys of one message, after its commitment was checked. */
export interface MessageKeys {
  readonly key: AesKey;
  readonly baseNonce: Bytes;
}

/** Bytes of the sealed form of `plainSize` bytes. */
export function sealedSizeOf(plainSize: number): number {
  return HEADER_BYTES + plainSize + TAG_BYTES * (Math.floor(plainSize / CHUNK_BYTES) + 1);
}

/** Bytes of plain text in a sealed message of this length. @throws SealError where no message has this length */
export function plainSizeOf(sealedSize: number): number {
  const body = sealedSize - HEADER_BYTES;
  const last = body % SEALED_CHUNK_BYTES;
  if (!Number.isSafeInteger(sealedSize) || body < 0) throw new SealError("size");
  if (last < TAG_BYTES) throw new SealError(last === 0 ? "truncated" : "size");
  return body - TAG_BYTES * (Math.floor(body / SEALED_CHUNK_BYTES) + 1);
}

/** Where chunk `index` lies in a sealed message. @throws SealError past the end or for an impossible length */
export function chunkRange(index: number, sealedSize: number): { readonly offset: number; readonly length: number } {
  const chunks = Math.floor(plainSizeOf(sealedSize) / CHUNK_BYTES) + 1;
  if (!Number.isInteger(index) || index < 0 || index >= chunks) throw new SealError("size");
  const offset = HEADER_BYTES + index * SEALED_CHUNK_BYTES;
  return { offset, length: Math.min(SEALED_CHUNK_BYTES, sealedSize - offset) };
}

/**
 * Seals a stream, header first; holds at most 1 MiB.
 * @param salt 24 random bytes, never twice for one input key
 */
export async function* encryptStream(
  secret: MessageSecret & { readonly salt: Uint8Array },
  plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Bytes, void, undefined> {
  const { keys, commitment } = await deriveKeys(secret, secret.salt);
  yield concat(secret.salt, commitment);
  let index = 0;
  for await (const block of blocksOf(plain, 0, CHUNK_BYTES)) {
    const parts = split(block.bytes, CHUNK_BYTES, block.final);
    const first = index;
    index += parts.length;
    yield concat(...(await Promise.all(parts.map((part, i) => sealChunk(keys, first + i, part)))));
  }
}

/**
 * Opens a stream; each block that it yields was authenticated, but only a generator that ended without an error has
 * seen the whole message: whoever acts on a prefix can be given a truncated one.
 * @throws SealError
 */
export async function* decryptStream(
  secret: MessageSecret,
  sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Bytes, void, undefined> {
  let keys: MessageKeys | null = null;
  let index = 0;
  for await (const block of blocksOf(sealed, HEADER_BYTES, SEALED_CHUNK_BYTES)) {
    if (keys === null) {
      keys = await openHeader(secret, block.bytes);
      continue;
    }
    const opened = keys;
    if (block.final) plainSizeOf(HEADER_BYTES + block.bytes.length);
    const parts = split(block.bytes, SEALED_CHUNK_BYTES, block.final);
    const first = index;
    index += parts.length;
    yield concat(...(await Promise.all(parts.map((part, i) => decryptChunk(opened, first + i, part)))));
  }
  if (keys === null) throw new SealError("size");
}

/** Derives a message's keys from its first 56 bytes, and checks the commitment in constant time. @throws SealError */
export async function openHeader(secret: MessageSecret, header: Uint8Array): Promise<MessageKeys> {
  if (header.length !== HEADER_BYTES) throw new SealError("size");
  const { keys, commitment } = await deriveKeys(secret, header.subarray(0, SALT_BYTES));
  if (!equalBytes(commitment, header.subarray(SALT_BYTES))) throw new SealError("commitment");
  return keys;
}

/**
 * Opens one chunk, for random access. That the message is whole is known only once its last, short chunk was opened
 * at the place that {@link chunkRange} gives for the length claimed.
 * @throws SealError
 */
export async function decryptChunk(keys: MessageKeys, index: number, sealed: Uint8Array): Promise<Bytes> {
  if (sealed.length < TAG_BYTES || sealed.length > SEALED_CHUNK_BYTES) throw new SealError("size");
  const iv = nonceOf(keys.baseNonce, index);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, keys.key, sealed as Bytes));
  } catch {
    throw new SealError("tag");
  }
}

async function sealChunk(keys: MessageKeys, index: number, plain: Uint8Array): Promise<Bytes> {
  const iv = nonceOf(keys.baseNonce, index);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys.key, plain as Bytes));
}

/** key ‖ base nonce ‖ commitment = HKDF-Expand(input key, label ‖ aead ‖ 0x00 ‖ salt ‖ context) */
async function deriveKeys(secret: MessageSecret, salt: Uint8Array) {
  const aead = secret.aead ?? "AEAD_AES_256_GCM";
  const keyBytes = KEY_BYTES[aead];
  if (secret.inputKey.length !== keyBytes || salt.length !== SALT_BYTES) throw new RangeError("key or salt length");
  const info = concat(utf8(`c2sp.org/chunked-encryption@v1+${aead}\0`), salt, secret.context);
  const okm = await hkdfExpand(secret.inputKey, info, keyBytes + NONCE_BYTES + COMMITMENT_BYTES);
  const key = await importAes(okm.subarray(0, keyBytes));
  const baseNonce = okm.slice(keyBytes, keyBytes + NONCE_BYTES);
  return { keys: { key, baseNonce }, commitment: okm.slice(keyBytes + NONCE_BYTES) };
}

function importAes(raw: Bytes) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** HKDF-Expand (RFC 5869, section 2.3) with SHA-512. WebCrypto's own HKDF cannot leave out the extract step. */
async function hkdfExpand(prk: Uint8Array, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", prk as Bytes, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  let previous: Bytes = new Uint8Array();
  let output: Bytes = new Uint8Array();
  for (let counter = 1; output.length < length; counter++) {
    previous = new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(previous, info, Uint8Array.of(counter))));
    output = concat(output, previous);
  }
  return output.subarray(0, length);
}

/** Base nonce XOR the chunk number as a big-endian integer. */
function nonceOf(baseNonce: Bytes, index: number): Bytes {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_CHUNKS) throw new RangeError("chunk number");
  const nonce = baseNonce.slice();
  let rest = index;
  for (let at = NONCE_BYTES - 1; rest > 0; at--) {
    nonce[at] = (nonce[at] as number) ^ (rest & 0xff);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** Whole chunks, and in the final block also the short one, which may be empty. */
function split(bytes: Bytes, chunkBytes: number, final: boolean): Bytes[] {
  const parts: Bytes[] = [];
  for (let at = 0; at + chunkBytes <= bytes.length; at += chunkBytes) parts.push(bytes.subarray(at, at + chunkBytes));
  if (final) parts.push(bytes.subarray(parts.length * chunkBytes));
  return parts;
}

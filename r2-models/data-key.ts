// The data key of an artifact, wrapped by a key-encryption key (KEK) that can be rotated without touching the artifact.
//
// AES-256-GCM with a random nonce, not AES key wrap (RFC 3394): key wrap takes no associated data, and here the
// artifact's name and the KEK's id must be bound, or whoever can write the bucket could lay one artifact's data key
// beside another. A KEK wraps one key per artifact version, so random 96-bit nonces are far from their bound
// (NIST SP 800-38D, section 8.3: 2^32 uses).
//
// Who holds a KEK and can read the bucket can decrypt every artifact wrapped under it. Who holds the bucket alone cannot.
import { z } from "zod";
import { fromBase64Url, toBase64Url, utf8 } from "../protocol/encoding.ts";

export const DATA_KEY_BYTES = 32;
const NONCE_BYTES = 12;
type Bytes = Uint8Array<ArrayBuffer>;

export const wrappedKeySchema = z.strictObject({
  v: z.literal(1),
  alg: z.literal("A256GCM"),
  /** id of the key-encryption key */
  kek: z.string().min(1).max(128),
  /** base64url, 12 bytes */
  nonce: z.string().length(16),
  /** base64url: 32 bytes of key, 16 of tag */
  ciphertext: z.string().length(64),
});
export type WrappedKey = z.infer<typeof wrappedKeySchema>;

/** Key-encryption keys by id, 32 bytes each; `current` wraps what is new, the others still unwrap. */
export interface KeyEncryptionKeys {
  readonly current: string;
  readonly keys: Readonly<Record<string, Uint8Array>>;
}

/** Why a data key could not be had. */
export type DataKeyFault = "unknown_kek" | "not_authentic";

export class DataKeyError extends Error {
  readonly fault: DataKeyFault;
  constructor(fault: DataKeyFault) {
    super(`data key refused: ${fault}`);
    this.name = "DataKeyError";
    this.fault = fault;
  }
}

/**
 * Wraps a data key under the current KEK.
 * @param artifact `name@version`, bound to the result
 * @param nonce 12 random bytes
 */
export async function wrapDataKey(
  dataKey: Uint8Array,
  artifact: string,
  keks: KeyEncryptionKeys,
  nonce: Uint8Array,
): Promise<WrappedKey> {
  if (dataKey.length !== DATA_KEY_BYTES || nonce.length !== NONCE_BYTES) throw new RangeError("key or nonce length");
  const key = await importKek(keks, keks.current);
  const gcm = { name: "AES-GCM", iv: nonce as Bytes, additionalData: associated(artifact, keks.current) };
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(gcm, key, dataKey as Bytes));
  return {
    v: 1,
    alg: "A256GCM",
    kek: keks.current,
    nonce: toBase64Url(nonce),
    ciphertext: toBase64Url(ciphertext),
  };
}

/** @throws DataKeyError for an unknown KEK, a changed ciphertext, or another artifact's key */
export async function unwrapDataKey(wrapped: WrappedKey, artifact: string, keks: KeyEncryptionKeys): Promise<Bytes> {
  const key = await importKek(keks, wrapped.kek);
  try {
    const iv = fromBase64Url(wrapped.nonce);
    const gcm = { name: "AES-GCM", iv, additionalData: associated(artifact, wrapped.kek) };
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, fromBase64Url(wrapped.ciphertext)));
  } catch {
    throw new DataKeyError("not_authentic");
  }
}

/** The same data key under the current KEK: the sealed artifact stays as it is. */
export async function rewrapDataKey(
  wrapped: WrappedKey,
  artifact: string,
  keks: KeyEncryptionKeys,
  nonce: Uint8Array,
): Promise<WrappedKey> {
  const dataKey = await unwrapDataKey(wrapped, artifact, keks);
  try {
    return await wrapDataKey(dataKey, artifact, keks, nonce);
  } finally {
    dataKey.fill(0);
  }
}

async function importKek(keks: KeyEncryptionKeys, id: string) {
  const raw = Object.hasOwn(keks.keys, id) ? keks.keys[id] : undefined;
  if (raw === undefined || raw.length !== 32) throw new DataKeyError("unknown_kek");
  return await crypto.subtle.importKey("raw", raw as Bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** JSON's quoting keeps `a` + `b,c` and `a,b` + `c` apart. */
function associated(artifact: string, kek: string): Bytes {
  return utf8(JSON.stringify(["bartizan/data-key/v1", artifact, kek]));
}

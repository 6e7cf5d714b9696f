// Private signing keys at rest: AES-256-GCM under a key that HKDF (RFC 5869) derives from DIRECTORY_KEY, which is a
// secret of control's and in no storage. The key's id and use are bound in, so that two rows cannot change places.
// Who reads the storage alone has public keys; who holds DIRECTORY_KEY alone has nothing to open.
import { deriveNonceKey } from "../../../identity/dpop-nonce.ts";
import { concat, fromBase64Url, toBase64Url, utf8 } from "../../../protocol/encoding.ts";

const IV_BYTES = 12;
const SALT = "bartizan/key-directory";

/** What a sealed key is bound to. */
export interface SealContext {
  readonly kid: string;
  readonly signs: string;
  readonly alg: string;
}

/** @param directoryKey 32 bytes @throws RangeError on any other length */
export async function importSealingKey(directoryKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: utf8(SALT), info: utf8("signing-keys/v1") },
    await secretOf(directoryKey),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** An HMAC-SHA-256 key of its own, for DPoP nonces, from the same secret. */
export async function importNonceKey(directoryKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  if (directoryKey.length !== 32) throw new RangeError("not 32 bytes");
  return await deriveNonceKey(directoryKey, SALT);
}

/** base64url of IV and ciphertext. @param iv twelve random bytes, never used twice */
export async function seal(
  key: CryptoKey,
  plain: Uint8Array<ArrayBuffer>,
  context: SealContext,
  iv: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const algorithm = { name: "AES-GCM", iv, additionalData: boundTo(context) };
  return toBase64Url(concat(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain))));
}

/** Rejects where the text was not sealed under this key for this context. */
export async function unseal(key: CryptoKey, sealed: string, context: SealContext): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fromBase64Url(sealed);
  const algorithm = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData: boundTo(context) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(IV_BYTES)));
}

function boundTo({ kid, signs, alg }: SealContext): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify([kid, signs, alg]));
}

async function secretOf(directoryKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  if (directoryKey.length !== 32) throw new RangeError("not 32 bytes");
  return await crypto.subtle.importKey("raw", directoryKey, "HKDF", false, ["deriveKey"]);
}

// The server's DPoP nonce (RFC 9449, sections 8 and 9) without memory: the time of its issue and an HMAC over it. It
// limits how far ahead a thief who had the holder's key for a moment could make proofs.
// Who holds a nonce key can give out nonces of any time, and so make proofs ahead if he also has a holder's key; it
// opens nothing by itself.
import { concat, equalBytes, fromBase64Url, toBase64Url, utf8 } from "../protocol/encoding.ts";

export interface NonceKeys {
  /** HMAC-SHA-256 keys; the first issues, all are believed, so that a key can be changed without a break */
  readonly keys: readonly [CryptoKey, ...CryptoKey[]];
  /** whose nonce it is, such as an issuer or an audience: the one's is none for the other */
  readonly context: string;
}

export interface NonceLimits {
  /** Milliseconds for which a nonce is believed: how far ahead proofs can be made. */
  readonly lifeMs: number;
  /** Milliseconds by which the clocks of two isolates may differ. */
  readonly skewMs: number;
}

export const NONCE_LIMITS: NonceLimits = { lifeMs: 5 * 60_000, skewMs: 5_000 };

/** An HMAC key for nonces, by HKDF (RFC 5869) from a secret that has another use. @param salt names that secret */
export async function deriveNonceKey(secret: Uint8Array<ArrayBuffer>, salt: string): Promise<CryptoKey> {
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: utf8(salt), info: utf8("dpop-nonces/v1") },
    await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]),
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
}

const TIME_BYTES = 6;
const MAC_BYTES = 16;

/** A nonce for the header `DPoP-Nonce`: 30 characters of base64url. */
export async function issueDpopNonce({ keys, context }: NonceKeys, nowMs: number): Promise<string> {
  const time = timeBytes(nowMs);
  return toBase64Url(concat(time, await mac(keys[0], context, time)));
}

/** Whether the nonce is ours, of this context, and young. Never throws. */
export async function isCurrentDpopNonce(
  nonce: string,
  { keys, context }: NonceKeys,
  nowMs: number,
  limits: NonceLimits = NONCE_LIMITS,
): Promise<boolean> {
  const bytes = decoded(nonce);
  if (bytes?.length !== TIME_BYTES + MAC_BYTES) return false;
  const time = bytes.slice(0, TIME_BYTES);
  const ageMs = nowMs - time.reduce((sum, byte) => sum * 256 + byte, 0);
  if (ageMs > limits.lifeMs || ageMs < -limits.skewMs) return false;
  for (const key of keys) if (equalBytes(bytes.subarray(TIME_BYTES), await mac(key, context, time))) return true;
  return false;
}

async function mac(key: CryptoKey, context: string, time: Uint8Array): Promise<Uint8Array> {
  const text = concat(utf8(`bartizan/dpop-nonce\n${context}\n`), time);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, text)).subarray(0, MAC_BYTES);
}

function timeBytes(ms: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  for (let at = TIME_BYTES - 1, rest = Math.floor(ms); at >= 0; at--, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256;
  return bytes;
}

function decoded(text: string): Uint8Array | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}

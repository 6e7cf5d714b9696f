// Every asymmetric signature algorithm of JOSE that this project can verify, in one table: RFC 7518 (section 3.1),
// RFC 8037 and RFC 9864 (EdDSA, Ed25519), RFC 9964 (ML-DSA). There is no row for HMAC: who can verify such a token can
// make it, and a public key taken for its secret is the oldest attack on JWTs (RFC 8725, section 2.1).
// An algorithm that the runtime lacks fails where its key is imported, and so refuses.
import { utf8 } from "../protocol/encoding.ts";

interface Row {
  readonly kty: "RSA" | "EC" | "OKP" | "AKP";
  readonly crv: string | null;
  /** what WebCrypto is told beside the key; an RSA key knows its hash since its import */
  readonly verify: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
  /** octets of a signature; null: as many as the modulus has */
  readonly signatureBytes: number | null;
}

const PKCS1: Row = { kty: "RSA", crv: null, verify: { name: "RSASSA-PKCS1-v1_5" }, signatureBytes: null };
const ED25519: Row = { kty: "OKP", crv: "Ed25519", verify: { name: "Ed25519" }, signatureBytes: 64 };

// RFC 7518, section 3.5: the salt is as long as the hash
const pss = (saltLength: number): Row => ({
  kty: "RSA",
  crv: null,
  verify: { name: "RSA-PSS", saltLength },
  signatureBytes: null,
});
// RFC 7518, section 3.4: both numbers at the curve's full length, never DER
const ecdsa = (crv: string, hash: string, signatureBytes: number): Row => ({
  kty: "EC",
  crv,
  verify: { name: "ECDSA", hash },
  signatureBytes,
});
const mldsa = (name: string, signatureBytes: number): Row => ({
  kty: "AKP",
  crv: null,
  verify: { name },
  signatureBytes,
});

const TABLE = {
  EdDSA: ED25519,
  Ed25519: ED25519,
  ES256: ecdsa("P-256", "SHA-256", 64),
  ES384: ecdsa("P-384", "SHA-384", 96),
  ES512: ecdsa("P-521", "SHA-512", 132),
  RS256: PKCS1,
  RS384: PKCS1,
  RS512: PKCS1,
  PS256: pss(32),
  PS384: pss(48),
  PS512: pss(64),
  "ML-DSA-44": mldsa("ML-DSA-44", 2420),
  "ML-DSA-65": mldsa("ML-DSA-65", 3309),
  "ML-DSA-87": mldsa("ML-DSA-87", 4627),
} as const satisfies Record<string, Row>;

/** A value of `alg`, exactly as the registry spells it. */
export type JwsAlgorithm = keyof typeof TABLE;

export const JWS_ALGORITHMS = Object.keys(TABLE) as readonly JwsAlgorithm[];

export function isJwsAlgorithm(text: unknown): text is JwsAlgorithm {
  return typeof text === "string" && Object.hasOwn(TABLE, text);
}

/** The algorithms that a key of this type and curve could be for. Only RSA leaves more than one open. */
export function algorithmsFor(kty: string, crv: string | null, parameterSet: string | null): readonly JwsAlgorithm[] {
  return JWS_ALGORITHMS.filter((alg) => {
    const row: Row = TABLE[alg];
    return row.kty === kty && row.crv === crv && (kty !== "AKP" || alg === parameterSet);
  });
}

/**
 * Whether `signature` is the key's signature of `data`. The key must have been imported for this algorithm. Never
 * throws: what a runtime throws at a malformed signature is a no.
 */
export async function verifySignature(
  alg: JwsAlgorithm,
  key: CryptoKey,
  data: string | Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const row: Row = TABLE[alg];
  if (row.signatureBytes !== null && signature.length !== row.signatureBytes) return false;
  try {
    return await crypto.subtle.verify(row.verify, key, signature, typeof data === "string" ? utf8(data) : data);
  } catch {
    return false;
  }
}

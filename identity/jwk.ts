// One public key as JSON (RFC 7517), read strictly: the members that its type needs (RFC 7518, section 6; RFC 8037;
// RFC 9964), each in its one spelling and length, and RSA only where it cannot be broken at leisure. Private members
// never pass through here.
import { importJWK, type JWK } from "jose";
import { fromBase64Url, toBase64Url, toHex, utf8 } from "../protocol/encoding.ts";
import { isJsonObject } from "../protocol/json.ts";
import { algorithmsFor, type JwsAlgorithm } from "./jws-algorithms.ts";
import { isRocaModulus } from "./roca.ts";

/** The members that make the key, and nothing else of its JSON. */
export type PublicMembers =
  | { readonly kty: "EC"; readonly crv: string; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string }
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "AKP"; readonly alg: string; readonly pub: string };

/** Members that only a private or a symmetric key has. */
const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** Octets of a coordinate (RFC 7518, section 6.2.1.2: always the full length). */
const COORDINATE: ReadonlyMap<unknown, number> = new Map([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
]);
/** Octets of a public key (FIPS 204, table 2). */
const MLDSA_PUBLIC: ReadonlyMap<unknown, number> = new Map([
  ["ML-DSA-44", 1312],
  ["ML-DSA-65", 1952],
  ["ML-DSA-87", 2592],
]);

/** Below 2048 bits a modulus can be factored (RFC 7518, section 3.3); above 8192 a verification is a gift to a flood. */
const RSA_BITS = { min: 2048, max: 8192 } as const;
const MAX_EXPONENT_BYTES = 8;

export function hasSecretMember(jwk: Readonly<Record<string, unknown>>): boolean {
  return SECRET.some((name) => Object.hasOwn(jwk, name));
}

/** The public members of a JWK, `weak` for an RSA key that must not be used, or null for what is no key of ours. */
export function publicMembers(jwk: unknown): PublicMembers | "weak" | null {
  if (!isJsonObject(jwk)) return null;
  const { kty, crv, x, y, n, e, alg, pub } = jwk;
  if (kty === "EC") {
    const length = COORDINATE.get(crv);
    if (typeof crv !== "string" || length === undefined || !isOctets(x, length) || !isOctets(y, length)) return null;
    return { kty, crv, x, y };
  }
  if (kty === "OKP") return crv === "Ed25519" && isOctets(x, 32) ? { kty, crv, x } : null;
  if (kty === "AKP") {
    const length = MLDSA_PUBLIC.get(alg);
    return typeof alg === "string" && length !== undefined && isOctets(pub, length) ? { kty, alg, pub } : null;
  }
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string") return null;
  const modulus = numberOf(n);
  const exponent = numberOf(e);
  if (modulus === null || exponent === null) return null;
  return isSoundRsa(modulus, exponent) ? { kty, n, e } : "weak";
}

/** The JWK thumbprint (RFC 7638) with SHA-256: what `cnf.jkt` and `keyid` name. */
export async function thumbprint(key: PublicMembers): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(canonicalMembers(key)))));
}

/** Section 3.2 of RFC 7638: the required members in the order of their names, without white space. */
function canonicalMembers(key: PublicMembers): string {
  switch (key.kty) {
    case "EC":
      return JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y });
    case "OKP":
      return JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x });
    case "RSA":
      return JSON.stringify({ e: key.e, kty: key.kty, n: key.n });
    case "AKP":
      return JSON.stringify({ alg: key.alg, kty: key.kty, pub: key.pub });
  }
}

/** The algorithms that the key's type and curve leave open. */
export function algorithmsOf(key: PublicMembers): readonly JwsAlgorithm[] {
  return algorithmsFor(key.kty, "crv" in key ? key.crv : null, key.kty === "AKP" ? key.alg : null);
}

/** The key for verifying with one algorithm; null where it is no point of its curve, or the runtime knows no such key. */
export async function importPublicKey(key: PublicMembers, alg: JwsAlgorithm): Promise<CryptoKey | null> {
  try {
    const imported = await importJWK({ ...key, alg } as JWK, alg);
    return imported instanceof Uint8Array ? null : imported;
  } catch {
    // the cause may quote the key
    return null;
  }
}

function isOctets(text: unknown, length: number): text is string {
  return typeof text === "string" && decode(text)?.length === length;
}

/** Base64urlUInt (RFC 7518, section 2): no leading zero octet, so one number has one spelling and one thumbprint. */
function numberOf(text: string): bigint | null {
  const bytes = decode(text);
  if (bytes === null || bytes.length === 0 || bytes.length > RSA_BITS.max / 8 + 1 || bytes[0] === 0) return null;
  return BigInt(`0x${toHex(bytes)}`);
}

function isSoundRsa(modulus: bigint, exponent: bigint): boolean {
  const bits = modulus.toString(2).length;
  if (bits < RSA_BITS.min || bits > RSA_BITS.max || modulus % 2n === 0n || isRocaModulus(modulus)) return false;
  // an exponent of 1 makes every message its own signature
  return exponent >= 3n && exponent % 2n === 1n && exponent < 1n << BigInt(8 * MAX_EXPONENT_BYTES);
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}

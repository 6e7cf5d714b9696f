// A set of public keys (RFC 7517, section 5) from someone else: a client's registration, another issuer's endpoint, a
// file. A key that cannot be used is skipped with its reason and spoils no other, as section 5 asks; what is left are
// keys that each name what they may verify. Symmetric keys are never taken.
import { isJsonObject } from "../protocol/json.ts";
import { algorithmsOf, hasSecretMember, importPublicKey, type PublicMembers, publicMembers } from "./jwk.ts";
import type { JwsAlgorithm } from "./jws-algorithms.ts";

export interface VerifierKey {
  readonly kid: string | null;
  /** the key's own `alg`; where it names none, what its type and curve leave open */
  readonly algs: readonly JwsAlgorithm[];
  readonly members: PublicMembers;
}

/** Why a key of a set is not used. */
export type KeyFault =
  | "malformed"
  | "symmetric"
  /** a private key in a set that others can read: whoever read it can sign */
  | "private"
  /** published for something else than verifying signatures (`use`, `key_ops`) */
  | "use"
  /** an `alg` that is unknown or does not fit the key's type and curve */
  | "algorithm"
  /** RSA of fewer than 2048 or more than 8192 bits, with an exponent that proves nothing, or of the ROCA family */
  | "weak";

export interface SkippedKey {
  readonly index: number;
  readonly kid: string | null;
  readonly fault: KeyFault;
}

export interface JwkSet {
  readonly keys: readonly VerifierKey[];
  readonly skipped: readonly SkippedKey[];
}

export interface JwksLimits {
  /** Keys of one set. Bounds memory, and what a token without `kid` can make us try. */
  readonly maxKeys: number;
  /** What a private key in the set means: the key is lost (a published set), or the file is the owner's own. */
  readonly privateMembers: "skip_key" | "drop_members";
}

export const PUBLISHED_JWKS: JwksLimits = { maxKeys: 64, privateMembers: "skip_key" };
/** A file that someone verifies against on purpose. */
export const LOCAL_JWKS: JwksLimits = { maxKeys: 4096, privateMembers: "drop_members" };

/** Reads `{"keys":[JWK…]}`; null for what is no set, or one with more keys than the limit. */
export function readJwks(value: unknown, limits: JwksLimits = PUBLISHED_JWKS): JwkSet | null {
  if (!isJsonObject(value) || !Object.hasOwn(value, "keys") || !Array.isArray(value.keys)) return null;
  if (value.keys.length > limits.maxKeys) return null;
  const keys: VerifierKey[] = [];
  const skipped: SkippedKey[] = [];
  for (const [index, jwk] of value.keys.entries()) {
    const key = readKey(jwk, limits);
    if (typeof key !== "string") keys.push(key);
    else skipped.push({ index, kid: kidOf(jwk), fault: key });
  }
  return { keys, skipped };
}

function readKey(jwk: unknown, limits: JwksLimits): VerifierKey | KeyFault {
  if (!isJsonObject(jwk)) return "malformed";
  if (jwk.kty === "oct") return "symmetric";
  if (hasSecretMember(jwk) && limits.privateMembers === "skip_key") return "private";
  if (Object.hasOwn(jwk, "kid") && typeof jwk.kid !== "string") return "malformed";
  if (!isForVerifying(jwk, limits)) return "use";
  const members = publicMembers(jwk);
  if (members === null) return "malformed";
  if (members === "weak") return "weak";
  const fitting = algorithmsOf(members);
  const algs = Object.hasOwn(jwk, "alg") ? fitting.filter((alg) => alg === jwk.alg) : fitting;
  return algs.length === 0 ? "algorithm" : { kid: kidOf(jwk), algs, members };
}

/** RFC 7517, sections 4.2 and 4.3. A private key's operation is `sign`, its public half's `verify`. */
function isForVerifying(jwk: Readonly<Record<string, unknown>>, limits: JwksLimits): boolean {
  if (Object.hasOwn(jwk, "use") && jwk.use !== "sig") return false;
  if (!Object.hasOwn(jwk, "key_ops")) return true;
  if (!Array.isArray(jwk.key_ops)) return false;
  const ownFile = limits.privateMembers === "drop_members" && hasSecretMember(jwk);
  return jwk.key_ops.includes("verify") || (ownFile && jwk.key_ops.includes("sign"));
}

function kidOf(jwk: unknown): string | null {
  return isJsonObject(jwk) && typeof jwk.kid === "string" ? jwk.kid : null;
}

/** Imported once for each key and algorithm. Finished keys alone: a promise of one request may hang another. */
const imported = new WeakMap<VerifierKey, Map<JwsAlgorithm, CryptoKey>>();

/** The key for verifying with `alg`, or null where it cannot be one. */
export async function cryptoKeyOf(key: VerifierKey, alg: JwsAlgorithm): Promise<CryptoKey | null> {
  const known = imported.get(key)?.get(alg);
  if (known !== undefined) return known;
  const fresh = await importPublicKey(key.members, alg);
  if (fresh === null) return null;
  const byAlgorithm = imported.get(key) ?? new Map<JwsAlgorithm, CryptoKey>();
  imported.set(key, byAlgorithm.set(alg, fresh));
  return fresh;
}

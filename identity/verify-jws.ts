// Any compact JWS under a set of keys that the caller trusts:
//
//   form → algorithm allowed → the one key it names, or those that fit → signature        verifyJws
//        → no key of its own → claims of their types → time, issuer, audience             verifyJwt
//
// A token picks none of it: its `alg` must be the key's own (RFC 8725, section 3.1), its `kid` only chooses among keys
// that are trusted anyway. A symmetric algorithm is refused whatever the set holds.
import { cryptoKeyOf, type JwkSet, type VerifierKey } from "./jwks.ts";
import { isJwsAlgorithm, JWS_ALGORITHMS, type JwsAlgorithm, verifySignature } from "./jws-algorithms.ts";
import { bringsOwnKey, type CompactJws, type FormFault, readCompactJws } from "./jws-form.ts";
import { audiencesOf, type ClaimFault, type ReadClaims, readClaims, timeFault } from "./jwt-claims.ts";

/** Why a signature does not count. */
export type JwsFault =
  | FormFault
  /** `none`, a symmetric or unknown algorithm, one that is not allowed, or not the key's own */
  | "algorithm"
  /** no key of the set has this `kid`, or, without one, none fits the algorithm */
  | "unknown_key"
  /** the named key is in the set and must not be used: weak, private, or published for something else */
  | "unusable_key"
  /** the `kid` names more than one key */
  | "ambiguous_key"
  | "signature";

/** Why a JWT does not count. */
export type JwtFault =
  | JwsFault
  /** the header brings a key, or says where to get one */
  | "own_key"
  | "type"
  | ClaimFault;

export interface JwsLimits {
  /** Characters of a token. Bounds what is decoded and hashed for someone who is not yet known. */
  readonly maxTokenLength: number;
  /** Keys that are tried for a token without `kid`. Bounds the signatures that one token can make us check. */
  readonly maxTries: number;
}

export const JWS_LIMITS: JwsLimits = { maxTokenLength: 16 * 1024, maxTries: 8 };
/** For tokens that someone judges on purpose, against a file of his own. */
export const LOCAL_JWS_LIMITS: JwsLimits = { maxTokenLength: 1024 * 1024, maxTries: 4096 };

export type JwsVerdict =
  | { readonly ok: true; readonly jws: CompactJws; readonly key: VerifierKey }
  | { readonly ok: false; readonly reason: JwsFault };

/** Form, algorithm and signature; the payload may be anything. Never throws for what the token says. */
export async function verifyJws(
  token: string,
  keys: JwkSet,
  algorithms: readonly JwsAlgorithm[] = JWS_ALGORITHMS,
  limits: JwsLimits = JWS_LIMITS,
): Promise<JwsVerdict> {
  const read = readCompactJws(token, limits.maxTokenLength);
  if (!read.ok) return { ok: false, reason: read.fault };
  const { jws } = read;
  if (!isJwsAlgorithm(jws.alg) || !algorithms.includes(jws.alg)) return { ok: false, reason: "algorithm" };
  const candidates = candidatesFor(jws.kid, jws.alg, keys);
  if (typeof candidates === "string") return { ok: false, reason: candidates };
  for (const key of candidates.slice(0, limits.maxTries))
    if (await isSignedBy(key, jws, jws.alg)) return { ok: true, jws, key };
  return { ok: false, reason: "signature" };
}

/**
 * The keys that may have signed. With a `kid`, exactly the one that has it. Without, each that fits the algorithm: with
 * two keys of one kind published, which is what every rotation does, the first would be a guess.
 */
function candidatesFor(kid: string | null, alg: JwsAlgorithm, set: JwkSet): readonly VerifierKey[] | JwsFault {
  const fitting = set.keys.filter((key) => key.algs.includes(alg));
  if (kid === null) return fitting.length === 0 ? "unknown_key" : fitting;
  const named = fitting.filter((key) => key.kid === kid);
  if (named.length === 1) return named;
  if (named.length > 1) return "ambiguous_key";
  if (set.keys.some((key) => key.kid === kid)) return "algorithm";
  return set.skipped.some((key) => key.kid === kid) ? "unusable_key" : "unknown_key";
}

async function isSignedBy(key: VerifierKey, jws: CompactJws, alg: JwsAlgorithm): Promise<boolean> {
  const imported = await cryptoKeyOf(key, alg);
  return imported !== null && (await verifySignature(alg, imported, jws.signingInput, jws.signature));
}

/** What a JWT must say. Absent members are not asked for. */
export interface JwtExpectation {
  readonly nowMs: number;
  readonly algorithms?: readonly JwsAlgorithm[];
  /** `iss`, compared exactly */
  readonly issuer?: string;
  /** one of them must be among `aud` */
  readonly audiences?: readonly string[];
  /** allowed values of `typ`, lower case without `application/`; null allows a token without one */
  readonly types?: readonly (string | null)[];
  readonly limits?: JwsLimits;
}

export type JwtVerdict =
  | { readonly ok: true; readonly jws: CompactJws; readonly key: VerifierKey; readonly claims: ReadClaims }
  | { readonly ok: false; readonly reason: JwtFault };

/** A JWT (RFC 7519) that must expire. The signature is judged before any claim: an expired token of ours is told so. */
export async function verifyJwt(token: string, keys: JwkSet, expected: JwtExpectation): Promise<JwtVerdict> {
  const verdict = await verifyJws(token, keys, expected.algorithms, expected.limits);
  if (!verdict.ok) return verdict;
  const { jws, key } = verdict;
  if (bringsOwnKey(jws.header)) return { ok: false, reason: "own_key" };
  if (expected.types !== undefined && !expected.types.includes(jws.typ)) return { ok: false, reason: "type" };
  const claims = readClaims(jws.payload);
  if (claims === null || claims.registered.exp === undefined) return { ok: false, reason: "claims" };
  const fault = claimFault(claims, expected);
  return fault === null ? { ok: true, jws, key, claims } : { ok: false, reason: fault };
}

function claimFault({ registered }: ReadClaims, expected: JwtExpectation): ClaimFault | null {
  if (expected.issuer !== undefined && registered.iss !== expected.issuer) return "issuer";
  const { audiences } = expected;
  if (audiences !== undefined && !audiencesOf(registered).some((audience) => audiences.includes(audience)))
    return "audience";
  return timeFault(registered, expected.nowMs);
}

/** One line of `npx bartizan tokens verify`, in and out. */
export interface TokenLine {
  readonly id: string | number;
  readonly token: string;
}

export interface TokenVerdict {
  readonly id: string | number;
  readonly verdict: "accept" | "reject";
  readonly reason: JwtFault | null;
}

export interface JudgeOptions extends JwtExpectation {
  /** form, algorithm and signature alone; claims are left alone, and the payload may be anything */
  readonly signatureOnly: boolean;
}

/** Judges one line against keys of one's own choice. Never throws. */
export async function judgeToken(line: TokenLine, keys: JwkSet, options: JudgeOptions): Promise<TokenVerdict> {
  const limits = options.limits ?? LOCAL_JWS_LIMITS;
  const verdict = options.signatureOnly
    ? await verifyJws(line.token, keys, options.algorithms, limits)
    : await verifyJwt(line.token, keys, { ...options, limits });
  return verdict.ok
    ? { id: line.id, verdict: "accept", reason: null }
    : { id: line.id, verdict: "reject", reason: verdict.reason };
}

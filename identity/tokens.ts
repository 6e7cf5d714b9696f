// Tokens: a JWT in the profile of RFC 9068 (`typ: at+jwt`), signed with EdDSA or ES256, whose key decides which kind
// of credential it is and how long it may live. Checked in the order form → key → algorithm → type → signature → claims,
// after RFC 8725 (JWT best current practices); the signature's mathematics is jose's.
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { parseCompact } from "./compact.ts";
import { type Confirmation, type ConfirmationClaim, type ProofKind, readConfirmation } from "./confirmation.ts";
import type { CredentialKind, KeySet, SignatureAlgorithm } from "./keys.ts";
import type { Principal } from "./principal.ts";

/** Why a token is no good. For the log and for tests; a client hears the same 401 for each. */
export type TokenFault =
  | "malformed"
  | "unknown_key"
  | "algorithm"
  | "type"
  | "signature"
  | "claims"
  | "issuer"
  | "audience"
  | "expired"
  | "not_yet_valid"
  | "lifetime"
  | "confirmation";

export type Verification =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: TokenFault };

export interface Expected {
  /** `iss`, compared exactly */
  readonly issuer: string;
  /** one of the token's `aud` */
  readonly audience: string;
  /** Unix time in milliseconds */
  readonly nowMs: number;
  /**
   * The kinds of proof that the caller will demand of a bound token's holder. A token that is bound in another way is
   * refused; absent, every bound token is: possession that nobody checks would make it a bearer token (RFC 7800).
   */
  readonly confirmations?: readonly ProofKind[];
}

/** Tolerance between the issuer's clock and ours, both ways, in seconds. */
export const CLOCK_SKEW_S = 30;
/** The longest life (`exp` − `iat`) of each kind, in seconds. Bounds what a stolen token, or an overeager minter, is worth. */
export const MAX_LIFETIME_S: Readonly<Record<CredentialKind, number>> = {
  api_key: 90 * 24 * 3600,
  access_token: 3600,
};

/** `typ` of an access token (RFC 9068, section 2.1). Another type under the same key is another kind of statement. */
const TYPE = "at+jwt";

const time = z.int().min(0).max(8_640_000_000_000); // what a Date can hold, in seconds
const identifier = z.string().regex(/^[A-Za-z0-9_.:@-]{1,128}$/);
const claimsSchema = z.object({
  sub: z.string().min(1).max(256),
  jti: identifier,
  tenant: identifier,
  account: identifier,
  jurisdiction: z.enum(["none", "eu", "us", "fedramp"]).default("none"),
  // RFC 6749, section 3.3: tokens parted by single spaces
  scope: z
    .string()
    .max(4096)
    .regex(/^(?:[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)?$/),
  client_id: z.string().min(1).max(256),
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1).max(16)]),
  exp: time,
  iat: time,
  nbf: time.optional(),
});

/** Judges a token. Never throws for what the token says. */
export async function verifyToken(token: string, keys: KeySet, expected: Expected): Promise<Verification> {
  const parsed = parseCompact(token);
  if (parsed === null) return refused("malformed");

  const key = keys.byKid.get(parsed.kid);
  if (key === undefined) return refused("unknown_key");
  if (parsed.alg !== key.alg) return refused("algorithm");
  if (parsed.typ !== TYPE) return refused("type");

  const fault = await signatureFault(token, key.key, key.alg, expected);
  if (fault !== null) return refused(fault);

  const bound = Object.hasOwn(parsed.claims, "cnf");
  const confirmation = bound ? await readConfirmation(parsed.claims.cnf) : null;
  if (bound && !isAccepted(confirmation, expected.confirmations)) return refused("confirmation");
  const claims = claimsSchema.safeParse(parsed.claims);
  if (!claims.success) return refused("claims");
  return judged(claims.data, key.signs, confirmation, expected.nowMs);
}

/** Whether a caller who will demand these proofs may be given a token that is bound like this. */
export function isAccepted(confirmation: Confirmation | null, accepted: readonly ProofKind[] | undefined): boolean {
  return confirmation !== null && (accepted ?? []).includes(confirmation.kind);
}

/** What jose checks on its own terms: signature, `iss`, `aud`, `exp`, `nbf`. */
async function signatureFault(
  token: string,
  key: CryptoKey,
  alg: SignatureAlgorithm,
  expected: Expected,
): Promise<TokenFault | null> {
  try {
    await jwtVerify(token, key, {
      algorithms: [alg],
      typ: TYPE,
      issuer: expected.issuer,
      audience: expected.audience,
      clockTolerance: CLOCK_SKEW_S,
      currentDate: new Date(expected.nowMs),
      requiredClaims: ["iss", "aud", "exp", "iat", "sub", "jti", "client_id", "tenant", "account", "scope"],
    });
    return null;
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === "missing") return "claims";
    if (error.claim === "iss") return "issuer";
    if (error.claim === "aud") return "audience";
    if (error.claim === "nbf" && error.reason === "check_failed") return "not_yet_valid";
    return "claims";
  }
  if (error instanceof errors.JWTInvalid) return "claims";
  // whatever else went wrong, the signature was not shown to be good
  return "signature";
}

function judged(
  claims: z.infer<typeof claimsSchema>,
  kind: CredentialKind,
  confirmation: Confirmation | null,
  nowMs: number,
): Verification {
  if (claims.iat * 1000 > nowMs + CLOCK_SKEW_S * 1000) return refused("not_yet_valid");
  if (claims.exp <= claims.iat || claims.exp - claims.iat > MAX_LIFETIME_S[kind]) return refused("lifetime");
  return {
    ok: true,
    principal: {
      tenant: claims.tenant,
      account: claims.account,
      jurisdiction: claims.jurisdiction,
      subject: claims.sub,
      credentialId: claims.jti,
      kind,
      scopes: claims.scope === "" ? [] : claims.scope.split(" "),
      expiresAtMs: claims.exp * 1000,
      confirmation,
    },
  };
}

function refused(reason: TokenFault): Verification {
  return { ok: false, reason };
}

/** Claims of a token to be minted; times in whole seconds (RFC 7519, section 2, NumericDate). */
export interface TokenClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly jti: string;
  readonly client_id: string;
  readonly tenant: string;
  readonly account: string;
  readonly jurisdiction: Principal["jurisdiction"];
  /** scopes parted by single spaces */
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  /** binds the token to a key of its holder's (confirmation.ts); absent in a bearer token */
  readonly cnf?: ConfirmationClaim;
}

/** Who holds `key` can make any principal of the kind that its public half is trusted for. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  readonly key: CryptoKey;
}

/**
 * @throws RangeError where the life would be longer than any verifier accepts
 */
export async function mintToken(claims: TokenClaims, signer: SigningKey, kind: CredentialKind): Promise<string> {
  const lifetime = claims.exp - claims.iat;
  if (!(lifetime > 0 && lifetime <= MAX_LIFETIME_S[kind])) throw new RangeError("lifetime out of range");
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: TYPE })
    .sign(signer.key);
}

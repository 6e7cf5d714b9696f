// DPoP proofs (RFC 9449): a JWT in the header `DPoP`, made by the token's holder for this one request.
//
//   form → type dpop+jwt → its own public key, of an allowed algorithm → signature → claims of their types
//        → htm, htu → iat → ath → nonce                                              (section 4.3, items 1 to 12)
//
// Whether the key is the one that the token is bound to is proof.ts's question, whether the proof was seen before the
// ledger's: `replayKey` goes there with the one call that the request makes anyway.
import { z } from "zod";
import { toBase64Url, utf8 } from "../protocol/encoding.ts";
import { isJsonObject } from "../protocol/json.ts";
import { isCurrentDpopNonce, type NonceKeys } from "./dpop-nonce.ts";
import { normalTarget } from "./http-target.ts";
import {
  algorithmsOf,
  hasSecretMember,
  importPublicKey,
  type PublicMembers,
  publicMembers,
  thumbprint,
} from "./jwk.ts";
import { isJwsAlgorithm, type JwsAlgorithm, verifySignature } from "./jws-algorithms.ts";
import { type CompactJws, readCompactJws, readTokenJson } from "./jws-form.ts";
import { type ReplayGuard, replayKeyOf } from "./replay.ts";

export interface DpopLimits {
  /** Characters of a proof, its key included. */
  readonly maxProofLength: number;
  /** Seconds after `iat` for which a proof is good: how long the ledger must remember it. */
  readonly maxAgeS: number;
  /** Seconds by which the holder's clock may be off, both ways. */
  readonly skewS: number;
}

export const DPOP_LIMITS: DpopLimits = { maxProofLength: 8 * 1024, maxAgeS: 60, skewS: 30 };

/** `dpop_signing_alg_values_supported` (section 5.1). */
export const DPOP_ALGORITHMS: readonly JwsAlgorithm[] = [
  "ES256",
  "EdDSA",
  "Ed25519",
  "ES384",
  "ES512",
  "PS256",
  "RS256",
];

export interface DpopInput {
  /** the value of the one header `DPoP` */
  readonly proof: string;
  readonly method: string;
  /** the request's own absolute URL, as the client addressed it */
  readonly url: string;
  /** the access token that goes with it; null at the token endpoint, where there is none yet */
  readonly accessToken: string | null;
  /** null: no nonce is demanded; otherwise the proof must carry a current one */
  readonly nonces: NonceKeys | null;
  readonly nowMs: number;
  readonly algorithms?: readonly JwsAlgorithm[];
  readonly limits?: DpopLimits;
}

/** Why a proof proves nothing. `nonce` alone is told to the client (`use_dpop_nonce`), with a fresh one. */
export type DpopFault =
  | "malformed"
  | "type"
  | "algorithm"
  | "key"
  | "signature"
  | "claims"
  | "method"
  | "url"
  | "too_old"
  | "too_new"
  | "token"
  | "nonce";

export type DpopVerdict =
  | ({
      readonly ok: true;
      readonly jkt: string;
      readonly jti: string;
      readonly iatMs: number;
      /** as the proof carries it; looked at only where `nonces` were given */
      readonly nonce: string | null;
    } & ReplayGuard)
  | { readonly ok: false; readonly fault: DpopFault };

const claimsSchema = z.object({
  jti: z.string().regex(/^[\x21-\x7e]{8,256}$/),
  htm: z.string(),
  htu: z.string(),
  iat: z.number().min(0).max(8_640_000_000_000),
  ath: z.string().optional(),
  nonce: z.string().max(256).optional(),
});
type Claims = z.infer<typeof claimsSchema>;

/** Judges a proof for this request. Never throws for what the proof says. */
export async function verifyDpopProof(input: DpopInput): Promise<DpopVerdict> {
  const { maxProofLength, maxAgeS, skewS } = input.limits ?? DPOP_LIMITS;
  const read = readCompactJws(input.proof, maxProofLength);
  if (!read.ok) return refused("malformed");
  const { jws } = read;
  if (jws.typ !== "dpop+jwt") return refused("type");
  const { alg } = jws;
  if (!isJwsAlgorithm(alg) || !(input.algorithms ?? DPOP_ALGORITHMS).includes(alg)) return refused("algorithm");
  const key = proofKey(jws, alg);
  if (key === null) return refused("key");
  const imported = await importPublicKey(key, alg);
  if (imported === null) return refused("key");
  if (!(await verifySignature(alg, imported, jws.signingInput, jws.signature))) return refused("signature");

  const claims = claimsSchema.safeParse(readTokenJson(jws.payload));
  if (!claims.success) return refused("claims");
  const fault = await claimFault(claims.data, input, maxAgeS, skewS);
  if (fault !== null) return refused(fault);
  const { jti, iat, nonce } = claims.data;
  const jkt = await thumbprint(key);
  return {
    ok: true,
    jkt,
    jti,
    iatMs: iat * 1000,
    nonce: nonce ?? null,
    replayKey: await replayKeyOf("dpop", jkt, jti),
    replayUntilMs: Math.ceil((iat + maxAgeS + skewS) * 1000),
  };
}

/** The key that the proof brings: in the proof's header alone, public, of the proof's algorithm. */
function proofKey({ header }: CompactJws, alg: JwsAlgorithm): PublicMembers | null {
  if (["jku", "x5u", "x5c", "x5t", "x5t#S256"].some((name) => Object.hasOwn(header, name))) return null;
  const jwk = Object.hasOwn(header, "jwk") ? header.jwk : null;
  // a private key in a proof is anybody's from then on (section 4.3, item 7)
  if (!isJsonObject(jwk) || hasSecretMember(jwk)) return null;
  if ((jwk.use ?? "sig") !== "sig" || (jwk.alg ?? alg) !== alg) return null;
  const key = publicMembers(jwk);
  return key !== null && key !== "weak" && algorithmsOf(key).includes(alg) ? key : null;
}

async function claimFault(claims: Claims, input: DpopInput, maxAgeS: number, skewS: number): Promise<DpopFault | null> {
  if (claims.htm !== input.method) return "method";
  const target = normalTarget(claims.htu);
  if (target === null || target !== normalTarget(input.url)) return "url";
  const ageS = input.nowMs / 1000 - claims.iat;
  // from that instant on the ledger may have forgotten it
  if (ageS >= maxAgeS + skewS) return "too_old";
  if (ageS < -skewS) return "too_new";
  // the digest of a token that the sender has in hand: nothing secret is compared
  if (input.accessToken !== null && claims.ath !== (await accessTokenHash(input.accessToken))) return "token";
  if (input.nonces === null) return null;
  const current = claims.nonce !== undefined && (await isCurrentDpopNonce(claims.nonce, input.nonces, input.nowMs));
  return current ? null : "nonce";
}

/** `ath` (section 4.2): base64url of the SHA-256 of the token's ASCII text. */
export async function accessTokenHash(token: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(token))));
}

function refused(fault: DpopFault): DpopVerdict {
  return { ok: false, fault };
}

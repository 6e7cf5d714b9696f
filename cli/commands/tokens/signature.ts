// Form and signature of a compact JWS under given keys, claims left alone (RFC 7515; RFC 8725 for what is refused). For
// any asymmetric algorithm that jose has. The strict spelling is checked before jose sees the token: white space, stray
// characters, padding and loose trailing bits would otherwise pass.
import { compactVerify, importJWK, type JWK } from "jose";
import { fromBase64Url } from "../../../protocol/encoding.ts";
import { readJsonObject } from "../../../protocol/json.ts";

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What each algorithm needs of its key (RFC 7518, section 3.1; RFC 8037; RFC 9864). Symmetric ones and `none` are absent. */
const ALGORITHMS: Readonly<Record<string, { readonly kty: string; readonly crv?: readonly string[] }>> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: ["P-256"] },
  ES384: { kty: "EC", crv: ["P-384"] },
  ES512: { kty: "EC", crv: ["P-521"] },
  EdDSA: { kty: "OKP", crv: ["Ed25519"] },
  Ed25519: { kty: "OKP", crv: ["Ed25519"] },
};

/** Parameters by which a token would bring its own key or change what is signed. */
const FORBIDDEN = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "zip", "enc"];
const HEADER_LIMITS = { maxDepth: 8, maxKeys: 64, maxValues: 256 };

export async function verifySignature(token: string, keys: readonly JWK[]): Promise<Verdict> {
  const header = strictHeader(token);
  if (header === null) return { ok: false, reason: "malformed" };
  if (FORBIDDEN.some((name) => Object.hasOwn(header, name))) return { ok: false, reason: "forbidden_header" };
  const { alg, kid } = header;
  if (typeof alg !== "string" || !Object.hasOwn(ALGORITHMS, alg)) return { ok: false, reason: "algorithm" };
  if (kid !== undefined && typeof kid !== "string") return { ok: false, reason: "malformed" };
  const candidates = keys.filter((key) => fits(key, alg, kid));
  if (candidates.length === 0) return { ok: false, reason: "unknown_key" };
  for (const key of candidates) if (await verifies(token, key, alg)) return { ok: true };
  return { ok: false, reason: "signature" };
}

/** A key that names a use, operations, an algorithm or an id is held to it (RFC 7517, section 4). */
function fits(key: JWK, alg: string, kid: string | undefined): boolean {
  const need = ALGORITHMS[alg];
  if (need === undefined || key.kty !== need.kty) return false;
  if (need.crv !== undefined && !need.crv.includes(String(key.crv))) return false;
  if (key.use !== undefined && key.use !== "sig") return false;
  if (key.key_ops !== undefined && !key.key_ops.includes("verify")) return false;
  if (key.alg !== undefined && key.alg !== alg && !(isEdDsa(key.alg) && isEdDsa(alg))) return false;
  return kid === undefined || key.kid === undefined || key.kid === kid;
}

function isEdDsa(alg: string): boolean {
  return alg === "EdDSA" || alg === "Ed25519";
}

async function verifies(token: string, jwk: JWK, alg: string): Promise<boolean> {
  try {
    // the public half alone, whatever else the file holds
    const { d, p, q, dp, dq, qi, oth, key_ops, ext, ...publicJwk } = jwk;
    await compactVerify(token, await importJWK(publicJwk, alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}

function strictHeader(token: string): Readonly<Record<string, unknown>> | null {
  const parts = token.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3 || header === "" || signature === "") return null;
  try {
    fromBase64Url(payload);
    fromBase64Url(signature);
    const read = readJsonObject(fromBase64Url(header), HEADER_LIMITS);
    return read.ok ? read.value : null;
  } catch {
    return null;
  }
}

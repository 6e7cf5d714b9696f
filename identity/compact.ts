// The form of this project's own tokens: a compact JWS (jws-form.ts) of claims, that names its key and its type and
// carries nothing by which it could bring a key of its own (RFC 8725, section 3.10) or be taken for something else.
import type { JsonLimits } from "../protocol/json.ts";
import { bringsOwnKey, readCompactJws, readTokenJson } from "./jws-form.ts";

export interface CompactLimits {
  /** Characters of the whole token. Bounds what is decoded and hashed for someone who is not yet known. */
  readonly maxTokenLength: number;
}

export const COMPACT_LIMITS: CompactLimits = { maxTokenLength: 8 * 1024 };

/** Flat objects, one array of audiences: nothing in a token of ours nests deeper or has more names. */
const CLAIMS_JSON: JsonLimits = { maxDepth: 4, maxKeys: 64, maxValues: 256 };

/** Parameters that have no place in a token of ours, whatever they say. */
const FORBIDDEN = ["zip", "cty"];

/** Safe in a log line, a map and a file name: `kid` is looked up, never interpolated (RFC 8725, section 3.10). */
const KID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

export interface CompactToken {
  readonly alg: string;
  readonly kid: string;
  /** lower case, without `application/` (RFC 7515, section 4.1.9) */
  readonly typ: string;
  /** claims as they were read, every name once; nothing here is verified yet */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The parts of a token in its one canonical spelling, or null. */
export function parseCompact(token: string, limits: CompactLimits = COMPACT_LIMITS): CompactToken | null {
  const read = readCompactJws(token, limits.maxTokenLength);
  if (!read.ok) return null;
  const { header, alg, kid, typ, payload, signature } = read.jws;
  if (signature.length === 0 || bringsOwnKey(header)) return null;
  if (FORBIDDEN.some((name) => Object.hasOwn(header, name))) return null;
  if (kid === null || typ === null || !KID.test(kid)) return null;
  const claims = readTokenJson(payload, CLAIMS_JSON);
  return claims === null ? null : { alg, kid, typ, claims };
}

// The strict form of a compact JWS (RFC 7515, section 7.1), checked before any library decodes it. One token has one
// spelling: a second spelling would be a second key in a cache of verified tokens or of replays. Header parameters that
// let a token bring its own key (RFC 8725, section 3.10) or change what is signed (RFC 7797) are refused by name.
import { fromBase64Url } from "../protocol/encoding.ts";
import { type JsonLimits, readJsonObject } from "../protocol/json.ts";

export interface CompactLimits {
  /** Characters of the whole token. Bounds what is decoded and hashed for someone who is not yet known. */
  readonly maxTokenLength: number;
}

export const COMPACT_LIMITS: CompactLimits = { maxTokenLength: 8 * 1024 };

/** Flat objects, one array of audiences: nothing in a token of ours nests deeper or has more names. */
const TOKEN_JSON: JsonLimits = { maxDepth: 4, maxKeys: 64, maxValues: 256 };

/** Parameters that no token may carry, whatever they say. */
const FORBIDDEN = ["crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip", "enc", "cty"];

const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
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
  if (token.length > limits.maxTokenLength) return null;
  const [, headerPart, payloadPart, signaturePart] = COMPACT.exec(token) ?? [];
  if (headerPart === undefined || payloadPart === undefined || signaturePart === undefined) return null;

  const header = decodedObject(headerPart);
  const claims = decodedObject(payloadPart);
  if (header === null || claims === null || decodedBytes(signaturePart) === null) return null;

  if (FORBIDDEN.some((name) => Object.hasOwn(header, name))) return null;
  const alg = own(header, "alg");
  const kid = own(header, "kid");
  const typ = own(header, "typ");
  if (alg === null || kid === null || typ === null || !KID.test(kid)) return null;
  return { alg, kid, typ: typ.toLowerCase().replace(/^application\//, ""), claims };
}

function own(header: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(header, name) ? header[name] : null;
  return typeof value === "string" ? value : null;
}

function decodedObject(part: string): Readonly<Record<string, unknown>> | null {
  const bytes = decodedBytes(part);
  if (bytes === null) return null;
  const read = readJsonObject(bytes, TOKEN_JSON);
  return read.ok ? read.value : null;
}

/** Null on a stray character, padding, or trailing bits that are not zero (RFC 4648, section 3.5). */
function decodedBytes(part: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(part);
  } catch {
    return null;
  }
}

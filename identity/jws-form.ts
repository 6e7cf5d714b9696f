// The strict form of any compact JWS (RFC 7515, section 7.1), judged before a signature is: one token has one spelling.
// No white space, no padding, no stray character, no idle bits that are set; each header parameter once, and of its
// type. Parameters that would change what the signature covers, or that must be understood and are not, refuse.
import { fromBase64Url } from "../protocol/encoding.ts";
import { type JsonLimits, readJsonObject } from "../protocol/json.ts";

/** Why a text is no token that could be judged. */
export type FormFault =
  | "too_long"
  /** not three parts of base64url in their canonical spelling */
  | "malformed"
  /** the header is no JSON object with every name once, or a parameter of it is not of its type */
  | "header"
  /** `crit` (RFC 7515, section 4.1.11), `b64` (RFC 7797) or `enc` (RFC 7516): an extension that is not understood here */
  | "critical";

export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly alg: string;
  readonly kid: string | null;
  /** lower case, without `application/` (RFC 7515, section 4.1.9); null where absent */
  readonly typ: string | null;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** what the signature covers */
  readonly signingInput: string;
}

export type JwsReading =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly fault: FormFault };

/** Headers and claims are flat or nearly so; a deeper one is made to cost something. */
const TOKEN_JSON: JsonLimits = { maxDepth: 8, maxKeys: 512, maxValues: 4096 };

/** Parameters by which a token would bring its own key (RFC 8725, section 3.10). */
const OWN_KEY_PARAMETERS: readonly string[] = ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"];

const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]*)$/;
const NOT_UNDERSTOOD = ["crit", "b64", "enc"];

/** @param maxLength characters of the whole token */
export function readCompactJws(token: string, maxLength: number): JwsReading {
  if (token.length > maxLength) return refused("too_long");
  const [, headerPart, payloadPart, signaturePart] = COMPACT.exec(token) ?? [];
  if (headerPart === undefined || payloadPart === undefined || signaturePart === undefined) return refused("malformed");
  const headerBytes = decodedPart(headerPart);
  const payload = decodedPart(payloadPart);
  const signature = decodedPart(signaturePart);
  if (headerBytes === null || payload === null || signature === null) return refused("malformed");

  const header = readTokenJson(headerBytes);
  if (header === null) return refused("header");
  if (NOT_UNDERSTOOD.some((name) => Object.hasOwn(header, name))) return refused("critical");
  const [alg, kid, typ, cty] = ["alg", "kid", "typ", "cty"].map((name) => textParameter(header, name));
  if (typeof alg !== "string" || kid === undefined || typ === undefined || cty === undefined) return refused("header");
  return {
    ok: true,
    jws: {
      header,
      alg,
      kid,
      typ: typ?.toLowerCase().replace(/^application\//, "") ?? null,
      payload,
      signature,
      signingInput: `${headerPart}.${payloadPart}`,
    },
  };
}

/** A header's or a claims set's JSON object, every name once; null for anything else. */
export function readTokenJson(
  bytes: Uint8Array,
  limits: JsonLimits = TOKEN_JSON,
): Readonly<Record<string, unknown>> | null {
  const read = readJsonObject(bytes, limits);
  return read.ok ? read.value : null;
}

/** Whether the header names a key of its own, wherever that key would come from. */
export function bringsOwnKey(header: Readonly<Record<string, unknown>>): boolean {
  return OWN_KEY_PARAMETERS.some((name) => Object.hasOwn(header, name));
}

/** Null where the parameter is absent, undefined where it is there and is no text. */
function textParameter(header: Readonly<Record<string, unknown>>, name: string): string | null | undefined {
  if (!Object.hasOwn(header, name)) return null;
  const value = header[name];
  return typeof value === "string" ? value : undefined;
}

/** Null on a stray character, padding, or trailing bits that are not zero (RFC 4648, section 3.5). */
function decodedPart(part: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(part);
  } catch {
    return null;
  }
}

function refused(fault: FormFault): JwsReading {
  return { ok: false, fault };
}

// HTTP message signatures (RFC 9421) with Ed25519, for requests: which parts of a message are covered, in which order,
// is fixed here, so a verifier rebuilds the one possible text and compares, and nothing is left to be negotiated.
//
//   signature-input: sig=("@method" "@path" "@query" "content-type" "content-digest");created=…;expires=…;
//                        nonce="…";keyid="…";alg="ed25519";tag="…"
//   signature:       sig=:…:
//
// Without a body the two content fields are absent, and then a body must be absent too. The audience is part of `tag`
// (`bartizan/origin/NAME`), so a request to one origin is none to another. Replies: reply-signature.ts.
import { fromBase64, toBase64, utf8 } from "../protocol/encoding.ts";

/** An imported Ed25519 key: `crypto.subtle` does not say which curve a key is for until it is used. */
export type SignatureKey = Parameters<typeof crypto.subtle.sign>[1];

/** A private key and the name under which the other side knows its public half. */
export interface Signer {
  readonly keyid: string;
  readonly key: SignatureKey;
}

/** The parts of a request that a signature covers. */
export interface CoveredRequest {
  readonly method: string;
  /** path and query as they go over the wire */
  readonly target: string;
  /** value of Content-Type, null without a body */
  readonly contentType: string | null;
  /** value of Content-Digest (content-digest.ts), null without a body */
  readonly contentDigest: string | null;
}

/** Parameters of a request's signature. Times are Unix seconds. */
export interface RequestParams {
  readonly createdS: number;
  readonly expiresS: number;
  /** base64url, at least 96 bits of randomness; never twice within the signature's life */
  readonly nonce: string;
  readonly tag: string;
}

/** The two fields of a signed message. */
export type SignatureFields = { readonly "signature-input": string; readonly signature: string };

/** What a verifier demands beyond a valid signature. */
export interface RequestExpectation {
  readonly tag: string;
  /** the key of this id, or undefined where there is none */
  readonly keyOf: (keyid: string) => SignatureKey | undefined;
  readonly nowS: number;
  /** clocks may differ by this, and a signature may be as old */
  readonly skewS: number;
  /** the longest life that a signature may claim */
  readonly maxLifeS: number;
}

/** Why a signature was refused. */
export type SignatureFault =
  | "missing"
  | "malformed"
  | "wrong_tag"
  | "unknown_key"
  | "not_yet_valid"
  | "expired"
  | "too_long"
  | "bad_signature";

export type RequestVerdict =
  /** `nonce` must still be looked up: this room has no memory */
  | {
      readonly ok: true;
      readonly keyid: string;
      readonly nonce: string;
      readonly createdS: number;
      readonly expiresS: number;
    }
  | { readonly ok: false; readonly fault: SignatureFault };

const PARAMS =
  /^;created=(\d{1,12});expires=(\d{1,12});nonce="([A-Za-z0-9_-]{16,128})";keyid="([A-Za-z0-9._:-]{1,128})";alg="ed25519";tag="([A-Za-z0-9._/-]{1,128})"$/;

/** Signs a request: one Ed25519 operation. @throws TypeError where a part cannot stand in a signature base */
export async function signRequest(
  request: CoveredRequest,
  params: RequestParams,
  signer: Signer,
): Promise<SignatureFields> {
  const { createdS, expiresS, nonce, tag } = params;
  const text = `;created=${createdS};expires=${expiresS};nonce="${nonce}";keyid="${signer.keyid}";alg="ed25519";tag="${tag}"`;
  const base = requestBase(request, text);
  if (base === null || !PARAMS.test(text)) throw new TypeError("a part of the request cannot be signed");
  return await signBase(base, coverage(request) + text, signer.key);
}

/** Verifies everything but the nonce's novelty and the body's digest, which are the caller's. */
export async function verifyRequest(
  request: CoveredRequest,
  fields: { readonly signatureInput: string | null; readonly signature: string | null },
  expected: RequestExpectation,
): Promise<RequestVerdict> {
  if (fields.signatureInput === null || fields.signature === null) return { ok: false, fault: "missing" };
  const prefix = `sig=${coverage(request)}`;
  const text = fields.signatureInput.slice(prefix.length);
  const [, created, expires, nonce, keyid, tag] = PARAMS.exec(text) ?? [];
  const base = requestBase(request, text);
  if (!fields.signatureInput.startsWith(prefix) || nonce === undefined || keyid === undefined || base === null)
    return { ok: false, fault: "malformed" };
  if (tag !== expected.tag) return { ok: false, fault: "wrong_tag" };
  const key = expected.keyOf(keyid);
  if (key === undefined) return { ok: false, fault: "unknown_key" };
  const createdS = Number(created);
  const expiresS = Number(expires);
  if (createdS > expected.nowS + expected.skewS) return { ok: false, fault: "not_yet_valid" };
  if (createdS < expected.nowS - expected.skewS || expiresS <= expected.nowS) return { ok: false, fault: "expired" };
  if (expiresS - createdS > expected.maxLifeS) return { ok: false, fault: "too_long" };
  if (!(await verifyBase(base, fields.signature, key))) return { ok: false, fault: "bad_signature" };
  return { ok: true, keyid, nonce, createdS, expiresS };
}

/** Signs a base (RFC 9421, section 2.5) under the label `sig`. */
export async function signBase(base: string, input: string, key: SignatureKey): Promise<SignatureFields> {
  const signature = await crypto.subtle.sign("Ed25519", key, utf8(base));
  return { "signature-input": `sig=${input}`, signature: `sig=:${toBase64(new Uint8Array(signature))}:` };
}

/** Whether `sig=:base64:` is this key's signature of the base. */
export async function verifyBase(base: string, field: string, key: SignatureKey): Promise<boolean> {
  const [, encoded] = /^sig=:([A-Za-z0-9+/]{86}==):$/.exec(field) ?? [];
  if (encoded === undefined) return false;
  try {
    return await crypto.subtle.verify("Ed25519", key, fromBase64(encoded), utf8(base));
  } catch {
    return false;
  }
}

/** A field's value as a base may hold it: one line of visible ASCII without outer spaces (RFC 9421, section 2.1). */
export function isFieldValue(value: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
}

function coverage(request: CoveredRequest): string {
  const content = request.contentDigest === null ? "" : ' "content-type" "content-digest"';
  return `("@method" "@path" "@query"${content})`;
}

/** The signature base, or null where a component could not be told apart from another line. */
function requestBase(request: CoveredRequest, params: string): string | null {
  const { method, target, contentType, contentDigest } = request;
  if ((contentType === null) !== (contentDigest === null)) return null;
  if (!/^[A-Z]{1,16}$/.test(method) || !/^\/[\x21-\x22\x24-\x7e]*$/.test(target)) return null;
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  // RFC 9421, section 2.2.7: an absent query is signed as a lone question mark
  const query = at < 0 ? "?" : target.slice(at);
  const lines = [`"@method": ${method}`, `"@path": ${path}`, `"@query": ${query}`];
  if (contentType !== null && contentDigest !== null) {
    if (!isFieldValue(contentType) || !isFieldValue(contentDigest)) return null;
    lines.push(`"content-type": ${contentType}`, `"content-digest": ${contentDigest}`);
  }
  lines.push(`"@signature-params": ${coverage(request)}${params}`);
  return lines.join("\n");
}

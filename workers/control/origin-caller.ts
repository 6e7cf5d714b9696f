// Which enrolled origin sent a request to control: its RFC 9421 signature under its own key, over method, path, query
// and body, no older than 30 s. Keys are imported once an isolate; only finished keys are kept, never a promise.
import type { JWK } from "jose";
import { importJWK } from "jose";
import { matchesContentDigest } from "../../identity/content-digest.ts";
import { CONTROL_TAG, REQUEST_LIFE_S } from "../../identity/http-signature.ts";
import { type SignatureKey, verifyRequest } from "../../identity/message-signature.ts";

/** `ENROLLED_ORIGINS`: public keys by origin. */
export interface Enrolment {
  /** Ed25519 */
  readonly signing_key: JWK;
  /** X25519 */
  readonly encryption_key: JWK;
  /** names of the models it may have; absent: any */
  readonly models?: readonly string[] | undefined;
}
export type EnrolledOrigins = Readonly<Record<string, Enrolment>>;

/** An origin whose signature was verified. */
export interface Caller {
  readonly name: string;
  readonly enrolment: Enrolment;
  readonly nonce: string;
  /** read whole, and what the signature covers */
  readonly body: Uint8Array;
}

/** Seconds by which clocks may differ. */
const SKEW_S = 30;
/** A body here is one digest. */
const MAX_BODY_BYTES = 1024;

/** A function that tells the caller of a request, or null for whatever reason: the answer is the same 401. */
export function originAuthenticator(
  origins: EnrolledOrigins,
  now: () => number,
): (request: Request) => Promise<Caller | null> {
  const keys = new Map<string, SignatureKey>();

  return async (request) => {
    const input = request.headers.get("signature-input");
    const [, name] = /;keyid="([a-z0-9_-]{1,63})";/.exec(input ?? "") ?? [];
    const enrolment = name !== undefined && Object.hasOwn(origins, name) ? origins[name] : undefined;
    if (name === undefined || enrolment === undefined) return null;
    const body = await readBody(request);
    if (body === null) return null;
    const key = keys.get(name) ?? (await importJWK(enrolment.signing_key, "EdDSA"));
    if (key instanceof Uint8Array) return null;
    keys.set(name, key);
    const digest = request.headers.get("content-digest");
    if (digest === null ? body.length > 0 : !(await matchesContentDigest(digest, body))) return null;
    const url = new URL(request.url);
    const verdict = await verifyRequest(
      {
        method: request.method,
        target: url.pathname + url.search,
        contentType: digest === null ? null : request.headers.get("content-type"),
        contentDigest: digest,
      },
      { signatureInput: input, signature: request.headers.get("signature") },
      {
        tag: CONTROL_TAG,
        keyOf: (keyid) => (keyid === name ? key : undefined),
        nowS: now() / 1000,
        skewS: SKEW_S,
        maxLifeS: REQUEST_LIFE_S,
      },
    );
    return verdict.ok ? { name, enrolment, nonce: verdict.nonce, body } : null;
  };
}

/** The body, or null where it is larger than any that a route here takes. */
async function readBody(request: Request): Promise<Uint8Array | null> {
  const body = new Uint8Array(MAX_BODY_BYTES);
  let filled = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) return body.subarray(0, filled);
    if (filled + part.value.length > MAX_BODY_BYTES) {
      await reader?.cancel();
      return null;
    }
    body.set(part.value, filled);
    filled += part.value.length;
  }
}

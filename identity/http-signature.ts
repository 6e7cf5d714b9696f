// Signed HTTP between gateway, origins and control (RFC 9421, RFC 9530), as those rooms use it: headers for a request,
// and the judgement of an origin's reply. What is covered, and how, is in message-signature.ts and reply-signature.ts.
import { MODEL_DIGEST } from "../protocol/headers.ts";
import { contentDigestOf } from "./content-digest.ts";
import { type SignatureFault, type SignatureKey, type Signer, signRequest } from "./message-signature.ts";
import { verifyResponse } from "./reply-signature.ts";

/** Seconds that a signed request lives. */
export const REQUEST_LIFE_S = 30;
/** Value of `bartizan-model-digest` on replies in which no model had a part. */
export const NO_MODEL = "none";

/** Audience of requests to an origin. */
export function originTag(name: string): string {
  return `bartizan/origin/${name}`;
}

/** Audience of an origin's requests to control. */
export const CONTROL_TAG = "bartizan/control";

export interface OriginRequestInput {
  /** name of the origin in policy, under which it was enrolled */
  readonly origin: string;
  readonly method: string;
  /** path and query exactly as they are sent: `new URL(address)`'s pathname and search */
  readonly target: string;
  /** SHA-256 of the body, which goes as application/json; null without a body */
  readonly bodySha256: Uint8Array | null;
  readonly nowMs: number;
  /** base64url of at least 16 random bytes */
  readonly nonce: string;
  /** the gateway's request key, imported once; `keyid` is its `kid` */
  readonly signer: Signer;
}

/** The headers to add to a request: `content-type` and `content-digest` with a body, `signature-input`, `signature`. */
export async function signOriginRequest(input: OriginRequestInput): Promise<Record<string, string>> {
  return await signed(input, originTag(input.origin));
}

/** The same for an origin's request to control; there the key id is the origin's name. */
export async function signControlRequest(input: Omit<OriginRequestInput, "origin">): Promise<Record<string, string>> {
  return await signed(input, CONTROL_TAG);
}

export interface OriginReplyInput {
  readonly status: number;
  /** the reply's headers */
  readonly headers: { get(name: string): string | null };
  /** the `signature` field that {@link signOriginRequest} gave for the request */
  readonly requestSignature: string;
  readonly origin: string;
  /** the enrolled origin's public signing key, imported once */
  readonly key: SignatureKey;
  /** digest that policy names for the model version, null where it names none */
  readonly expectedDigest: string | null;
}

export type OriginReplyVerdict =
  | { readonly ok: true; readonly modelDigest: string }
  | { readonly ok: false; readonly fault: SignatureFault | "wrong_model" };

/** Whether the enrolled origin answers this very request, and, where it succeeded, with the model that policy names. */
export async function verifyOriginReply(input: OriginReplyInput): Promise<OriginReplyVerdict> {
  const { status, headers, requestSignature, origin, key, expectedDigest } = input;
  const modelDigest = headers.get(MODEL_DIGEST);
  const contentType = headers.get("content-type");
  if (modelDigest === null || contentType === null) return { ok: false, fault: "missing" };
  const fields = { signatureInput: headers.get("signature-input"), signature: headers.get("signature") };
  const reply = { status, contentType, modelDigest, requestSignature };
  const verdict = await verifyResponse(reply, fields, { keyid: origin, key });
  if (!verdict.ok) return verdict;
  // a refusal may come before a model was chosen, an answer may not
  const answered = status >= 200 && status < 300;
  if (answered && expectedDigest !== null && modelDigest !== expectedDigest) return { ok: false, fault: "wrong_model" };
  return { ok: true, modelDigest };
}

async function signed(input: Omit<OriginRequestInput, "origin">, tag: string): Promise<Record<string, string>> {
  const content =
    input.bodySha256 === null
      ? null
      : { "content-type": "application/json", "content-digest": contentDigestOf(input.bodySha256) };
  const createdS = Math.floor(input.nowMs / 1000);
  const fields = await signRequest(
    {
      method: input.method,
      target: input.target,
      contentType: content?.["content-type"] ?? null,
      contentDigest: content?.["content-digest"] ?? null,
    },
    { createdS, expiresS: createdS + REQUEST_LIFE_S, nonce: input.nonce, tag },
    input.signer,
  );
  return { ...content, ...fields };
}

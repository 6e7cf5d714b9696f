// The head of an origin's reply, signed (RFC 9421, section 2.4): status, content type, the digest of the model that
// answers, and the request's own signature, which ties it to one request and so needs no time of its own.
//
//   signature-input: sig=("@status" "content-type" "bartizan-model-digest" "signature";req);created=…;keyid="…";
//                        alg="ed25519";tag="bartizan/reply"
//
// The body is not covered: it streams. Whoever sits inside the tunnel's TLS could change it, though not its model.
import {
  isFieldValue,
  type SignatureFault,
  type SignatureFields,
  type Signer,
  signBase,
  verifyBase,
} from "./message-signature.ts";

const COVERAGE = '("@status" "content-type" "bartizan-model-digest" "signature";req)';
const PARAMS = /^;created=\d{1,12};keyid="([A-Za-z0-9._:-]{1,128})";alg="ed25519";tag="bartizan\/reply"$/;

/** The parts of a reply that its signature covers. */
export interface CoveredReply {
  readonly status: number;
  readonly contentType: string;
  /** `sha256:…`, or `none` where no model had a part in the answer */
  readonly modelDigest: string;
  /** the Signature field of the request that is answered, as it was sent */
  readonly requestSignature: string;
}

export type ReplyVerdict = { readonly ok: true } | { readonly ok: false; readonly fault: SignatureFault };

/** Signs the head of a reply. @param createdS Unix seconds, for the reader of a trace only */
export async function signResponse(reply: CoveredReply, createdS: number, signer: Signer): Promise<SignatureFields> {
  const params = `;created=${createdS};keyid="${signer.keyid}";alg="ed25519";tag="bartizan/reply"`;
  const base = replyBase(reply, params);
  if (base === null || !PARAMS.test(params)) throw new TypeError("a part of the reply cannot be signed");
  return await signBase(base, COVERAGE + params, signer.key);
}

/** Whether the origin known as `keyid` signed this head for exactly this request. */
export async function verifyResponse(
  reply: CoveredReply,
  fields: { readonly signatureInput: string | null; readonly signature: string | null },
  origin: Signer,
): Promise<ReplyVerdict> {
  if (fields.signatureInput === null || fields.signature === null) return { ok: false, fault: "missing" };
  const prefix = `sig=${COVERAGE}`;
  const params = fields.signatureInput.slice(prefix.length);
  const [, keyid] = PARAMS.exec(params) ?? [];
  const base = replyBase(reply, params);
  if (!fields.signatureInput.startsWith(prefix) || keyid === undefined || base === null)
    return { ok: false, fault: "malformed" };
  if (keyid !== origin.keyid) return { ok: false, fault: "unknown_key" };
  return (await verifyBase(base, fields.signature, origin.key)) ? { ok: true } : { ok: false, fault: "bad_signature" };
}

function replyBase(reply: CoveredReply, params: string): string | null {
  const { status, contentType, modelDigest, requestSignature } = reply;
  if (!Number.isInteger(status) || status < 200 || status > 599) return null;
  if (![contentType, modelDigest, requestSignature].every(isFieldValue)) return null;
  return [
    `"@status": ${status}`,
    `"content-type": ${contentType}`,
    `"bartizan-model-digest": ${modelDigest}`,
    `"signature";req: ${requestSignature}`,
    `"@signature-params": ${COVERAGE}${params}`,
  ].join("\n");
}

// Requests that a client signs (RFC 9421) with the key that its token is bound to (`cnf.jwk`), for those who must be
// able to show later who asked what: the signature covers method, target, body digest (RFC 9530) and the token itself.
//
//   Signature-Input: sig=("@method" "@target-uri" "content-digest" "authorization");created=…;expires=…;
//                        nonce="…";keyid="JKT";tag="bartizan/request"
//
// The body is not here yet: its digest is an obligation that `read` discharges. A signature is good once: `replayKey`.
import type { Confirmation } from "./confirmation.ts";
import { importPublicKey, type PublicMembers } from "./jwk.ts";
import { type JwsAlgorithm, verifySignature } from "./jws-algorithms.ts";
import { type ReplayGuard, replayKeyOf } from "./replay.ts";
import { readSignatureInput, type SignatureInput, type SignedMessage, signatureBase } from "./signature-input.ts";

/** Audience of a client's signature: not an origin's, not control's. */
export const CLIENT_REQUEST_TAG = "bartizan/request";

export interface SignedRequestLimits {
  /** Seconds from `created` to `expires`: how long the ledger must remember it. */
  readonly maxLifeS: number;
  /** Seconds by which the client's clock may be off, both ways. */
  readonly skewS: number;
}

export const SIGNED_REQUEST_LIMITS: SignedRequestLimits = { maxLifeS: 300, skewS: 30 };

export interface SignedRequestInput extends SignedMessage {
  /** whether a body comes with the request, of whatever length */
  readonly hasBody: boolean;
  /** the header that the token was taken from */
  readonly credentialField: "authorization" | "x-api-key";
  /** of the verified token */
  readonly confirmation: Extract<Confirmation, { readonly kind: "signature" }>;
  readonly nowMs: number;
  readonly limits?: SignedRequestLimits;
}

export type SignedRequestFault =
  | "missing"
  | "malformed"
  /** a component that must be covered is not */
  | "uncovered"
  | "wrong_tag"
  | "wrong_key"
  | "algorithm"
  | "not_yet_valid"
  | "expired"
  | "too_long"
  | "bad_signature";

export type SignedRequestVerdict =
  | ({
      readonly ok: true;
      readonly jkt: string;
      /** the Content-Digest field that the body must still match (content-digest.ts); null where none was covered */
      readonly contentDigest: string | null;
    } & ReplayGuard)
  | { readonly ok: false; readonly fault: SignedRequestFault };

/** RFC 9421, section 3.3: the algorithms that a client's key may have, one a curve. */
const ALGORITHMS: ReadonlyMap<string, { readonly name: string; readonly alg: JwsAlgorithm }> = new Map([
  ["Ed25519", { name: "ed25519", alg: "EdDSA" }],
  ["P-256", { name: "ecdsa-p256-sha256", alg: "ES256" }],
  ["P-384", { name: "ecdsa-p384-sha384", alg: "ES384" }],
]);

/** Judges a request's signature under the token's own key. Never throws for what the request says. */
export async function verifySignedRequest(input: SignedRequestInput): Promise<SignedRequestVerdict> {
  const { headers, confirmation } = input;
  const [inputField, signatureField] = [headers.get("signature-input"), headers.get("signature")];
  if (inputField === null || signatureField === null) return refused("missing");
  const read = readSignatureInput(inputField, signatureField);
  if (read === null) return refused("malformed");
  if (!covers(read.components, input)) return refused("uncovered");
  const times = timesOf(read.params, input);
  if (typeof times === "string") return refused(times);
  if (read.params.get("tag") !== CLIENT_REQUEST_TAG) return refused("wrong_tag");
  if (read.params.get("keyid") !== confirmation.jkt) return refused("wrong_key");
  const fault = await signatureFault(read, input, confirmation.key);
  if (fault !== null) return refused(fault);
  return {
    ok: true,
    jkt: confirmation.jkt,
    contentDigest: read.components.includes("content-digest") ? headers.get("content-digest") : null,
    replayKey: await replayKeyOf("signature", confirmation.jkt, times.nonce),
    replayUntilMs: times.goodUntilMs,
  };
}

/** Method, the whole target, the token, and the body's digest where there is a body: less would leave a part to a thief. */
function covers(components: readonly string[], input: SignedRequestInput): boolean {
  const has = (...names: string[]): boolean => names.every((name) => components.includes(name));
  const query = URL.canParse(input.url) && new URL(input.url).search !== "";
  const target = has("@target-uri") || (has("@authority", "@path") && (!query || has("@query")));
  return has("@method", input.credentialField) && target && (!input.hasBody || has("content-digest"));
}

function timesOf(
  params: SignatureInput["params"],
  { nowMs, limits }: SignedRequestInput,
): { readonly nonce: string; readonly goodUntilMs: number } | SignedRequestFault {
  const [created, expires, nonce] = ["created", "expires", "nonce"].map((name) => params.get(name));
  if (typeof created !== "number" || typeof expires !== "number") return "malformed";
  if (typeof nonce !== "string" || !/^[\x21-\x7e]{16,256}$/.test(nonce)) return "malformed";
  const { maxLifeS, skewS } = limits ?? SIGNED_REQUEST_LIMITS;
  const goodUntilMs = (expires + skewS) * 1000;
  if (created * 1000 > nowMs + skewS * 1000) return "not_yet_valid";
  if (goodUntilMs <= nowMs) return "expired";
  return expires - created > maxLifeS || expires < created ? "too_long" : { nonce, goodUntilMs };
}

async function signatureFault(
  read: SignatureInput,
  message: SignedMessage,
  key: PublicMembers,
): Promise<SignedRequestFault | null> {
  const algorithm = requestAlgorithm(key);
  if (algorithm === null || (read.params.get("alg") ?? algorithm.name) !== algorithm.name) return "algorithm";
  const base = signatureBase(message, read.components, read.text);
  if (base === null) return "malformed";
  const imported = await importPublicKey(key, algorithm.alg);
  const good = imported !== null && (await verifySignature(algorithm.alg, imported, base, read.signature));
  return good ? null : "bad_signature";
}

/** How a key of this kind signs requests; null where it cannot, and then no token should be bound to it. */
export function requestAlgorithm(key: PublicMembers): { readonly name: string; readonly alg: JwsAlgorithm } | null {
  return "crv" in key ? (ALGORITHMS.get(key.crv) ?? null) : null;
}

function refused(fault: SignedRequestFault): SignedRequestVerdict {
  return { ok: false, fault };
}

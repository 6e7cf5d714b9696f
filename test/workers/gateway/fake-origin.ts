// An enrolled origin as its replies look to the gateway: each head signed for the request that it answers, or wrong in one
// respect.
import { importJWK, type JWK } from "jose";
import { originTag } from "../../../identity/http-signature.ts";
import { verifyRequest } from "../../../identity/message-signature.ts";
import { signResponse } from "../../../identity/reply-signature.ts";
import { MODEL_DIGEST } from "../../../protocol/headers.ts";
import { bindings } from "./edge.ts";

export const DIGEST = `sha256:${"a".repeat(64)}`;

const given = bindings as unknown as { readonly ORIGIN_KEY: string; readonly ORIGIN_REQUEST_KEY: string };

async function keyOf(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError("no key");
  return key;
}

export interface ReplyParts {
  readonly status?: number;
  readonly contentType?: string;
  readonly digest?: string;
  /** what is signed in the place of the parts above */
  readonly signed?: { readonly status?: number; readonly contentType?: string; readonly digest?: string };
  readonly requestSignature?: string;
  readonly key?: CryptoKey;
  readonly keyid?: string;
  readonly without?: readonly string[];
}

export async function signedReply(request: Request, body: BodyInit | null, parts: ReplyParts = {}): Promise<Response> {
  const { status = 200, contentType = "application/json", digest = DIGEST, signed = {}, without = [] } = parts;
  const fields = await signResponse(
    {
      status: signed.status ?? status,
      contentType: signed.contentType ?? contentType,
      modelDigest: signed.digest ?? digest,
      requestSignature: parts.requestSignature ?? request.headers.get("signature") ?? "",
    },
    Math.floor(Date.now() / 1000),
    { keyid: parts.keyid ?? "edge", key: parts.key ?? (await keyOf(JSON.parse(given.ORIGIN_KEY) as JWK)) },
  );
  const headers = new Headers({ "content-type": contentType, [MODEL_DIGEST]: digest, ...fields });
  for (const name of without) headers.delete(name);
  return new Response(body, { status, headers });
}

/** Whether the gateway signed this request, for this origin and this body, as an origin judges it. */
export async function isSigned(request: Request): Promise<boolean> {
  const { d: _secret, ...open } = JSON.parse(given.ORIGIN_REQUEST_KEY) as JWK;
  const key = await keyOf(open);
  const { pathname, search } = new URL(request.url);
  const body = new Uint8Array(await request.clone().arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const contentDigest = body.length === 0 ? null : `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
  const verdict = await verifyRequest(
    {
      method: request.method,
      target: pathname + search,
      contentType: contentDigest === null ? null : request.headers.get("content-type"),
      contentDigest,
    },
    { signatureInput: request.headers.get("signature-input"), signature: request.headers.get("signature") },
    {
      tag: originTag("edge"),
      keyOf: (keyid) => (keyid === "gateway-1" ? key : undefined),
      nowS: Math.floor(Date.now() / 1000),
      skewS: 5,
      maxLifeS: 60,
    },
  );
  return verdict.ok;
}

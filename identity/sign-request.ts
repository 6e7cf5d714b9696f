// The client's side of signed-request.ts: the two headers to add. For tools and tests of this project; any library of
// RFC 9421 makes the same.
import { toBase64, utf8 } from "../protocol/encoding.ts";
import type { PublicMembers } from "./jwk.ts";
import type { SignatureFields } from "./message-signature.ts";
import { type SignedMessage, signatureBase } from "./signature-input.ts";
import { CLIENT_REQUEST_TAG, requestAlgorithm } from "./signed-request.ts";

/** Who holds the private key can sign as the holder of every token that is bound to it. */
export interface ClientSigner {
  readonly privateKey: CryptoKey;
  readonly key: PublicMembers;
  /** thumbprint of `key` */
  readonly jkt: string;
}

export interface RequestSignature {
  /** what is covered, in this order; the headers among them must be set already */
  readonly components: readonly string[];
  /** at least 16 characters, never twice */
  readonly nonce: string;
  readonly createdS: number;
  readonly expiresS: number;
}

/** @throws TypeError where the request or the key cannot be signed with */
export async function signClientRequest(
  message: SignedMessage,
  { components, nonce, createdS, expiresS }: RequestSignature,
  { privateKey, key, jkt }: ClientSigner,
): Promise<SignatureFields> {
  const list = components.map((name) => `"${name}"`).join(" ");
  const times = `created=${createdS};expires=${expiresS}`;
  const text = `(${list});${times};nonce="${nonce}";keyid="${jkt}";tag="${CLIENT_REQUEST_TAG}"`;
  const base = signatureBase(message, components, text);
  const algorithm = requestAlgorithm(key);
  if (base === null || algorithm === null) throw new TypeError("the request cannot be signed");
  // the names are the same as the hash's: ES256 with SHA-256, ES384 with SHA-384
  const how =
    algorithm.alg === "EdDSA" ? { name: "Ed25519" } : { name: "ECDSA", hash: `SHA-${algorithm.alg.slice(2)}` };
  const signature = await crypto.subtle.sign(how, privateKey, utf8(base));
  return { "signature-input": `sig=${text}`, signature: `sig=:${toBase64(new Uint8Array(signature))}:` };
}

// Signatures of model publishers: JWS in compact form (RFC 7515) with Ed25519 (RFC 8037), one `typ` a kind of
// statement, so that a signature made for one is never taken for another.
//
// Who holds a publisher's private key can make every origin load a model of their choosing.
import { CompactSign, type CryptoKey, compactVerify, importJWK, type JWK } from "jose";
import { utf8 } from "../protocol/encoding.ts";

export type StatementType = "bartizan-manifest+jws" | "bartizan-pointer+jws";

/** Public keys whose signature counts, by `kid`, imported once. */
export type PublisherKeys = ReadonlyMap<string, CryptoKey>;

/** Why a statement was refused; without its text, which nobody vouches for. */
export type StatementFault = "unsigned" | "unknown_key" | "bad_signature" | "wrong_type" | "bad_content";

export class StatementError extends Error {
  readonly fault: StatementFault;
  constructor(fault: StatementFault) {
    super(`statement refused: ${fault}`);
    this.name = "StatementError";
    this.fault = fault;
  }
}

/** @throws TypeError where a key is not Ed25519, is private, has no `kid`, or a `kid` comes twice */
export async function importPublisherKeys(jwks: readonly JWK[]): Promise<PublisherKeys> {
  const keys = new Map<string, CryptoKey>();
  for (const jwk of jwks) keys.set(kidOf(jwk, keys), await importEd25519({ ...jwk }, "public"));
  return keys;
}

/** A publisher's signing key, imported once. */
export interface PublisherSigner {
  readonly kid: string;
  readonly key: CryptoKey;
}

export async function importPublisherSigner(jwk: JWK): Promise<PublisherSigner> {
  return { kid: kidOf(jwk, new Map()), key: await importEd25519(jwk, "private") };
}

/** Signs a statement: compact JWS over its JSON. */
export async function signStatement(typ: StatementType, payload: object, signer: PublisherSigner): Promise<string> {
  return await new CompactSign(utf8(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "EdDSA", typ, kid: signer.kid })
    .sign(signer.key);
}

/** The JSON of a statement that a known key signed as this type. @throws StatementError */
export async function verifyStatement(typ: StatementType, jws: string, keys: PublisherKeys): Promise<unknown> {
  const header = headerOf(jws);
  if (header.alg !== "EdDSA") throw new StatementError("unsigned");
  if (header.typ !== typ) throw new StatementError("wrong_type");
  const key = typeof header.kid === "string" ? keys.get(header.kid) : undefined;
  if (key === undefined) throw new StatementError("unknown_key");
  const { payload } = await compactVerify(jws, key, { algorithms: ["EdDSA"] }).catch(() => {
    throw new StatementError("bad_signature");
  });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload));
  } catch {
    throw new StatementError("bad_content");
  }
}

function headerOf(jws: string): Record<string, unknown> {
  try {
    const [head, , signature, ...more] = jws.split(".");
    if (!head || !signature || more.length > 0) throw new SyntaxError();
    const header: unknown = JSON.parse(atob(head.replaceAll("-", "+").replaceAll("_", "/")));
    if (typeof header !== "object" || header === null) throw new SyntaxError();
    return header as Record<string, unknown>;
  } catch {
    throw new StatementError("unsigned");
  }
}

async function importEd25519(jwk: JWK, type: "public" | "private"): Promise<CryptoKey> {
  if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519") throw new TypeError("a publisher's key must be Ed25519");
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array || key.type !== type) throw new TypeError(`a ${type} key is needed here`);
  return key;
}

function kidOf(jwk: JWK, taken: ReadonlyMap<string, unknown>): string {
  if (!jwk.kid || taken.has(jwk.kid)) throw new TypeError("a publisher's key needs a kid of its own");
  return jwk.kid;
}

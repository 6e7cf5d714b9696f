// Makes tokens by hand, so that each part can be wrong alone. Keys are generated for every run.
import { importVerificationKeys, type KeySet } from "../../../identity/keys.ts";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";

export const NOW_MS = 1_800_000_000_000;
export const NOW_S = NOW_MS / 1000;
export const EXPECTED = { issuer: "https://issuer.test", audience: "https://gateway.test", nowMs: NOW_MS };

export interface Signer {
  readonly kid: string;
  readonly alg: "EdDSA" | "ES256";
  readonly privateKey: CryptoKey;
  readonly publicJwk: Record<string, unknown>;
}

export async function newSigner(kid: string, alg: "EdDSA" | "ES256" = "EdDSA"): Promise<Signer> {
  const algorithm = alg === "EdDSA" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, y } = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as Record<string, string>;
  return {
    kid,
    alg,
    privateKey: pair.privateKey,
    publicJwk: { kty, crv, x, ...(y === undefined ? {} : { y }), kid, alg },
  };
}

export function keySetText(signers: readonly [Signer, "api_key" | "access_token"][], generation = 1): string {
  return JSON.stringify({
    generation,
    keys: signers.map(([signer, signs]) => ({ ...signer.publicJwk, bartizan_signs: signs })),
  });
}

export async function keySetOf(...signers: [Signer, "api_key" | "access_token"][]): Promise<KeySet> {
  return await importVerificationKeys(keySetText(signers));
}

export function goodClaims(): Record<string, unknown> {
  return {
    iss: EXPECTED.issuer,
    aud: EXPECTED.audience,
    sub: "key_1",
    jti: "key_1",
    client_id: "key_1",
    tenant: "acme",
    account: "acct_1",
    scope: "infer:small embed:small",
    iat: NOW_S - 60,
    exp: NOW_S + 600,
  };
}

export function goodHeader(signer: Signer): Record<string, unknown> {
  return { alg: signer.alg, kid: signer.kid, typ: "at+jwt" };
}

/** Text in the place of an object is taken as the JSON itself. */
export async function tokenOf(
  signer: Signer,
  header: Record<string, unknown> | string,
  claims: Record<string, unknown> | string,
): Promise<string> {
  const part = (value: Record<string, unknown> | string) =>
    toBase64Url(utf8(typeof value === "string" ? value : JSON.stringify(value)));
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${toBase64Url(await signatureOf(signer, input))}`;
}

export async function signatureOf(signer: Signer, input: string): Promise<Uint8Array> {
  const algorithm = signer.alg === "EdDSA" ? { name: "Ed25519" } : { name: "ECDSA", hash: "SHA-256" };
  return new Uint8Array(await crypto.subtle.sign(algorithm, signer.privateKey, utf8(input)));
}

export async function goodToken(signer: Signer, over: Record<string, unknown> = {}): Promise<string> {
  return await tokenOf(signer, goodHeader(signer), { ...goodClaims(), ...over });
}

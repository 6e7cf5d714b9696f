// Key pairs: made, sealed for storage, and opened for the one moment of a signature. A private key exists in the clear
// only as a non-extractable CryptoKey in the directory's memory.
import type { FreshKey } from "../../../identity/key-lifecycle.ts";
import type { LifecycleKey } from "../../../identity/key-set.ts";
import type { CredentialKind, SignatureAlgorithm } from "../../../identity/keys.ts";
import type { SigningKey } from "../../../identity/tokens.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import { seal, unseal } from "./seal.ts";
import type { ConfiguredSigner } from "./settings.ts";
import type { KeyMaterial } from "./store.ts";

const PREFIX: Readonly<Record<CredentialKind, string>> = { api_key: "ak", access_token: "at" };
const GENERATED = {
  EdDSA: { name: "Ed25519" },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
} as const satisfies Record<SignatureAlgorithm, object>;

export interface MadeKey {
  readonly key: FreshKey;
  readonly material: KeyMaterial;
}

export async function makeKey(signs: CredentialKind, alg: SignatureAlgorithm, sealer: CryptoKey): Promise<MadeKey> {
  const kid = `${PREFIX[signs]}-${toBase64Url(random(12))}`;
  const pair = (await crypto.subtle.generateKey(GENERATED[alg], true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey;
  const key = { kid, signs, alg };
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer);
  const sealed = await seal(sealer, pkcs8, key, random(12));
  pkcs8.fill(0);
  return { key, material: { publicJwk: publicJwk(jwk, kid, alg), sealed } };
}

/** A key that the deployment began with, from now on sealed like any other. */
export async function adoptKey(
  { kid, jwk }: ConfiguredSigner,
  signs: CredentialKind,
  sealer: CryptoKey,
): Promise<KeyMaterial> {
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, GENERATED.EdDSA, true, ["sign"]);
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", key)) as ArrayBuffer);
  const sealed = await seal(sealer, pkcs8, { kid, signs, alg: "EdDSA" }, random(12));
  pkcs8.fill(0);
  return { publicJwk: publicJwk(jwk, kid, "EdDSA"), sealed };
}

/** Rejects where DIRECTORY_KEY is not the one under which the key was sealed. */
export async function openKey(
  { kid, signs, alg }: LifecycleKey,
  sealed: string,
  sealer: CryptoKey,
): Promise<SigningKey> {
  const pkcs8 = await unseal(sealer, sealed, { kid, signs, alg });
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, GENERATED[alg], false, ["sign"]);
  pkcs8.fill(0);
  return { kid, alg, key };
}

/** The published set, in the form of VERIFICATION_KEYS. */
export function keySetText(
  generation: number,
  keys: readonly { readonly signs: CredentialKind; readonly jwk: Readonly<Record<string, string>> }[],
): string {
  return JSON.stringify({ generation, keys: keys.map(({ signs, jwk }) => ({ ...jwk, bartizan_signs: signs })) });
}

function publicJwk(jwk: JsonWebKey, kid: string, alg: SignatureAlgorithm): Readonly<Record<string, string>> {
  const { kty = "", crv = "", x = "", y } = jwk;
  return { kty, crv, x, ...(y === undefined ? {} : { y }), kid, alg, use: "sig" };
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

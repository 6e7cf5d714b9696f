// Makes compact JWSs of any algorithm by hand, so that each part can be wrong alone. Keys are generated for every run.
import { type JwkSet, type JwksLimits, readJwks } from "../../../identity/jwks.ts";
import type { JwsAlgorithm } from "../../../identity/jws-algorithms.ts";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";

export interface AnySigner {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly privateKey: CryptoKey;
  /** public members, `kid` and `alg` */
  readonly jwk: Record<string, unknown>;
}

type Params = { name: string; namedCurve?: string; hash?: string; modulusLength?: number; publicExponent?: Uint8Array };
type SignParams = { name: string; hash?: string; saltLength?: number };

const EXPONENT = new Uint8Array([1, 0, 1]);
const rsa = (name: string, bits: number): [Params, SignParams] => [
  { name, hash: `SHA-${bits}`, modulusLength: 2048, publicExponent: EXPONENT },
  name === "RSA-PSS" ? { name, saltLength: bits / 8 } : { name },
];
const ec = (namedCurve: string, bits: number): [Params, SignParams] => [
  { name: "ECDSA", namedCurve },
  { name: "ECDSA", hash: `SHA-${bits}` },
];
const plain = (name: string): [Params, SignParams] => [{ name }, { name }];

const HOW: Readonly<Record<JwsAlgorithm, [Params, SignParams]>> = {
  EdDSA: plain("Ed25519"),
  Ed25519: plain("Ed25519"),
  ES256: ec("P-256", 256),
  ES384: ec("P-384", 384),
  ES512: ec("P-521", 512),
  RS256: rsa("RSASSA-PKCS1-v1_5", 256),
  RS384: rsa("RSASSA-PKCS1-v1_5", 384),
  RS512: rsa("RSASSA-PKCS1-v1_5", 512),
  PS256: rsa("RSA-PSS", 256),
  PS384: rsa("RSA-PSS", 384),
  PS512: rsa("RSA-PSS", 512),
  "ML-DSA-44": plain("ML-DSA-44"),
  "ML-DSA-65": plain("ML-DSA-65"),
  "ML-DSA-87": plain("ML-DSA-87"),
};
const PUBLIC = ["kty", "crv", "x", "y", "n", "e", "pub"];

/** Null where the runtime has no such algorithm. */
export async function tryAnySigner(alg: JwsAlgorithm, kid: string): Promise<AnySigner | null> {
  try {
    return await anySigner(alg, kid);
  } catch {
    return null;
  }
}

export async function anySigner(alg: JwsAlgorithm, kid: string): Promise<AnySigner> {
  const [params] = HOW[alg];
  const generate = crypto.subtle.generateKey.bind(crypto.subtle) as (
    algorithm: Params,
    extractable: boolean,
    usages: readonly string[],
  ) => Promise<CryptoKeyPair>;
  const pair = await generate(params, true, ["sign", "verify"]);
  const exported = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as Record<string, unknown>;
  const jwk = Object.fromEntries(
    PUBLIC.filter((name) => exported[name] !== undefined).map((name) => [name, exported[name]]),
  );
  return { kid, alg, privateKey: pair.privateKey, jwk: { ...jwk, kid, alg } };
}

/** Text in the place of an object is taken as it stands. */
export async function jwsOf(
  signer: AnySigner,
  header: Record<string, unknown> | string,
  payload: Record<string, unknown> | string,
): Promise<string> {
  const part = (value: Record<string, unknown> | string) =>
    toBase64Url(utf8(typeof value === "string" ? value : JSON.stringify(value)));
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${toBase64Url(await rawSignature(signer, input))}`;
}

export async function rawSignature({ alg, privateKey }: AnySigner, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(HOW[alg][1], privateKey, utf8(text)));
}

export function jwksOf(keys: readonly Record<string, unknown>[], limits?: JwksLimits): JwkSet {
  const set = readJwks({ keys }, limits);
  if (set === null) throw new Error("no key set");
  return set;
}

export function without(jwk: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
}

// Enrolled origins as a Worker reaches them: their addresses and public keys, and the private key that signs requests to
// them. Used by the gateway's origin backend and by the local Workers AI stand-in.
//
// Who holds ORIGIN_REQUEST_KEY can have any enrolled origin that he can reach answer any prompt, unmetered and unlogged.
// He cannot mint tokens: no token verifier accepts this key.
import { importJWK, type JWK } from "jose";
import { z } from "zod";
import { signOriginRequest, verifyOriginReply } from "../identity/http-signature.ts";
import { toBase64Url } from "../protocol/encoding.ts";

export interface OriginEnv {
  readonly ORIGINS?: string;
  readonly ORIGIN_REQUEST_KEY?: string;
  readonly ORIGIN_API_KEYS?: string;
}

export interface OriginPeer {
  readonly url: string;
  /** Headers that make the request this gateway's own. */
  sign(method: string, target: string, bodySha256: Uint8Array | null, nowMs: number): Promise<Record<string, string>>;
  /** True where the reply's head is signed by this origin, for this request, and names the digest, where one is expected. */
  verify(signedHeaders: Record<string, string>, reply: Response, expectedDigest: string | null): Promise<boolean>;
}

export interface OriginClient {
  /** Null where the origin is not enrolled or no request key is set. */
  peer(name: string): OriginPeer | null;
  /** Names of the enrolled origins. */
  readonly names: readonly string[];
  /** The upstream key of an origin of kind `openai`. */
  apiKey(name: string): string | null;
}

const originsSchema = z.record(
  z.string(),
  z.strictObject({
    url: z.url(),
    signing_key: z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), kid: z.string() }),
  }),
);
const privateSchema = z.looseObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
});

/** A setting cannot be used. The message names it and never quotes it: two of the three are secrets. */
export class OriginSettingError extends Error {
  override readonly name = "OriginSettingError";
}

/** @throws OriginSettingError where a value is set and malformed; absent values make a client without peers */
export async function importOriginClient(env: OriginEnv): Promise<OriginClient> {
  const apiKeys = new Map(Object.entries(setting(env, "ORIGIN_API_KEYS", z.record(z.string(), z.string()), "{}")));
  const apiKey = (name: string): string | null => apiKeys.get(name) ?? null;
  const origins = setting(env, "ORIGINS", originsSchema, "{}");
  if (!env.ORIGIN_REQUEST_KEY) return { peer: () => null, names: [], apiKey };

  const own = setting(env, "ORIGIN_REQUEST_KEY", privateSchema, "");
  const signer = { keyid: own.kid, key: await importKey(own, "ORIGIN_REQUEST_KEY") };
  const peers = new Map<string, OriginPeer>();
  for (const [name, { url, signing_key }] of Object.entries(origins)) {
    const key = await importKey(signing_key, "ORIGINS");
    peers.set(name, {
      url: url.replace(/\/+$/, ""),
      sign: (method, target, bodySha256, nowMs) => {
        const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(18)));
        return signOriginRequest({ origin: name, method, target, bodySha256, nowMs, nonce, signer });
      },
      verify: async (signedHeaders, reply, expectedDigest) => {
        const requestSignature = signedHeaders.signature ?? "";
        const { status, headers } = reply;
        return (await verifyOriginReply({ status, headers, requestSignature, origin: name, key, expectedDigest })).ok;
      },
    });
  }
  return { peer: (name) => peers.get(name) ?? null, names: [...peers.keys()], apiKey };
}

/** What a parser says of a text quotes it, so its own words go no further. */
function setting<T>(env: OriginEnv, name: keyof OriginEnv, schema: z.ZodType<T>, absent: string): T {
  try {
    return schema.parse(JSON.parse(env[name] || absent));
  } catch {
    throw new OriginSettingError(`${name} is not valid`);
  }
}

async function importKey(jwk: JWK, name: keyof OriginEnv): Promise<CryptoKey> {
  const key = await importJWK(jwk, "EdDSA").catch(() => null);
  if (key === null || key instanceof Uint8Array) throw new OriginSettingError(`a key in ${name} is not valid`);
  return key;
}

// What the key directory takes from its Worker's environment: the secret that seals its keys, and the keys that a
// deployment began with. Those are read once, when the directory has none; from then on it has its own, and the
// settings may go. With neither of them the directory makes its first keys itself.
import { z } from "zod";
import type { CredentialKind } from "../../../identity/keys.ts";
import { importVerificationKeys, type KeySet } from "../../../identity/keys.ts";
import { fromBase64Url } from "../../../protocol/encoding.ts";

export interface SigningEnv {
  readonly DIRECTORY_KEY?: string;
  readonly TOKEN_SIGNING_KEYS?: string;
  readonly VERIFICATION_KEYS?: string;
}

const privateKeySchema = z.looseObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
});
const signingKeysSchema = z.strictObject({ api_key: privateKeySchema, access_token: privateKeySchema });

/** A private Ed25519 key (RFC 8037): who holds it is the issuer. */
export interface ConfiguredSigner {
  readonly kid: string;
  readonly jwk: { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string; readonly d: string };
}

export interface ConfiguredKeys {
  readonly verification: KeySet;
  readonly signers: Readonly<Record<CredentialKind, ConfiguredSigner>>;
}

/** A setting that cannot be used. The message holds its name and never its value. */
export class SigningSettingError extends Error {
  override readonly name = "SigningSettingError";
}

/** @throws SigningSettingError */
export function directoryKey(env: SigningEnv): Uint8Array<ArrayBuffer> {
  if (!env.DIRECTORY_KEY) throw new SigningSettingError("DIRECTORY_KEY is missing");
  const bytes = decoded(env.DIRECTORY_KEY);
  if (bytes?.length !== 32) throw new SigningSettingError("DIRECTORY_KEY is not valid");
  return bytes;
}

/** Null where the deployment began without keys. Rejects with a SigningSettingError. */
export async function configuredKeys(env: SigningEnv): Promise<ConfiguredKeys | null> {
  if (env.TOKEN_SIGNING_KEYS === undefined && env.VERIFICATION_KEYS === undefined) return null;
  // one without the other is a mistake, not a wish for other keys
  if (!env.TOKEN_SIGNING_KEYS) throw new SigningSettingError("TOKEN_SIGNING_KEYS is missing");
  if (!env.VERIFICATION_KEYS) throw new SigningSettingError("VERIFICATION_KEYS is missing");
  const verification = await importVerificationKeys(env.VERIFICATION_KEYS).catch(() => {
    throw new SigningSettingError("VERIFICATION_KEYS is not valid");
  });
  const parsed = signingKeysSchema.safeParse(json(env.TOKEN_SIGNING_KEYS));
  if (!parsed.success) throw new SigningSettingError("TOKEN_SIGNING_KEYS is not valid");
  const { api_key, access_token } = parsed.data;
  return {
    verification,
    signers: {
      api_key: signer(api_key, "api_key", verification),
      access_token: signer(access_token, "access_token", verification),
    },
  };
}

/** A signer whose public half no verifier trusts for this kind would mint keys that open nothing. */
function signer(key: z.infer<typeof privateKeySchema>, kind: CredentialKind, trusted: KeySet): ConfiguredSigner {
  const { kid, kty, crv, x, d } = key;
  const known = trusted.byKid.get(kid);
  if (known?.alg !== "EdDSA" || known.signs !== kind || known.jwk.x !== x)
    throw new SigningSettingError("TOKEN_SIGNING_KEYS and VERIFICATION_KEYS do not match");
  return { kid, jwk: { kty, crv, x, d } };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // a parser's message quotes the text, and the text is a private key
    return null;
  }
}

function decoded(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}

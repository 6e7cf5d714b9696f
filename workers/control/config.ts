// Control's environment, read in this one place. What is missing or malformed makes nothing of control work but its
// health check, and the log says which setting: a misconfiguration is never disguised as a 401.
import type { JWK } from "jose";
import { z } from "zod";
import type { KeyDirectory } from "../../durable-objects/key-directory/object.ts";
import { importNonceKey } from "../../durable-objects/key-directory/signing/seal.ts";
import {
  configuredKeys,
  directoryKey,
  SigningSettingError,
} from "../../durable-objects/key-directory/signing/settings.ts";
import type { NonceKeys } from "../../identity/dpop-nonce.ts";
import { parsePolicy } from "../../policy/parse.ts";
import type { Policy } from "../../policy/schema.ts";
import { fromBase64Url } from "../../protocol/encoding.ts";
import type { AppendRpc, GatewayAdminRpc, VerificationKeysRpc } from "../../protocol/rpc.ts";
import type { KeyEncryptionKeys } from "../../r2-models/data-key.ts";
import type { EnrolledOrigins } from "./origin-caller.ts";

/** What Cloudflare hands to this Worker. It mints and administers; it sees no prompt. */
export interface ControlEnv {
  readonly DIRECTORY: DurableObjectNamespace<KeyDirectory>;
  readonly GATEWAY: GatewayAdminRpc;
  readonly AUDIT: AppendRpc;
  readonly AUDIT_KEYS: VerificationKeysRpc;
  readonly MODELS: R2Bucket;
  readonly POLICY?: string;
  readonly ISSUER?: string;
  readonly AUDIENCE?: string;
  readonly VERIFICATION_KEYS?: string;
  readonly TOKEN_SIGNING_KEYS?: string;
  readonly DIRECTORY_KEY?: string;
  readonly CLIENT_SECRET_PEPPER?: string;
  readonly BOOTSTRAP_SECRET?: string;
  readonly KEY_ENCRYPTION_KEYS?: string;
  readonly PUBLISHER_KEYS?: string;
  readonly ENROLLED_ORIGINS?: string;
}

export interface ControlConfig {
  readonly policy: Policy;
  readonly issuer: string;
  readonly audience: string;
  /** DPoP nonces of the token endpoint and of administration */
  readonly nonces: NonceKeys;
  /** HMAC-SHA-256 key */
  readonly pepper: CryptoKey;
  /** null: this platform has its administrator, or gets none this way */
  readonly bootstrapSecret: string | null;
  readonly keyEncryptionKeys: KeyEncryptionKeys | null;
  readonly publisherKeys: readonly JWK[];
  readonly enrolledOrigins: EnrolledOrigins;
}

/** A setting that cannot be used; the message holds its name and never its value. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** Below it a one-time secret could be guessed before it is used. */
const MIN_BOOTSTRAP_SECRET = 16;

// Finished configurations alone are kept: a promise of one request that others wait for hangs when that one is gone.
const finished = new WeakMap<ControlEnv, ControlConfig>();

/** @throws SettingError */
export async function controlConfig(env: ControlEnv): Promise<ControlConfig> {
  const known = finished.get(env);
  if (known !== undefined) return known;
  const config = await readConfig(env);
  finished.set(env, config);
  return config;
}

async function readConfig(env: ControlEnv): Promise<ControlConfig> {
  // the key directory reads these itself; looked at here as well, so that a bad one is named before anything is minted
  await signingSetting(async () => await configuredKeys(env));
  const nonceKey = await signingSetting(async () => await importNonceKey(directoryKey(env)));
  const issuer = await setting("ISSUER", async () => z.url().parse(env.ISSUER));
  return {
    policy: await setting("POLICY", () => readPolicy(required(env.POLICY))),
    issuer,
    audience: await setting("AUDIENCE", async () => required(env.AUDIENCE)),
    nonces: { keys: [nonceKey], context: issuer },
    pepper: await setting("CLIENT_SECRET_PEPPER", () => readPepper(required(env.CLIENT_SECRET_PEPPER))),
    bootstrapSecret: await setting("BOOTSTRAP_SECRET", async () =>
      env.BOOTSTRAP_SECRET ? z.string().min(MIN_BOOTSTRAP_SECRET).parse(env.BOOTSTRAP_SECRET) : null,
    ),
    keyEncryptionKeys: await setting("KEY_ENCRYPTION_KEYS", async () =>
      env.KEY_ENCRYPTION_KEYS ? keksSchema.parse(JSON.parse(env.KEY_ENCRYPTION_KEYS)) : null,
    ),
    publisherKeys: await setting("PUBLISHER_KEYS", async () =>
      env.PUBLISHER_KEYS ? jwksSchema.parse(JSON.parse(env.PUBLISHER_KEYS)).keys : [],
    ),
    enrolledOrigins: await setting("ENROLLED_ORIGINS", async () =>
      env.ENROLLED_ORIGINS ? enrolledSchema.parse(JSON.parse(env.ENROLLED_ORIGINS)) : {},
    ),
  };
}

/** A public key; a strict object, so that a private one set by mistake is refused. */
const okp = (crv: string) =>
  z.strictObject({
    kty: z.literal("OKP"),
    crv: z.literal(crv),
    x: z.string(),
    kid: z.string().exactOptional(),
    alg: z.string().exactOptional(),
    use: z.string().exactOptional(),
  });
const keksSchema = z.strictObject({
  current: z.string(),
  keys: z.record(z.string(), z.string().length(43).transform(fromBase64Url)),
});
const jwksSchema = z.strictObject({ keys: z.array(okp("Ed25519")) });
const enrolledSchema = z.record(
  z.string(),
  z.strictObject({
    signing_key: okp("Ed25519"),
    encryption_key: okp("X25519"),
    models: z.array(z.string()).optional(),
  }),
);

async function readPolicy(text: string): Promise<Policy> {
  const parsed = await parsePolicy(text);
  if (!parsed.ok) throw new SettingError("POLICY is not valid");
  return parsed.policy;
}

async function readPepper(text: string): Promise<CryptoKey> {
  const bytes = fromBase64Url(text);
  if (bytes.length !== 32) throw new SettingError("CLIENT_SECRET_PEPPER is not 32 bytes");
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function required(value: string | undefined): string {
  if (!value) throw new SettingError("missing");
  return value;
}

async function signingSetting<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new SettingError(error instanceof SigningSettingError ? error.message : "DIRECTORY_KEY is not valid");
  }
}

/** Whatever a parser's message quotes stays here: it could be a private key. */
async function setting<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new SettingError(
      error instanceof SettingError && error.message === "missing" ? `${name} is missing` : `${name} is not valid`,
    );
  }
}

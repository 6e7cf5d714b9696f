// Every key of a local platform, made once and kept in one file of mode 0600. Its reader is the platform: he can mint
// any key, sign any checkpoint, open any model. Each value has the form that docs/environment.md gives it.
import { exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { toBase64Url } from "../../protocol/encoding.ts";
import { StartError } from "../stop-reason.ts";
import { readText, writePrivate } from "./folder.ts";

const part = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const ed25519 = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: part,
  d: part,
  kid: z.string(),
  alg: z.literal("EdDSA"),
});
const x25519 = z.strictObject({ kty: z.literal("OKP"), crv: z.literal("X25519"), x: part, d: part, kid: z.string() });
const key = z.string().length(43);

export const secretsSchema = z.strictObject({
  version: z.literal(1),
  /** `iss` and `aud` of every local token. Kept with the keys: a start on another port must not make them worthless. */
  issuer: z.url(),
  token_signing_keys: z.strictObject({ api_key: ed25519, access_token: ed25519 }),
  origin_request_key: ed25519,
  origin: z.strictObject({ signing_key: ed25519, encryption_key: x25519 }),
  publisher_key: ed25519,
  key_encryption_keys: z.strictObject({ current: z.string(), keys: z.record(z.string(), key) }),
  client_secret_pepper: key,
  directory_key: key,
  log_signing_key: ed25519,
});

/** Before control kept its signing keys in the directory: that has none yet, so a key made now seals them. */
const earlierSchema = secretsSchema.omit({ directory_key: true });

export type Secrets = z.infer<typeof secretsSchema>;
export type PrivateEd25519 = z.infer<typeof ed25519>;

/**
 * Reads the file, or makes it.
 * @param issuer for a new file: the address of the first start
 * @throws StartError where it is there and cannot be used: nothing is ever made anew over it
 */
export async function loadSecrets(path: string, issuer: string): Promise<Secrets> {
  const text = await readText(path);
  if (text !== null) {
    const { secrets, completed } = parseSecrets(text, path);
    if (completed) await write(path, secrets);
    return secrets;
  }
  const secrets = await newSecrets(issuer);
  await write(path, secrets);
  return secrets;
}

async function write(path: string, secrets: Secrets): Promise<void> {
  await writePrivate(path, `${JSON.stringify(secrets, null, 2)}\n`);
}

/** The secrets of a platform that was started before. @throws StartError where there is none, or it cannot be used */
export async function loadKnownSecrets(path: string): Promise<Secrets> {
  const text = await readText(path);
  if (text === null)
    throw new StartError(`There is no local platform: ${path} is missing. Run npm start, or use --state.`);
  return parseSecrets(text, path).secrets;
}

/** `completed`: the file is of an earlier version and lacks what was made up for here. */
function parseSecrets(text: string, path: string): { readonly secrets: Secrets; readonly completed: boolean } {
  try {
    const value: unknown = JSON.parse(text);
    const known = secretsSchema.safeParse(value);
    if (known.success) return { secrets: known.data, completed: false };
    return { secrets: { ...earlierSchema.parse(value), directory_key: randomKey() }, completed: true };
  } catch {
    throw new StartError(
      `${path} is damaged. Put it back from a copy, or use another --state: without its keys the models and the log in this folder cannot be used.`,
    );
  }
}

/** Fresh keys, each for one use. */
export async function newSecrets(issuer: string): Promise<Secrets> {
  const kek = `kek-${suffix()}`;
  return {
    version: 1,
    issuer,
    token_signing_keys: { api_key: await newEd25519("api-key"), access_token: await newEd25519("access-token") },
    origin_request_key: await newEd25519("origin-request"),
    origin: { signing_key: await newEd25519("origin"), encryption_key: await newX25519("origin-sealing") },
    publisher_key: await newEd25519("publisher"),
    key_encryption_keys: { current: kek, keys: { [kek]: randomKey() } },
    client_secret_pepper: randomKey(),
    directory_key: randomKey(),
    log_signing_key: await newEd25519("log"),
  };
}

/** 32 random bytes as base64url. */
export function randomKey(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function newEd25519(use: string): Promise<PrivateEd25519> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  return ed25519.parse({ ...(await exportJWK(privateKey)), kid: `${use}-${suffix()}`, alg: "EdDSA" });
}

async function newX25519(use: string): Promise<z.infer<typeof x25519>> {
  const { privateKey } = await generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
  return x25519.parse({ ...(await exportJWK(privateKey)), kid: `${use}-${suffix()}` });
}

/** Key ids differ between platforms, so that a key of one is unknown at another, not wrong. */
function suffix(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(6)));
}

// The public keys that a verifier trusts, read from configuration: `{"generation":1,"keys":[JWK…]}`. Each key names its
// one algorithm and what it may sign; a token says neither of itself (RFC 8725, sections 3.1 and 3.12).
// Who can change this document can let in any principal; who can only read it gains nothing.
import { importJWK, type JWK } from "jose";
import { z } from "zod";

export type SignatureAlgorithm = "EdDSA" | "ES256";
export type CredentialKind = "api_key" | "access_token";

export interface VerificationKey {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  /** the only kind of credential that a signature by this key makes */
  readonly signs: CredentialKind;
  readonly key: CryptoKey;
  /** public members alone, as they are published under `/.well-known/jwks.json` (RFC 7517) */
  readonly jwk: Readonly<Record<string, string>>;
}

export interface KeySet {
  /** Rises with every change. A token that was verified under another generation is verified again. */
  readonly generation: number;
  readonly byKid: ReadonlyMap<string, VerificationKey>;
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const common = {
  kid: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/),
  // a key for encryption is no key for signatures (RFC 7517, sections 4.2 and 4.3)
  use: z.literal("sig").optional(),
  key_ops: z.tuple([z.literal("verify")]).optional(),
  bartizan_signs: z.enum(["api_key", "access_token"]),
};
// Strict objects: a private member (`d`), a certificate chain or a misspelt name fails the whole document.
const publicKeySchema = z.discriminatedUnion("alg", [
  z.strictObject({
    ...common,
    alg: z.literal("EdDSA"),
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    x: base64url,
  }),
  z.strictObject({
    ...common,
    alg: z.literal("ES256"),
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: base64url,
    y: base64url,
  }),
]);
const documentSchema = z.strictObject({
  generation: z.int().min(0),
  keys: z.array(publicKeySchema).min(1).max(64),
});

/** The document cannot be used. The message names the place, never a value: a private key may stand there by mistake. */
export class KeySetError extends Error {
  override readonly name = "KeySetError";
}

/**
 * @param json text of `VERIFICATION_KEYS`
 * @throws KeySetError on anything but a complete, public, unambiguous set
 */
export async function importVerificationKeys(json: string): Promise<KeySet> {
  const parsed = documentSchema.safeParse(parseJson(json));
  if (!parsed.success) throw new KeySetError(`not a key set at ${placesOf(parsed.error)}`);

  const byKid = new Map<string, VerificationKey>();
  for (const [index, jwk] of parsed.data.keys.entries()) {
    // two keys under one id: which of them judges would depend on their order
    if (byKid.has(jwk.kid)) throw new KeySetError(`kid at keys[${index}] stands twice`);
    byKid.set(jwk.kid, {
      kid: jwk.kid,
      alg: jwk.alg,
      signs: jwk.bartizan_signs,
      key: await importPublic(jwk, index),
      jwk: published(jwk),
    });
  }
  return { generation: parsed.data.generation, byKid };
}

type PublicKey = z.infer<typeof publicKeySchema>;

function published(jwk: PublicKey): Readonly<Record<string, string>> {
  const { kid, alg, kty, crv, x } = jwk;
  return { kty, crv, x, ...(jwk.kty === "EC" ? { y: jwk.y } : {}), kid, alg, use: "sig" };
}

async function importPublic(jwk: PublicKey, index: number): Promise<CryptoKey> {
  try {
    const key = await importJWK(published(jwk) as JWK, jwk.alg);
    if (!(key instanceof Uint8Array)) return key;
  } catch {
    // the cause may quote the key
  }
  throw new KeySetError(`keys[${index}] is not a point of its curve`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new KeySetError("not JSON");
  }
}

/** Paths of the faults, without the values. An unknown name is not told either: only that there is one. */
function placesOf(error: z.ZodError): string {
  return error.issues.map((issue) => ["keys document", ...issue.path.map(String)].join(".")).join(", ");
}

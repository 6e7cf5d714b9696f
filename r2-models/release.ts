// A data key on its way to an origin: JWE in compact form (RFC 7516), ECDH-ES with X25519 (RFC 8037, section 3.2) and
// A256GCM, to the key that the origin enrolled. Which artifact, which origin and which request it answers stand in the
// protected header, which the tag covers; sender and receiver also go into the key derivation as `apu` and `apv`
// (RFC 7518, section 4.6.2).
//
// It gives secrecy, not authorship: anyone can seal something to a public key. A forged data key gains nothing, since
// it fails the artifact's key commitment, and the plain digest is in a signed manifest. A replayed release opens only
// with the origin's private key, and only for the request whose nonce it names.
// Who holds an origin's X25519 private key can open every release that was ever recorded: data keys, so models.
import { CompactEncrypt, type CryptoKey, compactDecrypt, importJWK, type JWK } from "jose";
import { utf8 } from "../protocol/encoding.ts";
import { DATA_KEY_BYTES } from "./data-key.ts";

const TYP = "bartizan-data-key+jwe";

/** What a release is for. Each field must be the same when it is opened. */
export interface ReleaseBinding {
  /** name under which the origin is enrolled */
  readonly origin: string;
  /** `name@version` */
  readonly artifact: string;
  /** of the plain file, as the origin stated before it was given the key */
  readonly digest: string;
  /** of the request that is answered */
  readonly nonce: string;
}

export class ReleaseError extends Error {
  constructor() {
    super("the released data key is not for this origin, artifact and request");
    this.name = "ReleaseError";
  }
}

/** An X25519 key from its JWK. @throws TypeError for any other key */
export async function importReleaseKey(jwk: JWK): Promise<CryptoKey> {
  if (jwk.kty !== "OKP" || jwk.crv !== "X25519") throw new TypeError("a release key must be X25519");
  const key = await importJWK(jwk, "ECDH-ES");
  if (key instanceof Uint8Array) throw new TypeError("a release key must be X25519");
  return key;
}

/** Seals a data key to an origin's public key. The ephemeral key is made by jose: the one randomness not passed in. */
export async function releaseDataKey(
  dataKey: Uint8Array,
  binding: ReleaseBinding,
  originKey: CryptoKey,
): Promise<string> {
  if (dataKey.length !== DATA_KEY_BYTES) throw new RangeError("data key length");
  const { origin, artifact, digest, nonce } = binding;
  return await new CompactEncrypt(dataKey)
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", typ: TYP, origin, artifact, digest, nonce })
    .setKeyManagementParameters({ apu: utf8("bartizan/control"), apv: utf8(origin) })
    .encrypt(originKey);
}

/** @throws ReleaseError where anything but exactly this binding was sealed, without saying what differs */
export async function openReleasedKey(
  jwe: string,
  binding: ReleaseBinding,
  privateKey: CryptoKey,
): Promise<Uint8Array> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey, {
      keyManagementAlgorithms: ["ECDH-ES"],
      contentEncryptionAlgorithms: ["A256GCM"],
      maxDecompressedLength: 0,
    });
    const bound: Record<string, unknown> = { ...binding, typ: TYP };
    for (const name of ["typ", "origin", "artifact", "digest", "nonce"])
      if (protectedHeader[name] !== bound[name]) throw new ReleaseError();
    if (plaintext.length !== DATA_KEY_BYTES) throw new ReleaseError();
    return plaintext;
  } catch {
    throw new ReleaseError();
  }
}

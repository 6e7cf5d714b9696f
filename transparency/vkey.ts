// Verifier keys and signers of notes: C2SP signed-note, "Verifier keys" and "Ed25519 signatures" (type 0x01, the only
// one that is read or written here). The key's name is part of its id, so that one key pair under two names, one a log,
// makes two verifiers that never accept each other's notes.
import { concat, equalBytes, fromBase64, fromBase64Url, fromHex, toBase64, toHex, utf8 } from "../protocol/encoding.ts";
import { type Bytes, webSha256 } from "./hash.ts";

const ED25519 = 0x01;

export interface NoteVerifier {
  /** no Unicode space, no plus */
  readonly name: string;
  /** four bytes */
  readonly keyId: Bytes;
  verify(text: Bytes, signature: Bytes): Promise<boolean>;
}

/** Who holds one can sign any checkpoint of the log, a forked or shortened one included. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: Bytes;
  /** the verifier key that goes with it, as text */
  readonly vkey: string;
  sign(text: Bytes): Promise<Bytes>;
}

/** A text is no verifier key, or a JWK no signing key. The message never quotes it: it may be a private one. */
export class NoteKeyError extends Error {
  override readonly name = "NoteKeyError";
}

/** Whether a note may name a key so: not empty, no Unicode space, no control character, no plus. */
export function isKeyName(name: string): boolean {
  return name.isWellFormed() && /^[^\s\p{White_Space}\p{Cc}+]+$/u.test(name);
}

/** @throws NoteKeyError unless the text is the one canonical spelling of an Ed25519 verifier key whose id fits */
export async function parseVkey(vkey: string): Promise<NoteVerifier> {
  // base64 has pluses of its own, so only the first two separate
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey);
  const [, name, id, encoded] = match ?? [];
  if (name === undefined || id === undefined || encoded === undefined) throw new NoteKeyError("not a verifier key");
  if (!isKeyName(name)) throw new NoteKeyError("not a key name");
  const key = decodeOr(() => fromBase64(encoded));
  if (key === null || key.length !== 33 || key[0] !== ED25519) throw new NoteKeyError("not an Ed25519 verifier key");
  const keyId = fromHex(id);
  if (!equalBytes(keyId, await keyIdOf(name, key))) throw new NoteKeyError("the key's id does not fit");
  const publicKey = await crypto.subtle.importKey("raw", key.slice(1), "Ed25519", true, ["verify"]).catch(() => null);
  if (publicKey === null) throw new NoteKeyError("not an Ed25519 public key");
  return { name, keyId, verify: (text, signature) => crypto.subtle.verify("Ed25519", publicKey, signature, text) };
}

/**
 * @param jwkText private Ed25519 JWK (RFC 8037), as JSON
 * @param name the key's name: for a log, its origin line
 * @throws NoteKeyError on anything else
 */
export async function importNoteSigner(jwkText: string, name: string): Promise<NoteSigner> {
  if (!isKeyName(name)) throw new NoteKeyError("not a key name");
  const jwk = decodeOr(() => JSON.parse(jwkText) as Record<string, unknown>);
  if (jwk?.kty !== "OKP" || jwk.crv !== "Ed25519" || typeof jwk.x !== "string" || typeof jwk.d !== "string")
    throw new NoteKeyError("not a private Ed25519 JWK");
  const { x, d } = jwk;
  const raw = decodeOr(() => fromBase64Url(x));
  const material = { kty: "OKP", crv: "Ed25519", x, d };
  const key = await crypto.subtle.importKey("jwk", material, "Ed25519", false, ["sign"]).catch(() => null);
  if (key === null || raw?.length !== 32) throw new NoteKeyError("not a private Ed25519 JWK");
  const typed = concat(Uint8Array.of(ED25519), raw);
  const keyId = await keyIdOf(name, typed);
  const vkey = `${name}+${toHex(keyId)}+${toBase64(typed)}`;
  return { name, keyId, vkey, sign: async (text) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, text)) };
}

async function keyIdOf(name: string, typedKey: Uint8Array): Promise<Bytes> {
  const digest = await webSha256(concat(utf8(`${name}\n`), typedKey));
  return digest.slice(0, 4);
}

function decodeOr<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

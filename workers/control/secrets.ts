// Keyed hashes of secrets that are compared, never stored: HMAC-SHA-256 under the pepper, with what the secret is for.
// Who reads the directory's storage can not try secrets against them without the pepper; who has the pepper alone has
// nothing to try. A client's secret is 256 random bits, so one fast pass is enough (no password is hashed here).
import { toBase64Url, toHex, utf8 } from "../../protocol/encoding.ts";

export async function clientSecretHash(pepper: CryptoKey, clientId: string, secret: string): Promise<string> {
  // the id is bound in: one client's hash is of no use under another's name
  return await keyedHash(pepper, `client\0${clientId}\0${secret}`);
}

export async function bootstrapSecretHash(pepper: CryptoKey, secret: string): Promise<string> {
  return await keyedHash(pepper, `bootstrap\0${secret}`);
}

/** A prefix that secret scanners can know, then 256 bits. */
export function newClientSecret(random: Uint8Array): string {
  return `bzcs_${toBase64Url(random)}`;
}

async function keyedHash(pepper: CryptoKey, text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", pepper, utf8(text))));
}

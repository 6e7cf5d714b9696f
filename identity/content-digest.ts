// Content-Digest (RFC 9530, section 2) in the one form this project writes and reads: sha-256, alone.
import { equalBytes, fromBase64, toBase64 } from "../protocol/encoding.ts";

/** The field's value, `sha-256=:base64:`, for a body with this SHA-256. */
export function contentDigestOf(bodySha256: Uint8Array): string {
  return `sha-256=:${toBase64(bodySha256)}:`;
}

export async function sha256(body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", body as Uint8Array<ArrayBuffer>));
}

/** Whether the field names exactly this body. Any other algorithm, list or spelling is a no. */
export async function matchesContentDigest(field: string, body: Uint8Array): Promise<boolean> {
  const [, encoded] = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(field) ?? [];
  if (encoded === undefined) return false;
  try {
    return equalBytes(fromBase64(encoded), await sha256(body));
  } catch {
    return false;
  }
}

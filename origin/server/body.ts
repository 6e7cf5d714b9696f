// A request's body: counted, within a bound, and exactly what its signature covers.
import type { IncomingMessage } from "node:http";
import { matchesContentDigest } from "../../identity/content-digest.ts";
import type { Refusal } from "../../protocol/refusal.ts";

export async function readBody(
  request: IncomingMessage,
  contentDigest: string | null,
  maxBytes: number,
): Promise<Uint8Array | Refusal> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes)
    return { code: "request_too_large", limitBytes: maxBytes };
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) return { code: "request_too_large", limitBytes: maxBytes };
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  // without a digest under the signature, a body is somebody else's addition
  const covered = contentDigest === null ? size === 0 : await matchesContentDigest(contentDigest, body);
  return covered ? body : { code: "digest_mismatch" };
}

export function isRefusal(value: Uint8Array | Refusal): value is Refusal {
  return !(value instanceof Uint8Array);
}

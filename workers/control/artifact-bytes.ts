// Sealed bytes out of the bucket: streamed, never held, with one range (RFC 9110, section 14.2) so that an origin whose
// download broke goes on where it was.

/** What is read of an R2 bucket. */
export interface ArtifactBucket {
  head(key: string): Promise<{ readonly size: number; readonly httpEtag: string } | null>;
  get(
    key: string,
    options?: { readonly range?: { readonly offset: number; readonly length: number } },
  ): Promise<{ readonly body: ReadableStream; text(): Promise<string> } | null>;
}

/** Answers GET and HEAD for one object; null where there is none. */
export async function serveArtifact(bucket: ArtifactBucket, key: string, request: Request): Promise<Response | null> {
  const object = await bucket.head(key);
  if (object === null) return null;
  const headers = new Headers({
    "content-type": "application/octet-stream",
    "cache-control": "private, no-store",
    "accept-ranges": "bytes",
    etag: object.httpEtag,
  });
  const range = rangeOf(request.headers.get("range"), object.size);
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${object.size}`);
    return new Response(null, { status: 416, headers });
  }
  const { offset, length } = range ?? { offset: 0, length: object.size };
  headers.set("content-length", String(length));
  if (range !== null) headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${object.size}`);
  const status = range === null ? 200 : 206;
  if (request.method === "HEAD") return new Response(null, { status, headers });
  const stored = await bucket.get(key, range === null ? undefined : { range });
  return stored === null ? null : new Response(stored.body, { status, headers });
}

/** One `bytes=` range; null for none or for a form that may be ignored (several ranges, another unit). */
export function rangeOf(
  field: string | null,
  size: number,
): { readonly offset: number; readonly length: number } | "unsatisfiable" | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(field ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return null;
  const last = to === "" || from === "" ? size - 1 : Math.min(Number(to), size - 1);
  const offset = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  // RFC 9110, section 14.1.1: a last position before the first makes the field invalid, so it is ignored
  if (from !== "" && to !== "" && Number(to) < Number(from)) return null;
  if (offset >= size || (from === "" && Number(to) === 0)) return "unsatisfiable";
  return { offset, length: last - offset + 1 };
}

// Cross-origin rules from policy (WHATWG Fetch, section 3.2). A preflight carries no key, so it is answered before
// identity, quota and log; every other answer, errors included, carries the same headers, or a browser shows a
// network failure instead of the error. Credentials are never allowed: keys travel in a header.

import type { Policy } from "../../policy/schema.ts";
import { EXPOSED_HEADERS } from "../../protocol/headers.ts";

const EXPOSED = EXPOSED_HEADERS.join(", ");
const MAX_ASKED_HEADERS = 2048;

/** Adds what a script of this origin needs to read the answer; nothing for an origin that policy does not name. */
export function addCorsHeaders(headers: Headers, origin: string | null, cors: Policy["cors"]): void {
  const allowed = cors.allowed_origins;
  if (allowed.length === 0) return;
  if (allowed.includes("*")) {
    if (origin === null) return;
    headers.set("access-control-allow-origin", "*");
    headers.set("access-control-expose-headers", EXPOSED);
    return;
  }
  // a cache must not hand one origin's answer to another, so this stands on refused origins too
  headers.append("vary", "Origin");
  if (origin === null || !allowed.includes(origin)) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", EXPOSED);
}

/** 204 for any OPTIONS on a known path; the CORS headers only where there is an origin and policy allows it. */
export function preflight(request: Request, methods: readonly string[], cors: Policy["cors"]): Response {
  const headers = new Headers({ allow: [...methods, "OPTIONS"].join(", ") });
  addCorsHeaders(headers, request.headers.get("origin"), cors);
  if (headers.has("access-control-allow-origin")) {
    headers.delete("access-control-expose-headers");
    headers.set("access-control-allow-methods", methods.join(", "));
    const asked = request.headers.get("access-control-request-headers");
    if (asked !== null && asked.length <= MAX_ASKED_HEADERS && /^[A-Za-z0-9!#$%&'*+.^_`|~, -]*$/.test(asked))
      headers.set("access-control-allow-headers", asked);
    headers.set("access-control-max-age", String(cors.max_age_s));
    headers.append("vary", "Access-Control-Request-Headers");
  }
  return new Response(null, { status: 204, headers });
}

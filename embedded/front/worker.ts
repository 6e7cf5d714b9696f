// The printed port. Everything that a client could use to pose as the platform is dropped here, and what the platform
// would state on Cloudflare is stated from the socket. It runs in plain workerd, with no option of Miniflare's near it.
//
// Attacks that end here: a forged `CF-Connecting-IP` or `Forwarded` (network rules, audit), `MF-CF-Blob` (a forged
// `request.cf` with a verified client certificate), `MF-Route-Override` (another Worker), `/cdn-cgi/local/…` (buckets
// without credentials), and the start's secret itself.
import { CLIENT_ADDRESS, REQUEST_ID, START_SECRET } from "../../protocol/headers.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";

interface FrontEnv {
  /** local.ts on its direct socket */
  readonly PLATFORM: { fetch(request: Request): Promise<Response> };
  readonly START_SECRET: string;
}

const DROPPED = new Set([
  "forwarded",
  "x-real-ip",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  START_SECRET,
]);
const DROPPED_PREFIXES = ["cf-", "mf-", "x-forwarded-"];

export default {
  async fetch(request: Request, env: FrontEnv): Promise<Response> {
    if (isCdnCgi(request.url)) return refuse({ code: "not_found" }, request);
    const headers = cleaned(request.headers);
    headers.set(CLIENT_ADDRESS, clientAddress(request));
    headers.set(START_SECRET, env.START_SECRET);
    try {
      return await env.PLATFORM.fetch(new Request(request, { headers, redirect: "manual" }));
    } catch {
      return refuse({ code: "busy" }, request);
    }
  },
};

function cleaned(given: Headers): Headers {
  const headers = new Headers();
  for (const [name, value] of given) if (!isDropped(name)) headers.append(name, value);
  return headers;
}

/** Names come lower-cased from the runtime. */
function isDropped(name: string): boolean {
  return DROPPED.has(name) || DROPPED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Decoded and in any case: whatever a server behind could take for it. */
function isCdnCgi(url: string): boolean {
  const { pathname } = new URL(url);
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // no valid escape, so no spelling of ours
  }
  return /^\/+cdn-cgi(?:\/|$)/i.test(path);
}

/** `cf.clientIp` is `ADDRESS:PORT` of the socket in plain workerd, an IPv6 address in brackets. */
function clientAddress(request: Request): string {
  const { clientIp = "" } = (request as { readonly cf?: { readonly clientIp?: string } }).cf ?? {};
  return /^\[(.*)\]:\d+$/.exec(clientIp)?.[1] ?? clientIp.replace(/:\d+$/, "");
}

function refuse(refusal: Refusal, request: Request): Response {
  const given = answerOf(refusal);
  const requestId = newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  const { body, contentType } = renderRefusal(given, requestId, request.headers.get("accept"));
  return new Response(request.method === "HEAD" ? null : body, {
    status: given.status,
    headers: {
      ...given.headers,
      "content-type": contentType,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      [REQUEST_ID]: requestId,
    },
  });
}

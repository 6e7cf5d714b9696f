// Step 1: what can be judged without identity and without the body: route, method, headers, query, type, declared size.

import type { Policy } from "../../../policy/schema.ts";
import { CLIENT_ADDRESS } from "../../../protocol/headers.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { declaredLength, isCompressed } from "../declared-length.ts";
import type { PolicyInUse } from "../guards-of.ts";
import { GATEWAY_LIMITS } from "../limits.ts";
import { endpointOf, judgeEndpoint } from "../pass-through/endpoint.ts";
import type { InferenceRoute, Screened, Step } from "../products.ts";
import { judgeSurface } from "../request-guard.ts";

export function screen(
  request: Request,
  url: URL,
  route: InferenceRoute,
  methods: readonly string[],
  inUse: PolicyInUse,
): Step<Screened> {
  const { policy } = inUse;
  // what is allowed, first: it is the smaller set, and cheaper to know
  const endpoint = route.name === "origin" ? endpointOf(policy, route) : null;
  if (route.name === "origin" && endpoint === null) return { code: "not_found" };
  const unknown =
    judgeMethod(request.method, endpoint?.rules.methods ?? methods) ??
    judgeHeaderBytes(request.headers) ??
    (endpoint === null ? judgeBody(request.headers, route, policy) : judgeEndpoint(request, url, endpoint));
  if (unknown !== null) return unknown;
  const label = route.name === "origin" ? `${request.method} ${route.label}` : route.label;
  const { verdicts, blocked } = judgeSurface(request, url, label, inUse);
  if (blocked !== null) return blocked;
  // no route of OpenAI's API takes a query: a key or a target in one would stand in everybody's logs
  const [parameter] = endpoint === null ? url.searchParams.keys() : [];
  if (parameter !== undefined) return { code: "invalid_query", param: nameOf(parameter) };
  const clientAddress = request.headers.get(CLIENT_ADDRESS);
  return { route: route.name === "origin" ? { ...route, label } : route, clientAddress, verdicts };
}

function judgeMethod(method: string, methods: readonly string[]): Refusal | null {
  return methods.includes(method) ? null : { code: "method_not_allowed", allow: methods };
}

/** Type and declared size, as every route of OpenAI's API that takes a body has them. */
function judgeBody(headers: Headers, route: InferenceRoute, policy: Policy): Refusal | null {
  if (route.name === "models" || route.name === "model") return null;
  const wrongType = judgeContentType(headers);
  if (wrongType !== null) return wrongType;
  // a malformed length counts as none: the body is counted as it is read in any case
  const declaredBytes = declaredLength(headers);
  const limitBytes = policy.request.max_body_bytes;
  return declaredBytes !== null && declaredBytes > limitBytes ? { code: "request_too_large", limitBytes } : null;
}

function judgeHeaderBytes(headers: Headers): Refusal | null {
  const limitBytes = GATEWAY_LIMITS.maxHeaderBytes;
  return headerBytes(headers) > limitBytes ? { code: "headers_too_large", limitBytes } : null;
}

function headerBytes(headers: Headers): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length + 4;
  return bytes;
}

/** The pattern meets no more than this: before identity, its time must not grow with what a stranger sends. */
const MAX_CONTENT_TYPE_CHARS = 100;
const JSON_TYPE = /^application\/json *(?:; *charset *= *(?:utf-8|"utf-8") *)?;? *$/i;

function judgeContentType(headers: Headers): Refusal | null {
  if (isCompressed(headers)) return { code: "unsupported_media_type" };
  const type = headers.get("content-type") ?? "";
  if (type.length > MAX_CONTENT_TYPE_CHARS || !JSON_TYPE.test(type)) return { code: "unsupported_media_type" };
  return null;
}

/** What follows a `?` may be a key by mistake: only what reads like a name is repeated in the answer. */
function nameOf(parameter: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,31}$/.test(parameter) ? parameter : "query";
}

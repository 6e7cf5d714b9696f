// Which endpoint of which origin a path means, and what may be sent to it before anyone is known: method, query, type and
// declared size as policy lists them. Everything else does not exist.
import type { PassThroughRoute } from "../../../policy/pass-through.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { declaredLength, isCompressed } from "../declared-length.ts";
import type { OriginRoute } from "../products.ts";

export interface Endpoint {
  readonly rules: PassThroughRoute;
  /** the origin's base address, as policy has it */
  readonly baseUrl: string;
}

/** Null where policy passes nothing through there: one answer for an unknown origin and an unknown path. */
export function endpointOf(policy: Policy, { origin, path }: OriginRoute): Endpoint | null {
  const found = Object.hasOwn(policy.origins, origin) ? policy.origins[origin] : undefined;
  if (found?.kind !== "openai" || !Object.hasOwn(found.pass_through, path)) return null;
  const rules = found.pass_through[path];
  return rules === undefined ? null : { rules, baseUrl: found.url };
}

/** Query, type and declared size; the first fault found. Method and existence were judged before. */
export function judgeEndpoint(request: Request, url: URL, { rules }: Endpoint): Refusal | null {
  const { content_types, max_body_bytes, query } = rules;
  if (query !== undefined)
    for (const name of url.searchParams.keys())
      if (!query.includes(name)) return { code: "invalid_query", param: "query" };
  if (request.method === "GET" || request.body === null) return null;
  if (isCompressed(request.headers)) return { code: "unsupported_media_type" };
  if (
    !(content_types as readonly string[]).includes(mediaType(request.headers)) ||
    !hasPlainParameters(request.headers)
  )
    return { code: "unsupported_media_type" };
  const declared = declaredLength(request.headers);
  return declared !== null && declared > max_body_bytes
    ? { code: "request_too_large", limitBytes: max_body_bytes }
    : null;
}

/**
 * A body is judged as UTF-8, in parts by its boundary (RFC 2046, section 5.1.1, without the signs that have a meaning
 * elsewhere). Any other parameter would reach the origin unjudged, or have it read another body than the judged one.
 */
const PARAMETER = /^(?:charset *= *"?(?:utf-8|us-ascii)"?|boundary *= *(?:[\w.+/:=?-]{1,70}|"[\w.,+/:=?-]{1,70}"))?$/i;

function hasPlainParameters(headers: Headers): boolean {
  const type = headers.get("content-type") ?? "";
  const [, ...parameters] = type.split(";").map((parameter) => parameter.trim());
  const names = parameters.map((parameter) => parameter.split("=")[0]?.trim().toLowerCase());
  // the second of two is another reader's first
  return type.length <= 256 && parameters.every((one) => PARAMETER.test(one)) && new Set(names).size === names.length;
}

/** RFC 9110, section 8.3.1, without parameters. */
export function mediaType(headers: Headers): string {
  const given = headers.get("content-type") ?? "";
  const end = given.indexOf(";");
  return (end < 0 ? given : given.slice(0, end)).trim().toLowerCase();
}

// Judges the body of a request that is passed through: every field of it, as whatever its type says it is.
import { DEFAULT_SURFACE_LIMITS, fieldsOf } from "../../../guards/waf/index.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { OriginRoute } from "../products.ts";
import { judgeFields, type RequestJudgement } from "../request-guard.ts";

export function judgeRequest(
  request: Request,
  route: OriginRoute,
  body: Uint8Array<ArrayBuffer>,
  policy: Policy,
): RequestJudgement {
  const type = request.headers.get("content-type") ?? "";
  return judgeFields(fieldsOf(type, body, DEFAULT_SURFACE_LIMITS), route.label, policy);
}

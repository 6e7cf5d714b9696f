// Judges the body of a request that is passed through: every field of it, as whatever its type says it is. An origin gets
// the bytes, not our reading of them, so JSON that two readers would understand differently is refused as elsewhere.
import { DEFAULT_SURFACE_LIMITS, fieldsOf } from "../../../guards/waf/index.ts";
import { concat, utf8 } from "../../../protocol/encoding.ts";
import { DEFAULT_JSON_LIMITS, readJsonObject } from "../../../protocol/json.ts";
import type { JsonFault, Refusal } from "../../../protocol/refusal.ts";
import type { PolicyInUse } from "../guards-of.ts";
import type { OriginRoute } from "../products.ts";
import { judgeFields, type RequestJudgement } from "../request-guard.ts";
import { mediaType } from "./endpoint.ts";

export function judgeRequest(
  request: Request,
  route: OriginRoute,
  body: Uint8Array<ArrayBuffer>,
  inUse: PolicyInUse,
): RequestJudgement {
  const type = request.headers.get("content-type") ?? "";
  const judged = judgeFields(fieldsOf(type, body, DEFAULT_SURFACE_LIMITS), route.label, inUse);
  if (judged.blocked !== null || inUse.policy.guards.requests.mode !== "block") return judged;
  const blocked = mediaType(request.headers) === "application/json" ? ambiguity(body) : null;
  return { ...judged, blocked };
}

/** The first of two equal keys is seen by no reader that keeps the last, and the other way round. */
const AMBIGUOUS: ReadonlySet<JsonFault> = new Set(["duplicate_key", "lone_surrogate", "encoding"]);

/** What is no JSON at all was judged as the text that it is. */
function ambiguity(body: Uint8Array<ArrayBuffer>): Refusal | null {
  // any JSON value may be sent to an origin; as a member it can be read like the objects of OpenAI's API
  const read = readJsonObject(concat(utf8('{"":'), body, utf8("}")), {
    ...DEFAULT_JSON_LIMITS,
    maxDepth: DEFAULT_JSON_LIMITS.maxDepth + 1,
  });
  if (read.ok || read.refusal.code !== "invalid_json" || !AMBIGUOUS.has(read.refusal.fault)) return null;
  return { code: "invalid_json", fault: read.refusal.fault, param: null };
}

// Step 4: counted bytes → JSON with depth and key limits and no duplicate keys → a request whose every field is known
// and well typed.

import { matchesContentDigest } from "../../../identity/content-digest.ts";
import { DEFAULT_JSON_LIMITS, readJsonObject } from "../../../protocol/json.ts";
import { DEFAULT_REQUEST_LIMITS, parseChatRequest, parseEmbeddingsRequest } from "../../../protocol/openai/index.ts";
import type { ByteClaim } from "../bytes-in-flight.ts";
import type { Authorized, GenerateRoute, RequestContext, Step, Typed } from "../products.ts";
import { readBody } from "../read-body.ts";

export async function read(
  authorized: Authorized<GenerateRoute>,
  request: Request,
  claim: ByteClaim,
  context: RequestContext,
): Promise<Step<Typed>> {
  const { request: bounds } = context.snapshot.policy;
  const body = await readBody(request, bounds, claim);
  if (!(body instanceof Uint8Array)) return body;
  const { contentDigest } = authorized;
  if (contentDigest !== null && !(await matchesContentDigest(contentDigest, body))) return { code: "digest_mismatch" };
  const json = readJsonObject(body, DEFAULT_JSON_LIMITS);
  if (!json.ok) return json.refusal;
  const limits = { ...DEFAULT_REQUEST_LIMITS, maxMessages: bounds.max_messages, maxTools: bounds.max_tools };
  if (authorized.route.name === "chat") {
    const parsed = parseChatRequest(json.value, limits);
    return parsed.ok ? { kind: "chat", from: authorized, parsed } : parsed.refusal;
  }
  const parsed = parseEmbeddingsRequest(json.value, limits);
  return parsed.ok ? { kind: "embeddings", from: authorized, parsed } : parsed.refusal;
}

// Step 4: counted bytes → JSON with depth and key limits and no duplicate keys → a request whose every field is known
// and well typed.
import { DEFAULT_JSON_LIMITS, readJsonObject } from "../../../protocol/json.ts";
import { DEFAULT_REQUEST_LIMITS, parseChatRequest, parseEmbeddingsRequest } from "../../../protocol/openai/index.ts";
import type { ByteClaim } from "../bytes-in-flight.ts";
import type { Authorized, GenerateRoute, RequestContext, Step, Typed } from "../products.ts";

export async function read(
  authorized: Authorized<GenerateRoute>,
  request: Request,
  claim: ByteClaim,
  context: RequestContext,
): Promise<Step<Typed>> {
  const { request: bounds } = context.snapshot.policy;
  const body = await readCounted(request, authorized.declaredBytes, bounds.max_body_bytes, claim);
  if (!(body instanceof Uint8Array)) return body;
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

async function readCounted(
  request: Request,
  declared: number | null,
  limitBytes: number,
  claim: ByteClaim,
): Promise<Step<Uint8Array>> {
  const { body } = request;
  if (body === null) return new Uint8Array(0);
  // The declared length only reserves room ahead; what arrives is counted all the same, since a length can lie.
  if (declared !== null && !claim.add(declared)) return { code: "busy" };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let claimed = declared ?? 0;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (bytes > limitBytes) return { code: "request_too_large", limitBytes };
      if (bytes > claimed) {
        if (!claim.add(bytes - claimed)) return { code: "busy" };
        claimed = bytes;
      }
      chunks.push(value);
    }
  } catch {
    // the client broke off or its framing was false: whoever still listens is told so
    return { code: "invalid_json", fault: "syntax", param: null };
  } finally {
    // what may still come is dropped where the refusal is answered: see discard-body.ts
    reader.releaseLock();
  }
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

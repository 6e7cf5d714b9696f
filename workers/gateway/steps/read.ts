// Step 4: counted bytes → JSON with depth and key limits and no duplicate keys → a request whose every field is known
// and well typed.

import { matchesContentDigest } from "../../../identity/content-digest.ts";
import { concat } from "../../../protocol/encoding.ts";
import { DEFAULT_JSON_LIMITS, readJsonObject } from "../../../protocol/json.ts";
import { DEFAULT_REQUEST_LIMITS, parseChatRequest, parseEmbeddingsRequest } from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import type { ByteClaim } from "../bytes-in-flight.ts";
import { GATEWAY_LIMITS } from "../limits.ts";
import type { Authorized, GenerateRoute, RequestContext, Step, Typed } from "../products.ts";

export async function read(
  authorized: Authorized<GenerateRoute>,
  request: Request,
  claim: ByteClaim,
  context: RequestContext,
): Promise<Step<Typed>> {
  const { request: bounds } = context.snapshot.policy;
  const body = await readCounted(request, bounds.max_body_bytes, claim);
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

/**
 * What arrives is counted and claimed as it comes. A declared length claims nothing: it can lie, and a sender who declares
 * much and sends little must not make this isolate `busy` for everyone else.
 */
async function readCounted(request: Request, limitBytes: number, claim: ByteClaim): Promise<Step<Uint8Array>> {
  const { body } = request;
  if (body === null) return new Uint8Array(0);
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const patience = impatient(() => void reader.cancel().catch(() => undefined));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (patience.lost) return BROKEN_OFF;
      if (done) break;
      patience.moved();
      bytes += value.length;
      if (bytes > limitBytes) return { code: "request_too_large", limitBytes };
      if (!claim.add(value.length)) return { code: "busy" };
      chunks.push(value);
    }
  } catch {
    return BROKEN_OFF;
  } finally {
    patience.end();
    // what may still come is dropped where the refusal is answered: see discard-body.ts
    reader.releaseLock();
  }
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : concat(...chunks);
}

/** The client broke off, stood still, or its framing was false: whoever still listens is told so. */
const BROKEN_OFF: Refusal = { code: "invalid_json", fault: "syntax", param: null };

/** One timer a body, however many pieces it comes in. */
function impatient(onLost: () => void): { readonly lost: boolean; moved(): void; end(): void } {
  const { bodyIdleMs } = GATEWAY_LIMITS;
  let movedAt = Date.now();
  let lost = false;
  const check = (): void => {
    const left = movedAt + bodyIdleMs - Date.now();
    if (left > 0) {
      timer = setTimeout(check, left);
      return;
    }
    lost = true;
    onLost();
  };
  let timer = setTimeout(check, bodyIdleMs);
  return {
    get lost() {
      return lost;
    },
    moved() {
      movedAt = Date.now();
    },
    end() {
      clearTimeout(timer);
    },
  };
}

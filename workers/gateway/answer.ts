// The last touch on every answer, whoever made it: request id, caching, cross-origin headers. And the only place where a
// refusal becomes a Response.
import type { Policy } from "../../policy/schema.ts";
import { DPOP_NONCE, REQUEST_ID } from "../../protocol/headers.ts";
import type { RequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";
import { addCorsHeaders } from "./cors.ts";

export interface AnswerContext {
  readonly request: Request;
  readonly requestId: RequestId;
  /** null where no policy could be loaded: then no origin is allowed */
  readonly policy: Policy | null;
  /** for the client's next DPoP proof, where its tenant's proofs owe one */
  readonly dpopNonce?: string | undefined;
}

export function refuse(refusal: Refusal, context: AnswerContext): Response {
  const given = answerOf(refusal);
  const { body, contentType } = renderRefusal(given, context.requestId, context.request.headers.get("accept"));
  return finish(
    new Response(body, { status: given.status, headers: { ...given.headers, "content-type": contentType } }),
    context,
  );
}

/** A HEAD gets the headers of its GET. */
export function finish(response: Response, context: AnswerContext): Response {
  const { headers } = response;
  headers.set(REQUEST_ID, context.requestId);
  headers.set("cache-control", "private, no-store");
  headers.set("x-content-type-options", "nosniff");
  if (context.dpopNonce !== undefined) headers.set(DPOP_NONCE, context.dpopNonce);
  if (context.policy !== null) addCorsHeaders(headers, context.request.headers.get("origin"), context.policy.cors);
  if (context.request.method !== "HEAD" || response.body === null) return response;
  return new Response(null, { status: response.status, headers });
}

export function json(value: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...headers, "content-type": "application/json" } });
}

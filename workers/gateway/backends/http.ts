// An HTTP reply in OpenAI's form → a backend's answer. Shared by enrolled origins and by servers of kind `openai`.
// A redirect is an error: the gateway goes nowhere that its own configuration does not name.
import { parseJson } from "../../../protocol/json.ts";
import { fields } from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { GATEWAY_LIMITS } from "../limits.ts";
import {
  type BackendAnswer,
  type BackendCall,
  errorOf,
  readReply,
  refusalOfError,
  refusalOfStatus,
  unchanged,
} from "./backend.ts";

export const PATHS = { chat: "/v1/chat/completions", embeddings: "/v1/embeddings" } as const;

/** Sends, and tells a failed connection from one that the client gave up. */
export async function send(url: string, init: RequestInit, signal: AbortSignal): Promise<Response | Refusal> {
  try {
    return await fetch(url, { ...init, redirect: "manual", signal });
  } catch {
    if (signal.aborted) return { code: "backend_timeout" };
    return { code: "backend_unavailable", missing: null };
  }
}

export async function answerOfReply(reply: Response, call: BackendCall): Promise<BackendAnswer | Refusal> {
  const body = reply.body as ReadableStream<Uint8Array> | null;
  if (!reply.ok) {
    const text = await readReply(reply, GATEWAY_LIMITS.maxErrorBytes);
    const code = fields(errorOf(parseJson(text ?? "")))?.code;
    return refusalOfStatus(
      reply.status,
      typeof code === "string" ? code : null,
      call.contextTokens,
      reply.headers.get("retry-after"),
    );
  }
  const type = (reply.headers.get("content-type") ?? "").toLowerCase();
  if (call.upstream.stream && type.startsWith("text/event-stream") && body !== null)
    return { kind: "stream", bytes: body, translate: unchanged };
  const text = await readReply(reply, call.maxReplyBytes);
  if (text === null && call.signal.aborted) return { code: "backend_timeout" };
  const value = text === null ? undefined : parseJson(text);
  const error = errorOf(value);
  if (error !== undefined) return refusalOfError(error, call.contextTokens);
  // a stream was asked for and a document came, or it is no JSON at all (a proxy's HTML page): not passed on
  if (call.upstream.stream || value === undefined) return { code: "backend_error" };
  return { kind: "document", value };
}

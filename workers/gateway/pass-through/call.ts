// The judged bytes to the origin, its answer back. An origin's redirects, cookies, and internal headers stay behind; so do
// its failures, which say only that it failed.
import type { Refusal } from "../../../protocol/refusal.ts";
import { refusalOfStatus } from "../backends/backend.ts";
import { send } from "../backends/http.ts";
import { boundedBytes } from "../bounded-bytes.ts";

export interface OriginCall {
  readonly url: string;
  readonly method: string;
  readonly contentType: string | null;
  readonly accept: string;
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly apiKey: string | null;
  readonly maxReplyBytes: number;
  readonly signal: AbortSignal;
}

export interface OriginReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What an endpoint says of the client's own request; everything else that is not 2xx is the origin's failure. */
const CLIENTS_OWN = new Set([400, 404, 405, 409, 410, 412, 415, 422]);

export async function callOrigin(call: OriginCall): Promise<OriginReply | Refusal> {
  const headers: Record<string, string> = { accept: call.accept, "user-agent": "bartizan" };
  if (call.contentType !== null) headers["content-type"] = call.contentType;
  if (call.apiKey !== null) headers.authorization = `Bearer ${call.apiKey}`;
  const reply = await send(call.url, { method: call.method, headers, body: call.body }, call.signal);
  if (!(reply instanceof Response)) return reply;
  if (!reply.ok && !CLIENTS_OWN.has(reply.status)) {
    reply.body?.cancel().catch(() => undefined);
    return refusalOfStatus(reply.status, null, 0, reply.headers.get("retry-after"));
  }
  const read = await boundedBytes(reply.body as ReadableStream<Uint8Array> | null, call.maxReplyBytes, call.signal);
  if (!read.ok) return { code: call.signal.aborted ? "backend_timeout" : "backend_error" };
  return {
    status: reply.status,
    contentType: reply.headers.get("content-type") ?? "application/octet-stream",
    body: read.bytes,
  };
}

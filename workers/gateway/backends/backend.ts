// What a backend is to the pipeline: one call that answers with a document, with a stream of OpenAI chunks, or with a
// refusal. How each kind fails is decided here once, so that no backend's words reach a client.
import { fields, isErrorEvent } from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { boundedBytes } from "../bounded-bytes.ts";
import { declaredLength } from "../declared-length.ts";
import type { Upstream } from "../products.ts";

export interface BackendCall {
  readonly endpoint: "chat" | "embeddings";
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
  /** the digest that the grant promises; an attested origin must serve exactly it */
  readonly digest: string | null;
  readonly contextTokens: number;
  readonly maxReplyBytes: number;
}

export type BackendAnswer =
  | { readonly kind: "document"; readonly value: unknown }
  /** server-sent events; `translate` turns one event's data into chunks in OpenAI's form */
  | {
      readonly kind: "stream";
      readonly bytes: ReadableStream<Uint8Array>;
      readonly translate: Translate;
    };

/** Stands for the stream's own `[DONE]`, so that a translator can close what it opened. */
export const END: unique symbol = Symbol("end of stream");
export type Translate = (data: unknown) => readonly unknown[];

export type Backend = (call: BackendCall) => Promise<BackendAnswer | Refusal>;

/** A backend's own error status → ours. Its 401 and 404 are this gateway's misconfiguration, never the client's fault. */
export function refusalOfStatus(
  status: number,
  code: string | null,
  contextTokens: number,
  retryAfter: string | null,
): Refusal {
  if (code === "context_length_exceeded")
    return { code: "context_length_exceeded", limit: contextTokens, param: "messages" };
  if (status === 400 || status === 413 || status === 422) return { code: "backend_rejected" };
  if (status === 429 || status === 503) return { code: "backend_busy", retryAfterMs: retryAfterMs(retryAfter) };
  if (status === 408 || status === 504 || status === 524) return { code: "backend_timeout" };
  return { code: "backend_error" };
}

/** An error in the place of an event or of a document: `{"error":{"code":400,…}}`. */
export function refusalOfError(error: unknown, contextTokens: number): Refusal {
  const { status, code } = fields(error) ?? {};
  const known = [status, code].map(Number).find((n) => Number.isInteger(n) && n >= 400 && n < 600) ?? 500;
  return refusalOfStatus(known, typeof code === "string" ? code : null, contextTokens, null);
}

/** Seconds only (RFC 9110, section 10.2.3 allows a date as well); bounded, since it is another server's word. */
function retryAfterMs(text: string | null): number {
  return text !== null && /^\d{1,4}$/.test(text) ? Math.min(Number(text), 300) * 1000 : 1000;
}

/**
 * A reply's text up to a bound; null where it is larger or breaks off. Declared within the bound it is read in one piece,
 * which is cheaper; a compressed one may grow past what it declares, and is counted.
 */
export async function readReply(reply: Response, maxBytes: number): Promise<string | null> {
  const declared = declaredLength(reply.headers);
  if (declared === null || declared > maxBytes || reply.headers.has("content-encoding"))
    return textWithin(reply, maxBytes);
  const text = await reply.text().catch(() => null);
  return text === null || text.length > maxBytes ? null : text;
}

async function textWithin({ body }: Response, maxBytes: number): Promise<string | null> {
  const read = await boundedBytes(body as ReadableStream<Uint8Array> | null, maxBytes);
  return read.ok ? new TextDecoder().decode(read.bytes) : null;
}

/** The error that stands in the place of an answer or an event; undefined where it is none. */
export function errorOf(value: unknown): unknown {
  if (!isErrorEvent(value)) return undefined;
  // older servers send the error itself, marked by its `object` or `type`
  return fields(fields(value)?.error) ?? value;
}

export const unchanged: Translate = (data) => (data === END ? [] : [data]);

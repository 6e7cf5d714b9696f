// From what was found, or refused, to an HTTP answer: status, headers and body in one place.
import { utf8 } from "../../protocol/encoding.ts";
import { REQUEST_ID } from "../../protocol/headers.ts";
import type { RequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";

export type Answer =
  | {
      readonly ok: true;
      readonly body: string | Uint8Array<ArrayBuffer>;
      readonly contentType: string;
      readonly cacheControl: string;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export const TEXT = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";
export const NO_STORE = "private, no-store";
/** Tiles never change. Private: they are shown to a token, and a shared cache must not show them to the next caller. */
export const IMMUTABLE = "private, max-age=31536000, immutable";

export function refuse(refusal: Refusal): Answer {
  return { ok: false, refusal };
}

export const NOTHING = refuse({ code: "not_found" });

/** HEAD gets the headers of GET, the length included, and no body. */
export function toResponse(answer: Answer, request: Request, requestId: RequestId): Response {
  const rendered = render(answer, request, requestId);
  const headers = new Headers({
    ...rendered.headers,
    "content-type": rendered.contentType,
    "content-length": String(rendered.body.length),
    "cache-control": rendered.cacheControl,
    "x-content-type-options": "nosniff",
    [REQUEST_ID]: requestId,
  });
  return new Response(request.method === "HEAD" ? null : rendered.body, { status: rendered.status, headers });
}

interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string;
}

function render(answer: Answer, request: Request, requestId: RequestId): Rendered {
  if (answer.ok) {
    const body = typeof answer.body === "string" ? utf8(answer.body) : answer.body;
    return { ...answer, status: 200, headers: {}, body };
  }
  const { status, headers, error } = answerOf(answer.refusal);
  const { body, contentType } = renderRefusal({ status, headers, error }, requestId, request.headers.get("accept"));
  return { status, headers, body: utf8(body), contentType, cacheControl: NO_STORE };
}

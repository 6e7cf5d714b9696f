// How the OAuth endpoints say no: by the specifications' own codes, which OAuth clients parse, not in the API's envelope.
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ControlContext } from "./http.ts";

/** RFC 6749, section 5.2; RFC 8707, section 2; RFC 9449, sections 5 and 8; RFC 6750 for a caller that must wait. */
export type OAuthError =
  | "invalid_request"
  | "invalid_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "invalid_target"
  | "invalid_dpop_proof"
  | "use_dpop_nonce"
  | "temporarily_unavailable";

/** A refusal on its way to {@link oauthError}. */
export interface OAuthFault {
  readonly error: OAuthError;
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** where it is not the code's own */
  readonly status?: ContentfulStatusCode;
}

export function fault(error: OAuthError, description: string, headers?: Readonly<Record<string, string>>): OAuthFault {
  return headers === undefined ? { error, description } : { error, description, headers };
}

/** Every client that is not believed hears this, whatever the reason. */
export const NOT_BELIEVED: OAuthFault = {
  error: "invalid_client",
  description: "Client authentication failed.",
  status: 401,
  headers: { "www-authenticate": 'Basic realm="bartizan", charset="UTF-8"' },
};

export function slowDown(retryAfterMs: number): OAuthFault {
  return {
    error: "temporarily_unavailable",
    description: "Too many failed attempts from this address. Try again later.",
    status: 429,
    headers: { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  };
}

/** Something behind this endpoint cannot be reached now (RFC 7009, section 2.2.1). */
export const UNAVAILABLE: OAuthFault = {
  error: "temporarily_unavailable",
  description: "Try again in a moment.",
  status: 503,
  headers: { "retry-after": "1" },
};

export function oauthError(c: ControlContext, { error, description, headers, status }: OAuthFault): Response {
  const body = { error, error_description: description };
  return c.json(body, status ?? 400, { pragma: "no-cache", ...headers });
}

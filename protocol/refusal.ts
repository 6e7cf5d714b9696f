// Every way in which the gateway says no, as a tagged union, and the one table that turns it into a status, headers
// and a body. No other place does, and no exception's message ever gets here.
// Body: OpenAI's envelope, or RFC 9457 problem details where the client asks for them.
import { DPOP_NONCE } from "./headers.ts";
import type { QuotaName } from "./limits.ts";

/** Why a JSON body could not be read. */
export type JsonFault =
  | "syntax"
  | "depth"
  | "duplicate_key"
  | "too_many_keys"
  | "encoding"
  | "lone_surrogate"
  | "not_an_object";

export type Refusal =
  // screen
  | { readonly code: "not_found" }
  | { readonly code: "not_supported" }
  | { readonly code: "method_not_allowed"; readonly allow: readonly string[] }
  | { readonly code: "unsupported_media_type" }
  | { readonly code: "request_too_large"; readonly limitBytes: number }
  | { readonly code: "headers_too_large"; readonly limitBytes: number }
  | { readonly code: "invalid_query"; readonly param: string }
  | { readonly code: "request_blocked"; readonly finding?: string }
  // authenticate, authorize; `presented` chooses the challenge only: the body is the same for every failed credential
  | { readonly code: "invalid_api_key"; readonly presented: boolean; readonly scheme?: "bearer" | "dpop" }
  // the DPoP proof stands, but for a nonce of ours; `nonce` is a fresh one
  | { readonly code: "use_dpop_nonce"; readonly nonce: string }
  // no keys of the external issuer whose token this claims to be
  | { readonly code: "issuer_unavailable"; readonly retryAfterMs: number }
  | { readonly code: "permission_denied"; readonly need: "route" | "network" | "role" | "proof" | "grant" }
  // an isolate's own bounds: failed authentications of one address, requests of one account
  | { readonly code: "too_many_failures"; readonly retryAfterMs: number }
  | { readonly code: "too_many_requests"; readonly retryAfterMs: number }
  // read
  | { readonly code: "invalid_json"; readonly fault: JsonFault; readonly param: string | null }
  | { readonly code: "invalid_request"; readonly param: string | null; readonly expected: string }
  | { readonly code: "unsupported_parameter"; readonly param: string }
  | { readonly code: "digest_mismatch" }
  | { readonly code: "request_timeout" }
  // administration
  | { readonly code: "conflict"; readonly param: string | null }
  | { readonly code: "not_due"; readonly retryAfterMs: number }
  // select
  | { readonly code: "model_not_found"; readonly model: string }
  | { readonly code: "model_not_granted"; readonly model: string }
  /** the request uses a field, or an endpoint, that needs a scope of its own (RFC 6750, section 3.1) */
  | { readonly code: "insufficient_scope"; readonly scope: string }
  // validate; `finding` is a category or a rule's id, as far as policy tells clients
  | { readonly code: "content_policy"; readonly param: string | null; readonly finding?: string }
  | { readonly code: "context_length_exceeded"; readonly limit: number; readonly param: string | null }
  // admit
  | {
      readonly code: "rate_limit_exceeded";
      readonly limit: QuotaName;
      readonly retryAfterMs: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly code: "insufficient_quota";
      readonly limit: QuotaName;
      readonly needed: number;
      readonly remaining: number;
      readonly resetAtMs: number;
      readonly retryAfterMs: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly code: "request_exceeds_limit";
      readonly limit: QuotaName;
      readonly needed: number;
      readonly allowed: number;
    }
  | { readonly code: "probing_slowed"; readonly retryAfterMs: number }
  | { readonly code: "probing_stopped" }
  // the gateway itself
  | { readonly code: "busy" }
  | { readonly code: "not_initialised"; readonly command: string }
  | { readonly code: "policy_unavailable" }
  | { readonly code: "keys_unavailable" }
  | { readonly code: "ledger_unavailable" }
  | { readonly code: "log_unavailable" }
  | { readonly code: "internal_error" }
  // route, relay
  | { readonly code: "backend_unavailable"; readonly missing: string | null }
  | { readonly code: "backend_busy"; readonly retryAfterMs: number }
  | { readonly code: "backend_error" }
  | { readonly code: "backend_timeout" }
  | { readonly code: "backend_rejected" };

export type RefusalCode = Refusal["code"];

/** What goes to the client, in OpenAI's field names. */
export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: ErrorBody;
}

const INVALID = "invalid_request_error";

/** The table: status, headers and body of each refusal. Exhaustive: a new tag does not compile until it stands here. */
export function answerOf(refusal: Refusal): RefusalAnswer {
  switch (refusal.code) {
    case "not_found":
      return answer(404, INVALID, refusal.code, "There is nothing at this path.");
    case "not_supported":
      return answer(404, INVALID, refusal.code, "This gateway does not offer this part of the API.");
    case "method_not_allowed":
      return answer(405, INVALID, refusal.code, `This path takes ${refusal.allow.join(", ")} only.`, {
        headers: { allow: refusal.allow.join(", ") },
      });
    case "unsupported_media_type":
      return answer(415, INVALID, refusal.code, "The body must be application/json in UTF-8.");
    case "request_too_large":
      return answer(413, INVALID, refusal.code, `The body is larger than the limit of ${refusal.limitBytes} bytes.`);
    case "headers_too_large":
      return answer(
        431,
        INVALID,
        refusal.code,
        `The headers are larger than the limit of ${refusal.limitBytes} bytes.`,
      );
    case "invalid_query":
      return answer(400, INVALID, refusal.code, "This path does not take this query parameter.", {
        param: refusal.param,
      });
    case "request_blocked":
      return answer(
        403,
        "permission_error",
        refusal.code,
        found("The request was blocked by a security rule", refusal.finding),
      );
    case "invalid_api_key":
      return answer(401, "authentication_error", refusal.code, "A valid API key or access token is required.", {
        headers: {
          "www-authenticate": challenge(refusal.scheme ?? "bearer", refusal.presented ? "invalid_token" : null),
        },
      });
    case "use_dpop_nonce":
      return answer(401, "authentication_error", refusal.code, "The DPoP proof must carry the nonce of this answer.", {
        headers: { "www-authenticate": challenge("dpop", refusal.code), [DPOP_NONCE]: refusal.nonce },
      });
    case "too_many_failures":
      return answer(429, "rate_limit_error", refusal.code, "Too many failed authentications from this address.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "too_many_requests":
      return answer(429, "rate_limit_error", refusal.code, "Too many requests at once. Try again later.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "issuer_unavailable":
      return answer(503, "server_error", refusal.code, "The keys of this token's issuer cannot be had. Try again.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "permission_denied":
      return answer(403, "permission_error", refusal.code, DENIED[refusal.need]);
    case "invalid_json":
      return answer(400, INVALID, refusal.code, JSON_FAULTS[refusal.fault], { param: refusal.param });
    case "invalid_request":
      return answer(400, INVALID, refusal.code, invalidText(refusal.param, refusal.expected), { param: refusal.param });
    case "unsupported_parameter":
      return answer(
        400,
        INVALID,
        refusal.code,
        `The parameter ${quoted(refusal.param)} is not supported for this model.`,
        {
          param: refusal.param,
        },
      );
    case "digest_mismatch":
      return answer(400, INVALID, refusal.code, "The body does not match the digest that was signed.");
    case "request_timeout":
      // RFC 9110, section 15.5.9: whoever is this slow is not to keep the connection
      return answer(408, INVALID, refusal.code, "The body did not arrive in time.", {
        headers: { connection: "close" },
      });
    case "conflict":
      return answer(409, INVALID, refusal.code, "This exists already.", { param: refusal.param });
    case "not_due":
      return answer(409, INVALID, refusal.code, "It is not time for this yet.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "model_not_found":
      return answer(404, INVALID, refusal.code, `The model ${quoted(refusal.model)} does not exist.`, {
        param: "model",
      });
    case "model_not_granted":
      return answer(403, "permission_error", refusal.code, `This key may not use the model ${quoted(refusal.model)}.`, {
        param: "model",
      });
    case "insufficient_scope":
      return answer(403, "permission_error", refusal.code, `This request needs the scope ${quoted(refusal.scope)}.`, {
        headers: {
          "www-authenticate": `Bearer realm="bartizan", error="insufficient_scope", scope="${refusal.scope}"`,
        },
      });
    case "probing_slowed":
      return answer(429, "rate_limit_error", refusal.code, "Too many prompts of one kind. Try again later.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "probing_stopped":
      return answer(403, "permission_error", refusal.code, "This key has sent too many prompts of one kind.");
    case "content_policy":
      return answer(
        400,
        INVALID,
        refusal.code,
        found("The request was refused by the content policy", refusal.finding),
        { param: refusal.param },
      );
    case "context_length_exceeded":
      return answer(400, INVALID, refusal.code, `The request is longer than this model's limit of ${refusal.limit}.`, {
        param: refusal.param,
      });
    case "rate_limit_exceeded":
      return answer(429, "rate_limit_error", refusal.code, `The limit ${refusal.limit} is reached. Try again later.`, {
        headers: { ...refusal.headers, "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "insufficient_quota":
      return answer(
        429,
        "insufficient_quota",
        refusal.code,
        `The quota ${refusal.limit} does not cover this request: ${refusal.needed} needed, ${refusal.remaining} remaining, resets at ${new Date(refusal.resetAtMs).toISOString()}.`,
        { headers: { ...refusal.headers, "retry-after": seconds(refusal.retryAfterMs) } },
      );
    case "request_exceeds_limit":
      return answer(
        400,
        INVALID,
        refusal.code,
        `This request alone needs ${refusal.needed}, more than ${refusal.limit} allows at any time (${refusal.allowed}).`,
      );
    case "busy":
      return answer(503, "server_error", refusal.code, "The gateway is busy. Try again.", {
        headers: { "retry-after": "1" },
      });
    case "not_initialised":
      return answer(503, "server_error", refusal.code, `This gateway is not set up. Run: ${refusal.command}`);
    case "policy_unavailable":
      return answer(503, "server_error", refusal.code, "No policy is loaded, so nothing is served.", {
        headers: { "retry-after": "5" },
      });
    case "keys_unavailable":
      return answer(503, "server_error", refusal.code, "No verification keys can be had now, so no one is let in.", {
        headers: { "retry-after": "5" },
      });
    case "ledger_unavailable":
      return answer(503, "server_error", refusal.code, "The quota ledger cannot be reached, so nothing is admitted.", {
        headers: { "retry-after": "1" },
      });
    case "log_unavailable":
      return answer(503, "server_error", refusal.code, "The audit log cannot be reached.", {
        headers: { "retry-after": "1" },
      });
    case "internal_error":
      return answer(500, "server_error", refusal.code, "The gateway failed. The request id identifies this failure.");
    case "backend_unavailable":
      return answer(
        503,
        "server_error",
        refusal.code,
        refusal.missing === null
          ? "No backend for this model is available."
          : `No backend for this model is available: ${refusal.missing}`,
        { headers: { "retry-after": "5" } },
      );
    case "backend_busy":
      return answer(503, "server_error", refusal.code, "The model's backend is busy. Try again.", {
        headers: { "retry-after": seconds(refusal.retryAfterMs) },
      });
    case "backend_error":
      return answer(502, "server_error", refusal.code, "The model's backend failed.", {
        headers: { "retry-after": "1" },
      });
    case "backend_timeout":
      return answer(504, "server_error", refusal.code, "The model's backend did not answer in time.", {
        headers: { "retry-after": "1" },
      });
    case "backend_rejected":
      return answer(400, INVALID, refusal.code, "The model's backend refused this request as invalid.");
  }
}

const DENIED = {
  route: "This key may not use this path.",
  network: "This key may not be used from this address.",
  role: "This key lacks the role that this path needs.",
  grant: "This key may not give, or change, a credential that can do more than itself.",
  proof: "This tenant's policy wants a token that is bound to a key, with its proof.",
} as const;

const JSON_FAULTS: Record<JsonFault, string> = {
  syntax: "The body is not valid JSON.",
  depth: "The JSON is nested too deeply.",
  duplicate_key: "A JSON object names the same key twice.",
  too_many_keys: "The JSON has too many keys or values.",
  encoding: "The body is not valid UTF-8.",
  lone_surrogate: "A string holds a lone surrogate, which is not valid text.",
  not_an_object: "The body must be a JSON object.",
};

function answer(
  status: number,
  type: string,
  code: RefusalCode,
  message: string,
  extra: { readonly param?: string | null; readonly headers?: Readonly<Record<string, string>> } = {},
): RefusalAnswer {
  return { status, headers: extra.headers ?? {}, error: { message, type, param: extra.param ?? null, code } };
}

/** RFC 6750, section 3, and RFC 9449, sections 7.1 and 9. */
function challenge(scheme: "bearer" | "dpop", fault: "invalid_token" | "use_dpop_nonce" | null): string {
  const error = fault === null ? "" : `, error="${fault}"`;
  return scheme === "dpop" ? `DPoP realm="bartizan"${error}, algs="ES256 EdDSA"` : `Bearer realm="bartizan"${error}`;
}

/** Whole seconds, rounded up, at least one (RFC 9110, section 10.2.3 knows no fractions). */
function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

function invalidText(param: string | null, expected: string): string {
  return param === null ? `The request is invalid: ${expected}.` : `Invalid ${quoted(param)}: ${expected}.`;
}

function found(message: string, finding: string | undefined): string {
  return finding === undefined ? `${message}.` : `${message} (${finding}).`;
}

/** A client's own word in a message: shortened, and stripped of what could disturb a terminal or a log. */
function quoted(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, "?");
  return `'${clean.length > 100 ? `${clean.slice(0, 100)}…` : clean}'`;
}

/** The body in the form that the client accepts. RFC 9457 where asked, else OpenAI's envelope. */
export function renderRefusal(
  given: RefusalAnswer,
  requestId: string,
  accept: string | null,
): { readonly body: string; readonly contentType: string } {
  const { message, type, param, code } = given.error;
  if (accept?.toLowerCase().includes("application/problem+json"))
    return {
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: `urn:bartizan:error:${code}`,
        title: message,
        status: given.status,
        instance: `urn:bartizan:request:${requestId}`,
        code,
        param,
        error_type: type,
      }),
    };
  return { contentType: "application/json", body: JSON.stringify({ error: { message, type, param, code } }) };
}

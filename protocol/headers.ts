// Header names that cross a border of the gateway, in one list: what clients may send and see, and what never passes.

/** Response headers a browser's script may read (CORS `Access-Control-Expose-Headers`). */
export const EXPOSED_HEADERS = [
  "x-request-id",
  "retry-after",
  "ratelimit",
  "ratelimit-policy",
  "x-ratelimit-limit-requests",
  "x-ratelimit-remaining-requests",
  "x-ratelimit-reset-requests",
  "x-ratelimit-limit-tokens",
  "x-ratelimit-remaining-tokens",
  "x-ratelimit-reset-tokens",
  "bartizan-model",
  "bartizan-ignored-fields",
  "www-authenticate",
  "dpop-nonce",
] as const;

/** Set by the gateway on every answer: the id under which the request stands in ledger and log. */
export const REQUEST_ID = "x-request-id";
/** Fields that were accepted and had no effect, comma separated. */
export const IGNORED_FIELDS = "bartizan-ignored-fields";
/** The model version that answered, as `id@version`. */
export const SERVED_MODEL = "bartizan-model";
/** Digest of the model that an origin serves, signed with the head of each of its replies. */
export const MODEL_DIGEST = "bartizan-model-digest";
/** A nonce of ours for the client's next DPoP proof (RFC 9449, section 8). */
export const DPOP_NONCE = "dpop-nonce";
/** Added by the embedded server's front, demanded by `workers/local.ts`. */
export const START_SECRET = "bartizan-start-secret";
/** The only source of a client's address: set by the platform, or by the embedded server's front. */
export const CLIENT_ADDRESS = "cf-connecting-ip";

// The credential that a request presents, before anything is known about it.
// `Authorization: Bearer TOKEN` by RFC 9110, section 11.4 (scheme in any case, one or more spaces) and RFC 6750,
// section 2.1 (b64token), or `x-api-key: TOKEN`, which OpenAI-style clients send. `Authorization: DPoP TOKEN` (RFC 9449,
// section 7.1) only where the caller will check the proof. A token in a query or a body is not looked at: it would
// stand in logs.

/** How the token was presented. A bound token must not come as a bearer token, nor the other way round. */
export type CredentialScheme = "bearer" | "dpop" | "api_key";

export type PresentedCredential =
  /** neither header is there: the answer is a bare challenge (RFC 6750, section 3.1) */
  | { readonly kind: "none" }
  /** something was presented that is not one token: another scheme, two headers, two different tokens, stray characters */
  | { readonly kind: "malformed" }
  | { readonly kind: "token"; readonly token: string; readonly scheme: CredentialScheme };

// `1*SP` is one or more spaces; a tab is not a space. `Headers` has already trimmed both ends and joined repeated
// headers with ", ", which no b64token contains: so two `Authorization` headers are malformed, not a choice.
const AUTHORIZATION = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i;
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * What the request presents. Both headers with one and the same token count as that token.
 * @param proofs whether the caller verifies DPoP proofs: without, the scheme `DPoP` is unknown here
 */
export function presentedCredential(headers: Headers, proofs: "dpop" | "none" = "none"): PresentedCredential {
  const authorization = headers.get("authorization");
  const apiKey = headers.get("x-api-key");
  if (authorization === null && apiKey === null) return { kind: "none" };

  const [, scheme = "", presented = ""] = AUTHORIZATION.exec(authorization ?? "") ?? [];
  const dpop = scheme.toLowerCase() === "dpop";
  const fromAuthorization = authorization === null ? null : dpop && proofs === "none" ? "" : presented;
  const fromApiKey = apiKey === null ? null : TOKEN.test(apiKey) ? apiKey : "";
  const token = fromAuthorization ?? fromApiKey ?? "";
  // two tokens that differ: which of them a log, a guard or a quota means would be anyone's guess
  if (token === "" || (fromApiKey !== null && fromApiKey !== token)) return { kind: "malformed" };
  return { kind: "token", token, scheme: authorization === null ? "api_key" : dpop ? "dpop" : "bearer" };
}

/** The token alone, or null where there is none or what is there is malformed. */
export function bearerToken(headers: Headers): string | null {
  const presented = presentedCredential(headers);
  return presented.kind === "token" ? presented.token : null;
}

// The credential that a request presents, before anything is known about it.
// `Authorization: Bearer TOKEN` by RFC 9110, section 11.4 (scheme in any case, one or more spaces) and RFC 6750,
// section 2.1 (b64token), or `x-api-key: TOKEN`, which OpenAI-style clients send. A token in a query or a body is not
// looked at: it would stand in logs.

export type PresentedCredential =
  /** neither header is there: the answer is a bare challenge (RFC 6750, section 3.1) */
  | { readonly kind: "none" }
  /** something was presented that is not one token: another scheme, two headers, two different tokens, stray characters */
  | { readonly kind: "malformed" }
  | { readonly kind: "token"; readonly token: string };

// `1*SP` is one or more spaces; a tab is not a space. `Headers` has already trimmed both ends and joined repeated
// headers with ", ", which no b64token contains: so two `Authorization` headers are malformed, not a choice.
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What the request presents. Both headers with one and the same token count as that token. */
export function presentedCredential(headers: Headers): PresentedCredential {
  const authorization = headers.get("authorization");
  const apiKey = headers.get("x-api-key");
  if (authorization === null && apiKey === null) return { kind: "none" };

  const fromBearer = authorization === null ? null : (BEARER.exec(authorization)?.[1] ?? "");
  const fromApiKey = apiKey === null ? null : TOKEN.test(apiKey) ? apiKey : "";
  const token = fromBearer ?? fromApiKey ?? "";
  // two tokens that differ: which of them a log, a guard or a quota means would be anyone's guess
  if (token === "" || (fromApiKey !== null && fromApiKey !== token)) return { kind: "malformed" };
  return { kind: "token", token };
}

/** The token alone, or null where there is none or what is there is malformed. */
export function bearerToken(headers: Headers): string | null {
  const presented = presentedCredential(headers);
  return presented.kind === "token" ? presented.token : null;
}

// What anyone may know: where tokens come from (RFC 8414) and the public keys that judge them (RFC 7517).
import { CLIENT_AUTH_METHODS } from "../../durable-objects/key-directory/clients/records.ts";
import { ASSERTION_ALGORITHMS } from "../../identity/client-assertion.ts";
import { DPOP_ALGORITHMS } from "../../identity/dpop.ts";
import type { ControlContext } from "./http.ts";
import { currentKeys } from "./key-set.ts";
import { tokenEndpoint } from "./oauth-client.ts";

/** Seconds for which a cache may keep them: how long a new key is unknown to those who fetch it. */
const CACHE_S = 300;
const CACHED = { "cache-control": `public, max-age=${CACHE_S}` };
/** Milliseconds for which an isolate shows the set it has: anyone may ask, and the directory is one object. */
const SHOWN_MS = 2_000;

export function showIssuer(c: ControlContext): Response {
  const { issuer } = c.get("config");
  const at = (path: string): string => new URL(path, issuer).href;
  return c.json(
    {
      issuer,
      token_endpoint: tokenEndpoint(issuer),
      introspection_endpoint: at("/oauth/introspect"),
      revocation_endpoint: at("/oauth/revoke"),
      jwks_uri: at("/.well-known/jwks.json"),
      grant_types_supported: ["client_credentials"],
      // each client has one of them, client_secret_basic unless it was registered with another
      token_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
      token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      introspection_endpoint_auth_methods_supported: [...CLIENT_AUTH_METHODS, "Bearer"],
      introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      revocation_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
      tls_client_certificate_bound_access_tokens: true,
      // required by section 2, empty without an authorization endpoint
      response_types_supported: [],
    },
    200,
    CACHED,
  );
}

export async function showJwks(c: ControlContext): Promise<Response> {
  const { keys } = await currentKeys(c, SHOWN_MS);
  const headers = { ...CACHED, etag: `"${keys.generation}"` };
  if (c.req.header("if-none-match") === headers.etag) return c.body(null, 304, headers);
  const jwks = [...keys.byKid.values()].map(({ jwk }) => jwk);
  return c.json({ keys: jwks }, 200, { ...headers, "content-type": "application/jwk-set+json" });
}

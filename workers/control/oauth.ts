// The token endpoint: OAuth 2.0 client credentials (RFC 6749, section 4.4) with client_secret_basic, answering with an
// access token of RFC 9068. Errors are section 5.2's, not the API's envelope: OAuth clients parse those.
import { Hono } from "hono";
import { narrows } from "../../identity/scopes.ts";
import { MAX_LIFETIME_S } from "../../identity/tokens.ts";
import { CONTROL_LIMITS, type ControlContext, type ControlTypes, readBytes } from "./http.ts";
import { mintAccessToken } from "./mint.ts";
import { basicCredentials, type OAuthError, readForm } from "./oauth-request.ts";
import { clientSecretHash } from "./secrets.ts";

export const oauthRoutes = new Hono<ControlTypes>().post("/token", async (c) => {
  const bytes = await readBytes(c.req.raw, CONTROL_LIMITS.maxBodyBytes);
  if (bytes === null) return oauthError(c, "invalid_request", "The body is too large.");
  const form = readForm(c.req.header("content-type"), bytes);
  if (form === null) return oauthError(c, "invalid_request", "The body must be a form that names each parameter once.");

  const credentials = basicCredentials(c.req.header("authorization"));
  // RFC 6749, section 2.3: no more than one method of authentication a request
  if (form.has("client_secret") || form.has("client_assertion"))
    return oauthError(c, credentials === null ? "invalid_client" : "invalid_request", "Use client_secret_basic alone.");
  if (credentials === null) return oauthError(c, "invalid_client", "Client authentication failed.");
  const config = c.get("config");
  // the same work for a client that does not exist: hash, one call, one comparison
  const hash = await clientSecretHash(config.pepper, credentials.id, credentials.secret);
  const client = await c.get("directory").clientBySecret(credentials.id, hash);
  if (client === null) return oauthError(c, "invalid_client", "Client authentication failed.");
  if ((form.get("client_id") ?? client.id) !== client.id)
    return oauthError(c, "invalid_request", "client_id names another client.");

  const grant = form.get("grant_type");
  if (grant === undefined) return oauthError(c, "invalid_request", "grant_type is missing.");
  if (grant !== "client_credentials") return oauthError(c, "unsupported_grant_type", "Use client_credentials.");
  if ((form.get("resource") ?? config.audience) !== config.audience)
    return oauthError(c, "invalid_target", "There is no such resource.");
  const scopes = form.get("scope")?.split(" ") ?? client.scopes;
  // also what is no scope at all: narrows knows no such word
  if (!narrows(scopes, client.scopes)) return oauthError(c, "invalid_scope", "The client may not have this scope.");

  const unique = [...new Set(scopes)];
  const lifetime = MAX_LIFETIME_S.access_token;
  return c.json(
    {
      access_token: await mintAccessToken(client, unique, lifetime, config),
      token_type: "Bearer",
      expires_in: lifetime,
      scope: unique.join(" "),
    },
    200,
    { pragma: "no-cache" },
  );
});

function oauthError(c: ControlContext, error: OAuthError, description: string): Response {
  const body = { error, error_description: description };
  if (error !== "invalid_client") return c.json(body, 400, { pragma: "no-cache" });
  return c.json(body, 401, { pragma: "no-cache", "www-authenticate": 'Basic realm="bartizan", charset="UTF-8"' });
}

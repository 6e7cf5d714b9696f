// The token endpoint: OAuth 2.0 client credentials (RFC 6749, section 4.4), answering with an access token of RFC 9068.
//
//   form → DPoP proof → client → grant → resource (RFC 8707) → scope, narrowed → binding → recorded and signed
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { narrows } from "../../identity/scopes.ts";
import { MAX_LIFETIME_S } from "../../identity/tokens.ts";
import type { ControlContext } from "./http.ts";
import { newId } from "./mint.ts";
import { fault, type OAuthFault, oauthError, UNAVAILABLE } from "./oauth-answers.ts";
import { authenticateClient, readOAuthForm } from "./oauth-client.ts";
import { bindingOf, shownProof } from "./oauth-proof.ts";
import type { Form } from "./oauth-request.ts";

export async function token(c: ControlContext): Promise<Response> {
  const read = await readOAuthForm(c);
  if (!read.ok) return oauthError(c, read.fault);
  // before the client: what it shows may count once, and a missing nonce must not use that up
  const shown = await shownProof(c);
  if (!shown.ok) return oauthError(c, shown.fault);
  const authenticated = await authenticateClient(c, read.form, shown.proof?.oneTime ?? null);
  if (!authenticated.ok) return oauthError(c, authenticated.fault);
  const { client, registration } = authenticated;

  const asked = askedOf(read.form, client, c.get("config").audience);
  if ("error" in asked) return oauthError(c, asked);
  const binding = bindingOf(c, registration, shown.proof);
  if ("error" in binding) return oauthError(c, binding);

  const { issuer: iss, audience: aud } = c.get("config");
  const lifetimeS = MAX_LIFETIME_S.access_token;
  const outcome = await c
    .get("directory")
    .issueToken(
      { clientId: client.id, iss, aud, id: newId("at"), scopes: asked.scopes, lifetimeS, cnf: binding.cnf },
      { requestId: c.get("requestId"), credentialId: client.id },
    );
  if (!outcome.done) return oauthError(c, outcome.fault === "unknown" ? NARROWED : UNAVAILABLE);
  return c.json(
    {
      access_token: outcome.token,
      token_type: binding.cnf !== null && "jkt" in binding.cnf ? "DPoP" : "Bearer",
      expires_in: lifetimeS,
      scope: asked.scopes.join(" "),
    },
    200,
    { pragma: "no-cache" },
  );
}

/** Between being believed and being given a token. */
const NARROWED = fault("invalid_scope", "The client may not have this scope.");

function askedOf(
  form: Form,
  client: Credential,
  audience: string,
): { readonly scopes: readonly string[] } | OAuthFault {
  const grant = form.get("grant_type");
  if (grant === undefined) return fault("invalid_request", "grant_type is missing.");
  if (grant !== "client_credentials") return fault("unsupported_grant_type", "Use client_credentials.");
  if ((form.get("resource") ?? audience) !== audience) return fault("invalid_target", "There is no such resource.");
  const scopes = form.get("scope")?.split(" ") ?? client.scopes;
  // also what is no scope at all: narrows knows no such word
  return narrows(scopes, client.scopes) ? { scopes: [...new Set(scopes)] } : NARROWED;
}

// Introspection (RFC 7662): whether a token of ours is good now, for whoever may see the tenant's keys, or for a client
// about the tokens of its own tenant. A token that is not good, or that the caller is not to know of, is `{"active":false}` and no more.
import { confirmationClaim, PROOF_KINDS } from "../../identity/confirmation.ts";
import type { Principal } from "../../identity/principal.ts";
import { common } from "../../identity/scopes.ts";
import { verifyToken } from "../../identity/tokens.ts";
import { type Reach, reaches } from "../../policy/matrix.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { type ControlContext, refuse } from "./http.ts";
import { currentKeys } from "./key-set.ts";
import { fault, oauthError } from "./oauth-answers.ts";
import { authenticateClient, readOAuthForm } from "./oauth-client.ts";
import { ownerOf, stands } from "./standing.ts";

export async function introspect(c: ControlContext): Promise<Response> {
  const read = await readOAuthForm(c);
  if (!read.ok) return oauthError(c, read.fault);
  let reach: Reach;
  if (/^(?:bearer|dpop) /i.test(c.req.header("authorization") ?? "")) {
    const caller = await authenticate(c);
    if ("code" in caller) return refuse(c, caller);
    // who may see a key may ask about it
    const authorized = authorize(c, caller, "keys.show");
    if (!authorized.ok) return refuse(c, authorized.refusal);
    reach = authorized.reach;
  } else {
    const authenticated = await authenticateClient(c, read.form);
    if (!authenticated.ok) return oauthError(c, authenticated.fault);
    reach = [authenticated.client.tenant];
  }
  const token = read.form.get("token");
  if (token === undefined) return oauthError(c, fault("invalid_request", "token is missing."));

  const live = await liveToken(c, token);
  if (live === null || !reaches(reach, live.principal.tenant)) return c.json({ active: false });
  return c.json(described(c, live.principal, live.scopes));
}

/** A token of ours that is good now, whatever it is bound to. */
export async function liveToken(
  c: ControlContext,
  token: string,
): Promise<{ readonly principal: Principal; readonly scopes: readonly string[] } | null> {
  const { keys } = await currentKeys(c);
  const { issuer, audience } = c.get("config");
  const expected = { issuer, audience, nowMs: Date.now(), confirmations: PROOF_KINDS };
  const verification = await verifyToken(token, keys, expected);
  if (!verification.ok) return null;
  const { principal } = verification;
  const standing = await c.get("directory").standing(ownerOf(principal), principal.credentialId);
  if (!stands(principal, standing, expected.nowMs)) return null;
  return { principal, scopes: common(principal.scopes, standing.credential?.scopes ?? []) };
}

function described(c: ControlContext, principal: Principal, scopes: readonly string[]) {
  const { issuer, audience } = c.get("config");
  const { confirmation } = principal;
  return {
    active: true,
    scope: scopes.join(" "),
    client_id: ownerOf(principal),
    sub: principal.subject,
    token_type: confirmation?.kind === "dpop" ? "DPoP" : "Bearer",
    exp: Math.floor(principal.expiresAtMs / 1000),
    iss: issuer,
    aud: audience,
    jti: principal.credentialId,
    tenant: principal.tenant,
    account: principal.account,
    ...(confirmation === null ? {} : { cnf: confirmationClaim(confirmation) }),
  };
}

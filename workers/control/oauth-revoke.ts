// Revocation (RFC 7009): a client takes back a token of its own. What is no such token is answered like one that is:
// 200, and nothing is learnt. Only a ledger or log that cannot be told makes another answer, since the token still works.
import { PROOF_KINDS } from "../../identity/confirmation.ts";
import { verifyToken } from "../../identity/tokens.ts";
import type { ControlContext } from "./http.ts";
import { currentKeys } from "./key-set.ts";
import { fault, oauthError, UNAVAILABLE } from "./oauth-answers.ts";
import { authenticateClient, readOAuthForm } from "./oauth-client.ts";

export async function revokeToken(c: ControlContext): Promise<Response> {
  const read = await readOAuthForm(c);
  if (!read.ok) return oauthError(c, read.fault);
  const authenticated = await authenticateClient(c, read.form);
  if (!authenticated.ok) return oauthError(c, authenticated.fault);
  const token = read.form.get("token");
  if (token === undefined) return oauthError(c, fault("invalid_request", "token is missing."));

  const { client } = authenticated;
  const { keys } = await currentKeys(c);
  const { issuer, audience } = c.get("config");
  const expected = { issuer, audience, nowMs: Date.now(), confirmations: PROOF_KINDS };
  const verification = await verifyToken(token, keys, expected);
  if (!verification.ok) return c.body(null, 200);
  const { kind, subject, credentialId, expiresAtMs } = verification.principal;
  if (kind !== "access_token" || subject !== client.id) return c.body(null, 200);

  const actor = { requestId: c.get("requestId"), credentialId: client.id };
  const untold = await c.get("directory").revokeToken(client, credentialId, expiresAtMs, actor);
  return untold === null ? c.body(null, 200) : oauthError(c, UNAVAILABLE);
}

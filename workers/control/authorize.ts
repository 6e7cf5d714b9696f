// Who may administer: a token of ours with the role `admin`, whose credential the directory still knows and has not
// revoked or narrowed, from an address that the credential allows. Asked at each call: a revoked administrator's next
// call fails, whatever an isolate remembers.
import { createMiddleware } from "hono/factory";
import { presentedCredential } from "../../identity/bearer.ts";
import { TokenCache, verifyTokenCached } from "../../identity/cache.ts";
import { addressIn } from "../../identity/cidr.ts";
import type { Principal } from "../../identity/principal.ts";
import { grantsAny } from "../../identity/scopes.ts";
import { CLIENT_ADDRESS } from "../../protocol/headers.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { type ControlContext, type ControlTypes, refuse } from "./http.ts";

const verified = new TokenCache();

/** Lets administrators pass and sets `principal`. */
export const administrator = createMiddleware<ControlTypes>(async (c, next) => {
  const judged = await judge(c);
  if ("code" in judged) return refuse(c, judged);
  c.set("principal", judged);
  await next();
  return;
});

async function judge(c: ControlContext): Promise<Principal | Refusal> {
  const presented = presentedCredential(c.req.raw.headers);
  if (presented.kind === "none") return { code: "invalid_api_key", presented: false };
  if (presented.kind === "malformed") return { code: "invalid_api_key", presented: true };

  const { keys, issuer, audience } = c.get("config");
  const expected = { issuer, audience, nowMs: Date.now() };
  const verification = await verifyTokenCached(presented.token, keys, expected, verified);
  if (!verification.ok) return { code: "invalid_api_key", presented: true };
  const { principal } = verification;

  // an access token is its client's: the client's row judges all its tokens
  const id = principal.kind === "api_key" ? principal.credentialId : principal.subject;
  const credential = await c.get("directory").credential(id);
  if (
    credential === null ||
    credential.revoked_at_ms !== null ||
    credential.account !== principal.account ||
    credential.kind !== (principal.kind === "api_key" ? "api_key" : "client")
  )
    return { code: "invalid_api_key", presented: true };

  const address = c.req.header(CLIENT_ADDRESS);
  if (credential.allow_cidrs.length > 0 && !addressIn(address, credential.allow_cidrs))
    return { code: "permission_denied", need: "network" };
  if (!grantsAny(principal.scopes, ["admin"]) || !grantsAny(credential.scopes, ["admin"]))
    return { code: "permission_denied", need: "role" };
  return principal;
}

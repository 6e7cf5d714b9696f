// POST /admin/v1/keys/{id}/rotate: a new key in the same account, so that quotas and history go on, and the end of the
// old one after the overlap. The new key's text stands in this answer alone.
import { describe, refusalOf } from "./credentials.ts";
import { grantFault } from "./grant.ts";
import { actorOf, type ControlContext, readBody, refuse } from "./http.ts";
import { rotateInput } from "./input.ts";
import { issuanceOf, successorOf } from "./mint.ts";
import { credentialOf } from "./reach.ts";

export async function rotateKey(c: ControlContext): Promise<Response> {
  const read = await readBody(c, rotateInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { overlap_s, expires_in_s, ...wish } = read.value;
  const directory = c.get("directory");
  const old = await credentialOf(c, "api_key");
  if (old === null) return refuse(c, { code: "not_found" });

  // the newest credential's limits are the account's: they have to be those that hold now, not those of the old record
  const { jurisdiction, account } = old;
  const usage = await c.env.GATEWAY.usage({ jurisdiction, account }).catch(() => null);
  if (usage === null) return refuse(c, { code: "ledger_unavailable" });
  // the answer holds a key: it must not be one that its reader could not have minted
  const gift = { tenant: old.tenant, scopes: wish.scopes ?? old.scopes, limits: wish.limits ?? {}, had: usage.limits };
  const fault = grantFault(c, gift);
  if (fault !== null) return refuse(c, fault);

  const fresh = successorOf(old, wish, usage.limits, expires_in_s);
  const issuance = issuanceOf(c.get("config"));
  const outcome = await directory.rotateKey(fresh, issuance, overlap_s * 1000, actorOf(c));
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  return c.json({ ...describe(outcome.credential), key: outcome.key }, 201);
}

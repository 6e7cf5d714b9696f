// POST /admin/v1/keys/self/rotate: the holder of a key that may rotate itself gets its successor for it. No role is
// needed and none is gained: the successor is what the record of the key says, for as long a life, with the same proof.

import { rotateFromMs } from "../../durable-objects/key-directory/core.ts";
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { MAX_LIFETIME_S } from "../../identity/tokens.ts";
import type { UsageReport } from "../../protocol/rpc.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { describe, refusalOf } from "./credentials.ts";
import { type ControlContext, readBody, refuse } from "./http.ts";
import { exchangeInput } from "./input.ts";
import { issuanceOf, successorOf } from "./mint.ts";

export async function exchangeKey(c: ControlContext): Promise<Response> {
  const caller = await authenticate(c);
  if ("code" in caller) return refuse(c, caller);
  const authorized = authorize(c, caller, "keys.rotate_self");
  if (!authorized.ok) return refuse(c, authorized.refusal);
  const read = await readBody(c, exchangeInput);
  if (!read.ok) return refuse(c, read.refusal);

  const { credential } = caller;
  const fromMs = rotateFromMs(credential);
  // an access token is no key: its client asks for another with what it proves itself by
  if (credential.kind !== "api_key" || !credential.auto_rotate || fromMs === null)
    return refuse(c, { code: "permission_denied", need: "route" });
  const leftMs = fromMs - Date.now();
  if (leftMs > 0) return refuse(c, { code: "not_due", retryAfterMs: leftMs });

  const { jurisdiction, account } = credential;
  const usage = await c.env.GATEWAY.usage({ jurisdiction, account }).catch(() => null);
  if (usage === null) return refuse(c, { code: "ledger_unavailable" });
  const outcome = await c.get("directory").exchangeKey(
    {
      fresh: successorOf(credential, {}, usage.limits, lifeS(credential)),
      issuance: issuanceOf(c.get("config")),
      overlapMs: read.value.overlap_s * 1000,
      unused: unusedSuccessor(credential, usage),
    },
    { requestId: c.get("requestId"), credentialId: credential.id },
  );
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  return c.json({ ...describe(outcome.credential), key: outcome.key }, 201);
}

/** A successor lives as long as the key was made for. */
function lifeS({ created_at_ms, expires_at_ms }: Credential): number {
  return Math.min(MAX_LIFETIME_S.api_key, Math.max(1, Math.round(((expires_at_ms ?? 0) - created_at_ms) / 1000)));
}

/** Its id, where it has one that the ledger knows and that no request has used yet. */
function unusedSuccessor({ replaced_by }: Credential, { credentials = [] }: UsageReport): string | null {
  return credentials.find(({ id, last_used_at_ms }) => id === replaced_by && last_used_at_ms === null)?.id ?? null;
}

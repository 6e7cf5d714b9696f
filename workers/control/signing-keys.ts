// The keys that sign tokens, for administrators: their states and public halves, rotation at once, withdrawal.
//
//   POST /admin/v1/signing-keys/rotate           new key published → known everywhere → signs → 200 (some seconds)
//   GET  /admin/v1/signing-keys/{kid}/impact     what would die with it
//   POST /admin/v1/signing-keys/{kid}/withdraw   first the same; with {"confirm":true} it dies
import type { KeyFault, ListedKey } from "../../durable-objects/key-directory/signing/records.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { describe, rfc3339 } from "./credentials.ts";
import { actorOf, type ControlContext, readBody, readQuery, refuse } from "./http.ts";
import { noInput, rotateSigningKeyInput, withdrawInput } from "./input.ts";

export async function listSigningKeys(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { generation, confirmed_generation, keys } = await c.get("directory").signingKeys();
  return c.json({ generation, confirmed_generation, keys: keys.map(described) });
}

export async function rotateSigningKey(c: ControlContext): Promise<Response> {
  const read = await readBody(c, rotateSigningKeyInput);
  if (!read.ok) return refuse(c, read.refusal);
  const { purpose, algorithm } = read.value;
  const outcome = await c.get("directory").rotateSigningKey(purpose, algorithm, actorOf(c));
  return outcome.done ? await shown(c, outcome.kid) : refuse(c, refusalOfKey(outcome.fault));
}

export async function showImpact(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  return read.ok ? await notice(c, c.req.param("kid") ?? "") : refuse(c, read.refusal);
}

export async function withdrawSigningKey(c: ControlContext): Promise<Response> {
  const read = await readBody(c, withdrawInput);
  if (!read.ok) return refuse(c, read.refusal);
  const kid = c.req.param("kid") ?? "";
  if (!read.value.confirm) return await notice(c, kid);
  const outcome = await c.get("directory").withdrawSigningKey(kid, actorOf(c));
  if (!outcome.done) return refuse(c, refusalOfKey(outcome.fault));
  return c.json({ kid, state: "gone", keys_revoked: outcome.died });
}

async function notice(c: ControlContext, kid: string): Promise<Response> {
  const withdrawal = await c.get("directory").signingKeyWithdrawal(kid);
  if (withdrawal === null) return refuse(c, { code: "not_found" });
  const { signs, signedFromMs, signedToMs, goodUntilMs, credentials, shown: dying } = withdrawal;
  return c.json({
    kid,
    purpose: signs,
    confirm_required: true,
    /** tokens signed between these two are refused; the last would have been good until `good_until` */
    signed_from: rfc3339(signedFromMs),
    signed_to: rfc3339(signedToMs),
    good_until: rfc3339(goodUntilMs),
    keys_total: credentials.length,
    keys: dying.map(describe),
    /** the caller's own key is among them */
    includes_yours: credentials.includes(c.get("caller").principal.credentialId),
  });
}

async function shown(c: ControlContext, kid: string): Promise<Response> {
  const { keys } = await c.get("directory").signingKeys();
  const key = keys.find((one) => one.kid === kid);
  return key === undefined ? refuse(c, { code: "not_found" }) : c.json(described(key));
}

function described(key: ListedKey) {
  return {
    kid: key.kid,
    purpose: key.signs,
    algorithm: key.alg,
    state: key.state,
    withdrawn: key.withdrawn,
    created_at: rfc3339(key.created_at_ms),
    current_since: rfc3339(key.current_since_ms),
    retired_at: rfc3339(key.retired_at_ms),
    gone_at: rfc3339(key.gone_at_ms),
    /** the end of the longest-lived key that it signed, as far as it is recorded */
    signed_until: rfc3339(key.signed_until_ms === 0 ? null : key.signed_until_ms),
    public_jwk: key.public_jwk,
  };
}

function refusalOfKey(fault: KeyFault): Refusal {
  switch (fault) {
    case "unknown":
      return { code: "not_found" };
    case "not_ready":
      return { code: "busy" };
    case "too_many":
      return { code: "conflict", param: "purpose" };
    case "ledger_unavailable":
      return { code: "ledger_unavailable" };
    case "log_unavailable":
      return { code: "log_unavailable" };
  }
}

// Who calls: a token of ours, whose credential the directory still knows and has not revoked, with the proof that a bound
// token owes. Asked at each call: a revoked administrator's next call fails, whatever an isolate remembers. What he may
// do is authorize.ts's.
import { presentedCredential } from "../../identity/bearer.ts";
import { verifyTokenCached } from "../../identity/cache.ts";
import { verifyDpopProof } from "../../identity/dpop.ts";
import { issueDpopNonce } from "../../identity/dpop-nonce.ts";
import type { Principal } from "../../identity/principal.ts";
import { NOTHING_SHOWN, proofFault, type ShownProofs } from "../../identity/proof.ts";
import { common } from "../../identity/scopes.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Caller } from "./caller.ts";
import type { ControlContext } from "./http.ts";
import { currentKeys } from "./key-set.ts";
import { edgeCertificate } from "./oauth-client.ts";
import { DPOP_HEADER } from "./oauth-proof.ts";
import { ownerOf, stands } from "./standing.ts";

const NOT_GOOD: Refusal = { code: "invalid_api_key", presented: true };

export async function authenticate(c: ControlContext): Promise<Caller | Refusal> {
  const presented = presentedCredential(c.req.raw.headers, "dpop");
  if (presented.kind === "none") return { code: "invalid_api_key", presented: false };
  if (presented.kind === "malformed") return NOT_GOOD;

  const { issuer, audience } = c.get("config");
  const { keys, cache } = await currentKeys(c);
  const expected = { issuer, audience, nowMs: Date.now(), confirmations: ["dpop", "mtls"] as const };
  const verification = await verifyTokenCached(presented.token, keys, expected, cache);
  if (!verification.ok) return NOT_GOOD;
  const { principal } = verification;

  const shown = await shownProofs(c, principal, presented.token);
  if (shown !== null && "code" in shown) return shown;
  if (shown === null || proofFault(principal.confirmation, presented.scheme, shown, []) !== null) return NOT_GOOD;

  const standing = await c.get("directory").standing(ownerOf(principal), principal.credentialId);
  const { credential } = standing;
  if (credential === null || !stands(principal, standing, expected.nowMs)) return NOT_GOOD;
  return { principal, credential, scopes: common(principal.scopes, credential.scopes) };
}

/** Null where a proof was shown that is not good, or was used before. */
async function shownProofs(
  c: ControlContext,
  principal: Principal,
  token: string,
): Promise<ShownProofs | Refusal | null> {
  const { confirmation } = principal;
  if (confirmation?.kind === "mtls") return { ...NOTHING_SHOWN, mtls: edgeCertificate(c)?.x5t ?? null };
  if (confirmation?.kind !== "dpop") return NOTHING_SHOWN;
  const { nonces } = c.get("config");
  const { method, url } = c.req;
  const nowMs = Date.now();
  const proof = c.req.header(DPOP_HEADER) ?? "";
  const verdict = await verifyDpopProof({ proof, method, url, accessToken: token, nonces, nowMs });
  if (!verdict.ok) {
    if (verdict.fault !== "nonce") return null;
    return { code: "use_dpop_nonce", nonce: await issueDpopNonce(nonces, nowMs) };
  }
  const { jkt, replayKey, replayUntilMs } = verdict;
  // another's proof is refused by its key; only the holder's own are remembered
  if (jkt !== confirmation.jkt || !(await c.get("directory").useOnce({ replayKey, replayUntilMs }))) return null;
  return { ...NOTHING_SHOWN, dpop: jkt };
}

// Step 2: token → principal, and the proof that a bound token owes. Pure cryptography behind a bounded memory; a call leaves
// the isolate only for an external issuer's keys, now and then (external/). What a proof must not be shown twice for is the ledger's to know, in the call that comes anyway.
import { presentedCredential } from "../../../identity/bearer.ts";
import { TokenCache, verifyTokenCached } from "../../../identity/cache.ts";
import { PROOF_KINDS } from "../../../identity/confirmation.ts";
import { proofFault } from "../../../identity/proof.ts";
import type { IssuerMeans } from "../external/issuer-keys.ts";
import { externalTokens } from "../external/tokens.ts";
import { FAILED_AUTHENTICATIONS } from "../limits.ts";
import { shownNonce } from "../nonces.ts";
import type { Authenticated, InferenceRoute, RequestContext, Screened, Step } from "../products.ts";
import { showProofs } from "../proofs.ts";
import { TokenBuckets } from "../token-buckets.ts";

/** One an isolate: entries are plain data, which requests may share. */
const verified = new TokenCache();
const failures = new TokenBuckets(FAILED_AUTHENTICATIONS);

export async function authenticate<Route extends InferenceRoute>(
  screened: Screened<Route>,
  request: Request,
  context: RequestContext,
  means: IssuerMeans,
): Promise<Step<Authenticated<Route>>> {
  const presented = presentedCredential(request.headers, "dpop");
  if (presented.kind === "none") return { code: "invalid_api_key", presented: false };
  const { startedAtMs: nowMs } = context;
  const { keys, issuer, audience } = context.snapshot;
  const address = screened.clientAddress ?? "unknown";
  const failed = (scheme: "bearer" | "dpop"): Step<Authenticated<Route>> => {
    failures.take(address, nowMs);
    // why it failed is for nobody outside: unknown, malformed, expired, forged and unproved all read alike
    return { code: "invalid_api_key", presented: true, scheme };
  };
  if (presented.kind === "malformed") return failed("bearer");

  const { token, scheme } = presented;
  const retryAfterMs = failures.waitMs(address, nowMs);
  // an address that guesses costs no more signatures, but who is known here already is not shut out with it
  const external = externalTokens(context.snapshot);
  const isOwn = verified.get(token, keys.generation, nowMs) !== null;
  if (retryAfterMs > 0 && !isOwn && !external.remembers(token, nowMs))
    return { code: "too_many_failures", retryAfterMs };
  const expected = { issuer, audience, nowMs, confirmations: PROOF_KINDS };
  const verification =
    (isOwn ? null : await external.verify(token, { ownIssuer: issuer, nowMs }, means)) ??
    (await verifyTokenCached(token, keys, expected, verified));
  if ("code" in verification) return verification;
  if (!verification.ok) return failed(scheme === "dpop" ? "dpop" : "bearer");

  const { principal } = verification;
  const proofs = await showProofs(principal.confirmation, { request, token, scheme, nowMs });
  if (proofFault(principal.confirmation, scheme, proofs.shown, []) !== null)
    return failed(principal.confirmation?.kind === "dpop" ? "dpop" : "bearer");
  const { replay, contentDigest } = proofs;
  return { ...screened, principal, replay, contentDigest, nonce: await shownNonce(principal, proofs.nonce, context) };
}

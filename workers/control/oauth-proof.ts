// What a client's token will be bound to (RFC 7800): the key of its DPoP proof (RFC 9449, section 5) or its TLS client
// certificate (RFC 8705, section 3). A client that is registered for bound tokens gets no other.
import type { OneTime, Registration } from "../../durable-objects/key-directory/clients/records.ts";
import type { ConfirmationClaim } from "../../identity/confirmation.ts";
import { verifyDpopProof } from "../../identity/dpop.ts";
import { issueDpopNonce } from "../../identity/dpop-nonce.ts";
import { DPOP_NONCE } from "../../protocol/headers.ts";
import type { ControlContext } from "./http.ts";
import { fault, type OAuthFault } from "./oauth-answers.ts";
import { edgeCertificate, type OAuthRead } from "./oauth-client.ts";

export const DPOP_HEADER = "dpop";

export interface ShownProof {
  readonly jkt: string;
  readonly oneTime: OneTime;
}

/** The DPoP proof of a request to the token endpoint, null where it has none. A nonce of ours is demanded. */
export async function shownProof(c: ControlContext): Promise<OAuthRead<{ readonly proof: ShownProof | null }>> {
  const proof = c.req.header(DPOP_HEADER);
  if (proof === undefined) return { ok: true, proof: null };
  const { nonces } = c.get("config");
  const nowMs = Date.now();
  const verdict = await verifyDpopProof({ proof, method: "POST", url: c.req.url, accessToken: null, nonces, nowMs });
  if (verdict.ok) {
    const { jkt, replayKey, replayUntilMs } = verdict;
    return { ok: true, proof: { jkt, oneTime: { replayKey, replayUntilMs } } };
  }
  if (verdict.fault !== "nonce") return { ok: false, fault: fault("invalid_dpop_proof", "The proof is not valid.") };
  const nonce = { [DPOP_NONCE]: await issueDpopNonce(nonces, nowMs) };
  return { ok: false, fault: fault("use_dpop_nonce", "The proof must carry the nonce of this answer.", nonce) };
}

/** The claim `cnf` of the token, null for a bearer token, or why the client gets neither. */
export function bindingOf(
  c: ControlContext,
  registration: Registration,
  proof: ShownProof | null,
): { readonly cnf: ConfirmationClaim | null } | OAuthFault {
  if (registration.tls_client_certificate_bound_access_tokens) {
    if (proof !== null) return fault("invalid_request", "This client's tokens are bound to its certificate.");
    const certificate = edgeCertificate(c);
    if (certificate === null) return fault("invalid_request", "This client must connect with its certificate.");
    return { cnf: { "x5t#S256": certificate.x5t } };
  }
  if (proof !== null) return { cnf: { jkt: proof.jkt } };
  if (registration.dpop_bound_access_tokens) return fault("invalid_dpop_proof", "This client must show a DPoP proof.");
  return { cnf: null };
}

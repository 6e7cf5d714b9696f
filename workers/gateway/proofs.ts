// What a request shows of the key that its token is bound to. Only what the token is bound to is looked at: a proof by
// another key would prove nothing, and would cost a signature.
import type { CredentialScheme } from "../../identity/bearer.ts";
import type { Confirmation } from "../../identity/confirmation.ts";
import { verifyDpopProof } from "../../identity/dpop.ts";
import { clientCertificate } from "../../identity/mtls.ts";
import { NOTHING_SHOWN, type ShownProofs } from "../../identity/proof.ts";
import type { ReplayGuard } from "../../identity/replay.ts";
import { verifySignedRequest } from "../../identity/signed-request.ts";

export interface Proofs {
  readonly shown: ShownProofs;
  readonly replay: ReplayGuard | null;
  readonly contentDigest: string | null;
  /** what a DPoP proof carries of it; whether it counts, and whether it has to, is nonces.ts's question */
  readonly nonce: string | null;
}

interface Presented {
  readonly request: Request;
  readonly token: string;
  readonly scheme: CredentialScheme;
  readonly nowMs: number;
}

const NONE: Proofs = { shown: NOTHING_SHOWN, replay: null, contentDigest: null, nonce: null };

export async function showProofs(confirmation: Confirmation | null, presented: Presented): Promise<Proofs> {
  switch (confirmation?.kind) {
    case "dpop":
      return dpop(presented);
    case "mtls":
      // the platform's own word about the connection; no header is read
      return {
        ...NONE,
        shown: { ...NOTHING_SHOWN, mtls: clientCertificate(presented.request.cf?.tlsClientAuth)?.x5t ?? null },
      };
    case "signature":
      return signature(confirmation, presented);
    default:
      return NONE;
  }
}

async function dpop({ request, token, nowMs }: Presented): Promise<Proofs> {
  const proof = request.headers.get("dpop");
  if (proof === null) return NONE;
  const { method, url } = request;
  const verdict = await verifyDpopProof({ proof, method, url, accessToken: token, nonces: null, nowMs });
  if (!verdict.ok) return NONE;
  return { ...NONE, shown: { ...NOTHING_SHOWN, dpop: verdict.jkt }, replay: verdict, nonce: verdict.nonce };
}

async function signature(
  confirmation: Extract<Confirmation, { readonly kind: "signature" }>,
  { request, scheme, nowMs }: Presented,
): Promise<Proofs> {
  const { method, url, headers } = request;
  const verdict = await verifySignedRequest({
    method,
    url,
    headers,
    hasBody: request.body !== null,
    credentialField: scheme === "api_key" ? "x-api-key" : "authorization",
    confirmation,
    nowMs,
  });
  if (!verdict.ok) return NONE;
  return {
    ...NONE,
    shown: { ...NOTHING_SHOWN, signature: verdict.jkt },
    replay: verdict,
    contentDigest: verdict.contentDigest,
  };
}

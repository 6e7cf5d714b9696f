// Whether a request shows what its token demands, and what the policy demands of its tenant or of what it asks for.
// A proof that the token is not bound to proves nothing: whoever stole the token could add one of his own. So a policy
// that requires a proof requires a bound token, and the check of the binding is the check of the policy.
import type { CredentialScheme } from "./bearer.ts";
import type { Confirmation, ProofKind } from "./confirmation.ts";
import { grantsAny } from "./scopes.ts";

/** What this request has proved, each by its own verifier; null where it proved nothing of the kind. */
export interface ShownProofs {
  /** `jkt` of a DPoP proof that was verified for this request and this token */
  readonly dpop: string | null;
  /** `x5t` of the edge's verified client certificate */
  readonly mtls: string | null;
  /** `jkt` of a message signature over this request that covers this token */
  readonly signature: string | null;
}

export const NOTHING_SHOWN: ShownProofs = { dpop: null, mtls: null, signature: null };

export type ProofFault =
  /** the token is bound, and the proof is missing or another key's: a stolen token */
  | "unproved"
  /** a DPoP-bound token shown as a bearer token, or the other way round (RFC 9449, section 7.1: downgrade) */
  | "scheme"
  /** policy wants a bound token here, and this one is not, or is bound in another way */
  | "required";

/** One of `proof` is owed: for every request, or for those that ask for something that one of `scopes` covers. */
export interface ProofRule {
  readonly proof: readonly ProofKind[];
  readonly scopes?: readonly string[] | undefined;
}

/** The rules that hold for a request with these needs (`modelNeeds`, or a role). Null: no need is known yet. */
export function applicableRules(rules: readonly ProofRule[], needs: readonly string[] | null): readonly ProofRule[] {
  return rules.filter(({ scopes }) => scopes === undefined || (needs !== null && grantsAny(scopes, needs)));
}

/** Judges a request's token by what was shown with it. Null: it stands. */
export function proofFault(
  confirmation: Confirmation | null,
  scheme: CredentialScheme,
  shown: ShownProofs,
  rules: readonly ProofRule[],
): ProofFault | null {
  if ((confirmation?.kind === "dpop") !== (scheme === "dpop")) return "scheme";
  if (confirmation !== null && !isProved(confirmation, shown)) return "unproved";
  const met = rules.every(({ proof }) => confirmation !== null && proof.includes(confirmation.kind));
  return met ? null : "required";
}

/** Thumbprints are public: an ordinary comparison tells a thief nothing that he could not compute. */
function isProved(confirmation: Confirmation, shown: ShownProofs): boolean {
  switch (confirmation.kind) {
    case "dpop":
      return shown.dpop === confirmation.jkt;
    case "mtls":
      return shown.mtls === confirmation.x5t;
    case "signature":
      return shown.signature === confirmation.jkt;
  }
}

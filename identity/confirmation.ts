// Proof of possession: the claim `cnf` (RFC 7800) says which key a token's holder must show that he has, so that who
// stole the token alone has nothing.
//
//   {"jkt"}        thumbprint of the key of his DPoP proofs              RFC 9449, section 6.1
//   {"x5t#S256"}   thumbprint of his TLS client certificate              RFC 8705, section 3.1
//   {"jwk"}        the public key of his signed requests, whole, since   RFC 7800, section 3.2
//                  a message signature (RFC 9421) carries none
//
// One member, and no other: a second one that is not understood could be the one that was meant.
import { z } from "zod";
import { fromBase64Url } from "../protocol/encoding.ts";
import { isJsonObject } from "../protocol/json.ts";
import { hasSecretMember, type PublicMembers, publicMembers, thumbprint } from "./jwk.ts";

export type Confirmation =
  | { readonly kind: "dpop"; readonly jkt: string }
  | { readonly kind: "mtls"; readonly x5t: string }
  | { readonly kind: "signature"; readonly jkt: string; readonly key: PublicMembers };

export type ProofKind = Confirmation["kind"];
export const PROOF_KINDS = ["dpop", "mtls", "signature"] as const satisfies readonly ProofKind[];

/** The claim as a token carries it. */
export type ConfirmationClaim =
  | { readonly jkt: string }
  | { readonly "x5t#S256": string }
  | { readonly jwk: PublicMembers };

/** base64url of a SHA-256, in its one spelling */
export const thumbprintSchema = z.string().refine(isThumbprint, "base64url of a SHA-256");

const claimSchema = z.union([
  z.strictObject({ jkt: thumbprintSchema }),
  z.strictObject({ "x5t#S256": thumbprintSchema }),
  z.strictObject({ jwk: z.record(z.string(), z.unknown()) }),
]);

/** The claim `cnf`, understood; null for anything that is not understood whole. */
export async function readConfirmation(cnf: unknown): Promise<Confirmation | null> {
  const parsed = claimSchema.safeParse(cnf);
  if (!parsed.success) return null;
  if ("jkt" in parsed.data) return { kind: "dpop", jkt: parsed.data.jkt };
  if ("x5t#S256" in parsed.data) return { kind: "mtls", x5t: parsed.data["x5t#S256"] };
  const { jwk } = parsed.data;
  const key = isJsonObject(jwk) && !hasSecretMember(jwk) ? publicMembers(jwk) : null;
  if (key === null || key === "weak") return null;
  return { kind: "signature", jkt: await thumbprint(key), key };
}

/** The claim for a token to be minted. */
export function confirmationClaim(confirmation: Confirmation): ConfirmationClaim {
  switch (confirmation.kind) {
    case "dpop":
      return { jkt: confirmation.jkt };
    case "mtls":
      return { "x5t#S256": confirmation.x5t };
    case "signature":
      return { jwk: confirmation.key };
  }
}

function isThumbprint(text: string): boolean {
  try {
    return fromBase64Url(text).length === 32;
  } catch {
    return false;
  }
}

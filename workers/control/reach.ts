// Holding an answer within its caller's reach. What lies outside is answered as what does not exist, so that ids and
// names of other tenants are not to be found out by asking.
import type { Credential, CredentialKind } from "../../durable-objects/key-directory/records.ts";
import { reaches } from "../../policy/matrix.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ControlContext } from "./http.ts";

/** Tenants of a listing: null for all. A Refusal where one was asked for by name that the caller may not see. */
export function listedTenants(
  c: ControlContext,
  asked: string | null,
): { readonly tenants: readonly string[] | null } | Refusal {
  const reach = c.get("reach");
  if (asked === null) return { tenants: reach === "all" ? null : reach };
  return reaches(reach, asked) ? { tenants: [asked] } : { code: "permission_denied", need: "role" };
}

/** The credential that the path names, null where there is none within reach. */
export async function credentialOf(c: ControlContext, kind: CredentialKind): Promise<Credential | null> {
  const credential = await findCredential(c, c.req.param("id") ?? "");
  return credential?.kind === kind ? credential : null;
}

export async function findCredential(c: ControlContext, id: string): Promise<Credential | null> {
  const credential = await c.get("directory").credential(id);
  return credential !== null && reaches(c.get("reach"), credential.tenant) ? credential : null;
}

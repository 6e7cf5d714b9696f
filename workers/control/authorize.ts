// May this caller do this, from here, and for whom? Policy's network and proof rules, then the permission matrix
// (policy/matrix.ts), which is asked by the route's own action: nothing here knows a role by name.
import { judgeNetwork } from "../../identity/network.ts";
import { applicableRules } from "../../identity/proof.ts";
import { roleOf } from "../../identity/scopes.ts";
import { networkListsFor, proofRulesFor } from "../../policy/access.ts";
import { type Action, type Reach, reachesNobody, reachOf } from "../../policy/matrix.ts";
import { CLIENT_ADDRESS } from "../../protocol/headers.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Caller } from "./caller.ts";
import type { ControlContext } from "./http.ts";

export type Authorization =
  | { readonly ok: true; readonly reach: Reach }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where it is allowed for some tenants alone, the route itself has to hold its answer within `reach`. */
export function authorize(c: ControlContext, { principal, credential, scopes }: Caller, action: Action): Authorization {
  const { policy } = c.get("config");
  const lists = networkListsFor(policy, principal.tenant, action, credential);
  if (!judgeNetwork(c.req.header(CLIENT_ADDRESS), lists).allowed) return denied("network");
  const reach = reachOf(scopes, action);
  if (reachesNobody(reach)) return denied("role");
  const roles = scopes.filter((scope) => roleOf(scope) !== null);
  const rules = applicableRules(proofRulesFor(policy, principal.tenant), roles);
  const kind = principal.confirmation?.kind;
  // a bound token came in with its proof alone, so to be bound is to have proved
  if (!rules.every(({ proof }) => kind !== undefined && proof.includes(kind))) return denied("proof");
  return { ok: true, reach };
}

/** Policy's lists for a route that anyone may call. */
export function judgeOpenRoute(c: ControlContext, action: Action): Refusal | null {
  const { route } = networkListsFor(c.get("config").policy, "", action, undefined);
  return judgeNetwork(c.req.header(CLIENT_ADDRESS), { route }).allowed
    ? null
    : { code: "permission_denied", need: "network" };
}

function denied(need: "network" | "role" | "proof"): Authorization {
  return { ok: false, refusal: { code: "permission_denied", need } };
}

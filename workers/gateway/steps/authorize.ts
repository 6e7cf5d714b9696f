// Step 3: may this principal use this route at all, from here, and in this way? Judged before the body is read. Which
// model is for `select`.
import { judgeNetwork } from "../../../identity/network.ts";
import { applicableRules, type ProofRule } from "../../../identity/proof.ts";
import { networkListsFor, nonceRuleFor, proofRulesFor } from "../../../policy/access.ts";
import type { Action } from "../../../policy/matrix.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { LOCAL_CAP } from "../limits.ts";
import { judgeNonce } from "../nonces.ts";
import type { Authenticated, Authorized, InferenceRoute, RequestContext, Step } from "../products.ts";
import { TokenBuckets } from "../token-buckets.ts";

/** A scope that begins with any of these opens the route; roles (`admin`, `auditor`, …) open none of them. */
const OPENS: Readonly<Record<InferenceRoute["name"], readonly string[]>> = {
  chat: ["infer:"],
  embeddings: ["embed:"],
  models: ["infer:", "embed:"],
  model: ["infer:", "embed:"],
  origin: ["call:"],
};

/** The routes' names in the matrix and in policy's network rules. */
const ACTIONS: Readonly<Record<InferenceRoute["name"], Action>> = {
  chat: "chat.create",
  embeddings: "embeddings.create",
  models: "catalogue.list",
  model: "catalogue.show",
  origin: "origins.call",
};

const accounts = new TokenBuckets(LOCAL_CAP);

export function authorize<Route extends InferenceRoute>(
  authenticated: Authenticated<Route>,
  context: RequestContext,
): Step<Authorized<Route>> {
  const { principal, route, clientAddress } = authenticated;
  const prefixes = OPENS[route.name];
  const open = principal.scopes.some((scope) => prefixes.some((prefix) => scope.startsWith(prefix)));
  if (!open) return { code: "permission_denied", need: "route" };
  const { policy } = context.snapshot;
  const lists = networkListsFor(policy, principal.tenant, ACTIONS[route.name], undefined);
  if (!judgeNetwork(clientAddress, lists).allowed) return { code: "permission_denied", need: "network" };
  const unproved =
    judgeProof(authenticated, applicableRules(proofRulesFor(policy, principal.tenant), null)) ??
    judgeNonce(authenticated, nonceRuleFor(policy, principal.tenant), null);
  return unproved ?? (authenticated as Authorized<Route>);
}

/** A rule that asks for a proof is met by a bound token: `authenticate` let it in only with its proof. */
export function judgeProof(
  { principal }: Pick<Authenticated, "principal">,
  rules: readonly ProofRule[],
): Refusal | null {
  const kind = principal.confirmation?.kind;
  const met = rules.every(({ proof }) => kind !== undefined && proof.includes(kind));
  return met ? null : { code: "permission_denied", need: "proof" };
}

/** The local cap: an isolate's own bound for one account. Its refusals are counted, not recorded one by one. */
export function judgeLocalCap({ principal }: Authenticated, nowMs: number): Refusal | null {
  const retryAfterMs = accounts.take(`${principal.jurisdiction}/${principal.account}`, nowMs);
  return retryAfterMs === 0 ? null : { code: "too_many_requests", retryAfterMs };
}

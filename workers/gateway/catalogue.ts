// GET /v1/models and /v1/models/{id}: the models of policy that this principal's scopes grant.
import { grantsAny, modelNeeds } from "../../identity/scopes.ts";
import { resolveModel } from "../../policy/resolve.ts";
import type { ModelPolicy, Policy } from "../../policy/schema.ts";
import type { Authorized, CatalogueRoute, RequestContext, Step } from "./products.ts";

interface ModelObject {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** What will be answered once the ledger admitted it. */
export function catalogue(
  from: Authorized<CatalogueRoute>,
  context: RequestContext,
): Step<{ readonly document: object }> {
  const { policy } = context.snapshot;
  const { scopes } = from.principal;
  if (from.route.name === "models") {
    const ids = Object.keys(policy.models).filter((id) => mayUse(scopes, policy, id));
    const aliases = Object.keys(policy.aliases).filter((alias) => mayUse(scopes, policy, alias));
    return { document: { object: "list", data: [...ids, ...aliases].map((name) => modelObject(name, policy)) } };
  }
  const { id } = from.route;
  if (resolveModel(policy, id) === null) return { code: "model_not_found", model: id };
  if (!mayUse(scopes, policy, id)) return { code: "model_not_granted", model: id };
  return { document: modelObject(id, policy) };
}

function mayUse(scopes: readonly string[], policy: Policy, name: string): boolean {
  const found = resolveModel(policy, name);
  if (found === null) return false;
  const digest = found.versionPolicy.digest ?? null;
  return grantsAny(scopes, [
    ...modelNeeds("infer", found.id, found.version, digest),
    ...modelNeeds("embed", found.id, found.version, digest),
  ]);
}

function modelObject(name: string, policy: Policy): ModelObject {
  const model = resolveModel(policy, name)?.model as ModelPolicy;
  return { id: name, object: "model", created: model.created, owned_by: model.owned_by };
}

// Step 3: may this principal use this route at all? Judged before the body is read. Which model is for `select`.
import type { Authenticated, Authorized, InferenceRoute, Step } from "../products.ts";

/** A scope that begins with any of these opens the route; roles (`admin`, `auditor`, …) open none of them. */
const OPENS: Readonly<Record<InferenceRoute["name"], readonly string[]>> = {
  chat: ["infer:"],
  embeddings: ["embed:"],
  models: ["infer:", "embed:"],
  model: ["infer:", "embed:"],
};

export function authorize<Route extends InferenceRoute>(authenticated: Authenticated<Route>): Step<Authorized<Route>> {
  const prefixes = OPENS[authenticated.route.name];
  const open = authenticated.principal.scopes.some((scope) => prefixes.some((prefix) => scope.startsWith(prefix)));
  if (!open) return { code: "permission_denied", need: "route" };
  return authenticated as Authorized<Route>;
}

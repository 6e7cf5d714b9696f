// Step 8: the backend that will be asked. The first of the version's list that this deployment has the means to reach;
// health, breaker, hedge and fallback go here.
import type { BackendRef } from "../../../policy/schema.ts";
import type { Backend } from "../backends/backend.ts";
import { openAiBackend } from "../backends/openai.ts";
import { originBackend } from "../backends/origin.ts";
import { workersAiBackend } from "../backends/workers-ai.ts";
import type { GatewayConfig, GatewayEnv } from "../config.ts";
import type { Admitted, RequestContext } from "../products.ts";

export interface Routed {
  readonly admitted: Admitted;
  readonly backend: Backend;
  /** `origin/NAME` or `workers-ai`, as in the audit record */
  readonly backendName: string;
}

export function route(admitted: Admitted, env: GatewayEnv, config: GatewayConfig, context: RequestContext): Routed {
  let missing: string | null = null;
  for (const ref of admitted.prompt.grant.backends) {
    // a backend that knows the model under another name would need another serialisation, and another digest in the log
    if (ref.model !== admitted.upstream.value.model) continue;
    const found = reachBackend(ref, env, config, context);
    if (typeof found !== "string") return { admitted, backend: found.backend, backendName: found.name };
    missing ??= found;
  }
  // a backend that refuses, rather than a refusal here: the request is admitted, so only `relay` may end it, by settling
  return { admitted, backend: async () => ({ code: "backend_unavailable", missing }), backendName: "none" };
}

/** The backend, or what is missing to reach it. */
export function reachBackend(
  ref: BackendRef,
  env: GatewayEnv,
  config: GatewayConfig,
  context: RequestContext,
): { readonly backend: Backend; readonly name: string } | string {
  if (ref.kind === "workers-ai") {
    if (env.AI === undefined) return "the Workers AI binding is missing";
    return {
      backend: workersAiBackend(env.AI, ref.model, Date.now, () => `chatcmpl-${context.requestId}`),
      name: "workers-ai",
    };
  }
  const name = `origin/${ref.origin}`;
  const origin = context.snapshot.policy.origins[ref.origin];
  if (origin?.kind === "openai") return { backend: openAiBackend(origin.url, config.origins.apiKey(ref.origin)), name };
  const peer = config.origins.peer(ref.origin);
  return peer === null
    ? `origin '${ref.origin}' has no address and key`
    : { backend: originBackend(peer, Date.now), name };
}

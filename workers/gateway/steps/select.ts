// Step 5: which model version answers, and may this principal have it? From here on the choice is frozen.
import { applicableRules } from "../../../identity/proof.ts";
import { grantsAny, modelNeeds } from "../../../identity/scopes.ts";
import { nonceRuleFor, proofRulesFor } from "../../../policy/access.ts";
import type { ResolvedModel } from "../../../policy/resolve.ts";
import { resolveModel } from "../../../policy/resolve.ts";
import { choices, outputLimit, replacedPrompt } from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { judgeNonce } from "../nonces.ts";
import { type Grant, isRefusal, type RequestContext, type Step, type Typed } from "../products.ts";
import { judgeProof } from "./authorize.ts";
import { fieldScopes } from "./extraction.ts";

export function select(typed: Typed, context: RequestContext): Step<Grant> {
  const requested = typed.parsed.request.model;
  const found = resolveModel(context.snapshot.policy, requested);
  if (found === null) return { code: "model_not_found", model: requested };
  const verb = typed.kind === "chat" ? "infer" : "embed";
  const digest = found.versionPolicy.digest ?? null;
  const anyScope = modelNeeds(verb, found.id, found.version, digest);
  if (!grantsAny(typed.from.principal.scopes, anyScope)) return { code: "model_not_granted", model: requested };
  const { policy } = context.snapshot;
  const { tenant } = typed.from.principal;
  const fields = fieldScopes(typed, policy.guards.extraction);
  if (isRefusal(fields)) return fields;
  const unproved =
    judgeProof(typed.from, applicableRules(proofRulesFor(policy, tenant), anyScope)) ??
    judgeNonce(typed.from, nonceRuleFor(policy, tenant), anyScope);
  if (unproved !== null) return unproved;
  const unsupported = judgeProfile(typed, found);
  if (unsupported !== null) return unsupported;

  const { model } = found;
  const asked = typed.kind === "chat" ? outputLimit(typed.parsed.request) : null;
  return {
    typed,
    requested,
    id: found.id,
    version: found.version,
    digest,
    model,
    backends: found.versionPolicy.backends,
    anyScope,
    allScopes: fields.scopes,
    outputTokens: typed.kind === "chat" ? Math.min(asked ?? model.default_output_tokens, model.max_output_tokens) : 0,
    choices: typed.kind === "chat" ? choices(typed.parsed.request) : 1,
  };
}

/** A field that this backend cannot honour is refused by name: a field that silently did nothing looks like a bad model. */
function judgeProfile(typed: Typed, { model }: ResolvedModel): Refusal | null {
  const { parsed } = typed;
  const [unknown] = parsed.unknownNested;
  if (unknown !== undefined) return { code: "unsupported_parameter", param: unknown };
  const foreign = Object.keys(parsed.engine).find((field) => !model.engine_fields.includes(field));
  if (foreign !== undefined) return { code: "unsupported_parameter", param: foreign };
  // what policy names is a field by its name, not a way around the guards
  const replaced = replacedPrompt(parsed.engine);
  if (replaced !== null) return { code: "unsupported_parameter", param: replaced };
  const endpoint = typed.kind === "chat" ? "chat" : "embeddings";
  if (!model.capabilities.includes(endpoint)) return { code: "unsupported_parameter", param: "model" };
  const missing = parsed.needs.find((need) => !model.capabilities.includes(need.capability));
  return missing === undefined ? null : { code: "unsupported_parameter", param: missing.param };
}

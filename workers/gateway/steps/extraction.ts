// Fields that show more of a model than its answer, and what a prompt looks like to the search for systematic probing.
import { type Probe, type ProbingRule, probeOf } from "../../../guards/extraction/index.ts";
import { type FieldScope, grantsAny } from "../../../identity/scopes.ts";
import type { ExtractionPolicy } from "../../../policy/guards.ts";
import type { ChatRequest } from "../../../protocol/openai/index.ts";
import { choices } from "../../../protocol/openai/index.ts";
import type { Step, Typed } from "../products.ts";

/** The scopes that a request needs for its fields, all of them; or the first that its token lacks. */
export function fieldScopes(typed: Typed, { scoped }: ExtractionPolicy): Step<{ readonly scopes: FieldScope[] }> {
  if (typed.kind !== "chat") return { scopes: [] };
  const scopes = usedFields(typed.parsed.request).filter((field) => scoped.includes(field));
  const missing = scopes.find((scope) => !grantsAny(typed.from.principal.scopes, [scope]));
  return missing === undefined ? { scopes } : { code: "insufficient_scope", scope: missing };
}

function usedFields(request: ChatRequest): FieldScope[] {
  const used: FieldScope[] = [];
  if (request.logprobs === true || (request.top_logprobs ?? 0) > 0) used.push("logprobs");
  if (Object.keys(request.logit_bias ?? {}).length > 0) used.push("logit_bias");
  if (choices(request) > 1) used.push("n");
  return used;
}

/** The last thing that the user said, as the ledger's sketch takes it; undefined where policy does not look. */
export function probingOf(
  typed: Typed,
  { probing }: ExtractionPolicy,
): { readonly probe: Probe; readonly rule: ProbingRule } | undefined {
  if (probing.mode === "off" || typed.kind !== "chat") return undefined;
  const { request } = typed.parsed;
  const last = request.messages.findLast((message) => message.role === "user");
  const weight = usedFields(request).length > 0 ? 2 : 1;
  const { mode, template_prompts: templatePrompts, coverage, window_s } = probing;
  return {
    probe: probeOf(textOfContent(last?.content), weight),
    rule: { mode, templatePrompts, coverage, windowMs: window_s * 1000 },
  };
}

function textOfContent(content: ChatRequest["messages"][number]["content"] | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? part.text : "")).join(" ");
}

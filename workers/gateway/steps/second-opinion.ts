// A prompt in the middle band, asked of a guard model. It comes after `admit`: the request holds its reservation, so who
// sends doubtful prompts pays for them in rates like everyone, and before the model is asked, so that nothing is generated.
import { OPINION_TOKENS, type Opinion, opinionMessages, readOpinion } from "../../../guards/escalation/index.ts";
import { verdictOf } from "../../../guards/finding.ts";
import { sha256 } from "../../../identity/content-digest.ts";
import type { EscalationPolicy } from "../../../policy/guards.ts";
import { resolveModel } from "../../../policy/resolve.ts";
import type { Verdict } from "../../../protocol/audit.ts";
import { utf8 } from "../../../protocol/encoding.ts";
import { fields, type UpstreamBody } from "../../../protocol/openai/index.ts";
import type { Backend } from "../backends/backend.ts";
import type { GatewayConfig, GatewayEnv } from "../config.ts";
import { logFault } from "../fault-log.ts";
import { type Admitted, isRefusal, type Prompt, type RequestContext, type Upstream } from "../products.ts";
import { reachBackend } from "./route.ts";

export interface SecondOpinion {
  readonly blocked: boolean;
  readonly verdicts: readonly Verdict[];
}

const NOT_ASKED: SecondOpinion = { blocked: false, verdicts: [] };

export async function secondOpinion(
  { prompt }: Admitted,
  env: GatewayEnv,
  config: GatewayConfig,
  context: RequestContext,
): Promise<SecondOpinion> {
  const { doubt } = prompt;
  const escalation = context.snapshot.policy.guards.prompt.injection.escalation;
  if (doubt === null || escalation === undefined) return NOT_ASKED;
  const opinion = await ask(doubt, escalation, env, config, context);
  const unsafe = opinion === null ? escalation.on_failure === "block" : opinion === "unsafe";
  const rule = opinion === null ? "injection.no_opinion" : "injection.guard_model";
  const { where, start, end, score } = doubt;
  const finding = { rule, category: "injection", score, start, end } as const;
  return { blocked: unsafe, verdicts: [verdictOf(finding, unsafe ? "block" : "report", where)] };
}

/** Null: no backend, no answer in time, or an answer that is none. */
async function ask(
  doubt: NonNullable<Prompt["doubt"]>,
  escalation: EscalationPolicy,
  env: GatewayEnv,
  config: GatewayConfig,
  context: RequestContext,
): Promise<Opinion | null> {
  const found = resolveModel(context.snapshot.policy, escalation.model);
  const [ref] = found?.versionPolicy.backends ?? [];
  if (found === null || ref === undefined) return null;
  const backend = reachBackend(ref, env, config, context);
  if (typeof backend === "string") return null;
  const messages = opinionMessages(escalation.format, doubt.shown.text, doubt.shown);
  const value = {
    model: ref.model,
    messages,
    [found.model.output_limit_field]: OPINION_TOKENS,
    temperature: 0,
    stream: false,
  } as UpstreamBody;
  const body = utf8(JSON.stringify(value));
  const upstream: Upstream = { value, body, stream: false, sha256: await sha256(body) };
  const digest = found.versionPolicy.digest ?? null;
  const text = await answered(backend.backend, upstream, digest, found.model.context_tokens, escalation, context);
  return text === null ? null : readOpinion(escalation.format, text);
}

async function answered(
  backend: Backend,
  upstream: Upstream,
  digest: string | null,
  contextTokens: number,
  { timeout_ms }: EscalationPolicy,
  context: RequestContext,
): Promise<string | null> {
  const signal = AbortSignal.timeout(timeout_ms);
  const { promise: late, resolve } = Promise.withResolvers<null>();
  signal.addEventListener("abort", () => resolve(null), { once: true });
  const maxReplyBytes = 64 * 1024;
  const call = { endpoint: "chat", upstream, signal, digest, contextTokens, maxReplyBytes } as const;
  try {
    // a backend that does not heed the signal is not waited for
    const answer = await Promise.race([backend(call), late]);
    if (answer === null || isRefusal(answer)) return null;
    if (answer.kind !== "document") {
      answer.bytes.cancel().catch(() => undefined);
      return null;
    }
    const choices = fields(answer.value)?.choices;
    const content = fields(
      fields(Array.isArray(choices) ? (choices as readonly unknown[])[0] : null)?.message,
    )?.content;
    return typeof content === "string" ? content : null;
  } catch (error) {
    logFault("guard_model_failed", context.requestId, error);
    return null;
  }
}

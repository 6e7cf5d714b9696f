// The guards of a policy, compiled once an isolate and kept by the policy's digest: requests of one moment may each hold a
// policy object of their own.
import { compileOutputGuard, type OutputGuard } from "../../guards/output/index.ts";
import { compilePromptGuard, type PromptGuard } from "../../guards/prompt/index.ts";
import { compileWaf, type Waf } from "../../guards/waf/index.ts";
import { outputGuardOptions, promptGuardOptions, wafConfig } from "../../policy/guard-options.ts";
import type { Policy } from "../../policy/schema.ts";

export interface Guards {
  /** null: policy does not look */
  readonly waf: Waf | null;
  readonly prompt: PromptGuard;
  /** What is only embedded instructs nobody; what is found by it is judged when it comes as context. */
  readonly embeddings: PromptGuard;
  readonly output: OutputGuard;
}

/** Policies side by side while a new one reaches all isolates. Protects memory. */
const MAX_POLICIES = 4;
const compiled = new Map<string, Guards>();

export interface PolicyInUse {
  readonly policy: Policy;
  readonly policyDigest: string;
}

export function guardsOf({ policy, policyDigest }: PolicyInUse): Guards {
  const known = compiled.get(policyDigest);
  if (known !== undefined) return known;
  const config = wafConfig(policy);
  const prompt = compilePromptGuard(promptGuardOptions(policy));
  const guards: Guards = {
    waf: config === null ? null : compileWaf(config),
    prompt,
    embeddings: { ...prompt, injection: { ...prompt.injection, mode: "off" } },
    output: compileOutputGuard(outputGuardOptions(policy)),
  };
  for (const [oldest] of compiled) if (compiled.size >= MAX_POLICIES) compiled.delete(oldest);
  compiled.set(policyDigest, guards);
  return guards;
}

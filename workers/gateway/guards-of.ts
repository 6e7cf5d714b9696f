// The guards of a policy, compiled once for as long as it is in use: a policy object lives until the next one is pulled.
import { compileDetector } from "../../guards/data/index.ts";
import { CanaryIndex, compileLinks, type DataSource, type LinkRules } from "../../guards/output/index.ts";
import { compilePromptGuard, type PromptGuard } from "../../guards/prompt/index.ts";
import { compileWaf, type Waf } from "../../guards/waf/index.ts";
import {
  answerCategories,
  type OutputGuardOptions,
  outputGuardOptions,
  promptGuardOptions,
  wafConfig,
} from "../../policy/guard-options.ts";
import type { Policy } from "../../policy/schema.ts";

export interface OutputParts extends Pick<OutputGuardOptions, "modes" | "limits" | "allowEcho"> {
  readonly data: readonly DataSource[];
  readonly canaries: CanaryIndex;
  readonly links: LinkRules;
}

export interface Guards {
  /** null: policy does not look */
  readonly waf: Waf | null;
  readonly prompt: PromptGuard;
  readonly output: OutputParts;
}

const compiled = new WeakMap<Policy, Guards>();

export function guardsOf(policy: Policy): Guards {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const config = wafConfig(policy);
  const guards: Guards = {
    waf: config === null ? null : compileWaf(config),
    prompt: compilePromptGuard(promptGuardOptions(policy)),
    output: outputParts(outputGuardOptions(policy)),
  };
  compiled.set(policy, guards);
  return guards;
}

function outputParts({ modes, withoutKinds, canaries, links, limits, allowEcho }: OutputGuardOptions): OutputParts {
  // one detector a category: one that is only reported must not hold text back
  const data = answerCategories(modes).map((category) => ({
    detector: compileDetector({ categories: [category], withoutKinds }),
    categories: [category],
  }));
  return { modes, limits, allowEcho, data, canaries: new CanaryIndex(canaries), links: compileLinks(links) };
}

// From a policy's choices to the rules of one answer, in two steps: what is the same for all requests is compiled once,
// what only a request knows (its own system message, the data that it held itself) is added for each.
import type { DataCategory } from "../data/index.ts";
import { compileDetector, type KindModes, kindSelection } from "../data/index.ts";
import { CanaryIndex } from "./canary-index.ts";
import { echoOf } from "./echo.ts";
import { LeakIndex } from "./leak-index.ts";
import { DEFAULT_OUTPUT_LIMITS, type OutputLimits } from "./limits.ts";
import { compileLinks, type LinkOptions, type LinkRules } from "./link-rules.ts";
import type { RequestTexts } from "./request-texts.ts";
import { compileOutput, type DataSource, type OutputModes, type OutputRules } from "./rules.ts";

export interface OutputGuardOptions {
  readonly modes: OutputModes;
  /** by kind of datum */
  readonly kinds: KindModes;
  readonly canaries: readonly string[];
  readonly links: LinkOptions;
  readonly limits: Partial<OutputLimits>;
  /** a datum that the request itself held may be said again */
  readonly allowEcho: boolean;
}

export interface OutputGuard {
  readonly modes: OutputModes;
  readonly limits: OutputLimits;
  readonly data: readonly DataSource[];
  readonly canaries: CanaryIndex;
  readonly links: LinkRules;
  readonly allowEcho: boolean;
}

export function compileOutputGuard(options: OutputGuardOptions): OutputGuard {
  const { modes, kinds, canaries, links, limits, allowEcho } = options;
  const wanted = (["secret", "personal_data"] as const).filter((category) => modes[category] !== "off");
  return {
    modes,
    limits: { ...DEFAULT_OUTPUT_LIMITS, ...limits },
    // one detector a category: one that is only reported must not hold text back
    data: wanted.map((category: DataCategory) => ({
      detector: compileDetector({ categories: [category], ...kindSelection(kinds) }),
      categories: [category],
    })),
    canaries: new CanaryIndex(canaries),
    links: compileLinks(links),
    allowEcho,
  };
}

/** Null where policy looks for nothing in answers: then not a byte of them is touched. */
export function outputRulesFor({ system, others }: RequestTexts, guard: OutputGuard): OutputRules | null {
  const { modes, data, canaries, links, limits, allowEcho } = guard;
  if (Object.values(modes).every((mode) => mode === "off")) return null;
  return compileOutput({
    modes,
    data,
    canaries: [canaries],
    links,
    limits,
    ...(modes.prompt_leak === "off" || system.length === 0 ? {} : { leak: new LeakIndex(system, others, limits) }),
    ...(allowEcho ? { known: echoOf(others) } : {}),
  });
}

/** Whether anything that is found may be kept from the client; a guard that only reports changes nothing. */
export function keepsBack(rules: OutputRules | null): boolean {
  return rules !== null && rules.watches(true) !== null;
}

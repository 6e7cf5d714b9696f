// `node bench/guards/data.ts`: what the rules for secrets and personal data find, what they flag by mistake, and what
// they cost. `measureData()` returns plain figures; it is undefined where the corpora are not beside the repository.
import { ALL_RULES } from "../../guards/data/index.ts";
import { hasCorpora, ordinaryPrompts } from "./data-corpora.ts";
import { measureCost } from "./data-cost.ts";
import { measurePersonal } from "./data-personal.ts";
import { builtInDetector, measureSecrets } from "./data-secrets.ts";

/** Kinds that are no datum by themselves, which Presidio's cases and the scanners' ask for all the same. */
export const EXTRA_KINDS = ALL_RULES.filter((rule) => rule.optional === true).map((rule) => rule.kind);

export function measureData() {
  if (!hasCorpora()) return undefined;
  return { secrets: measureSecrets(), personal: measurePersonal(), prompts: measurePrompts(), cost: measureCost() };
}

/** Ordinary prompts with a finding, by rule: of personal data most are real addresses, of secrets most are examples. */
export function measurePrompts() {
  const detector = builtInDetector();
  const byRule = new Map<string, number>();
  const figures = { prompts: 0, withSecret: 0, withPersonalData: 0 };
  for (const { text } of ordinaryPrompts()) {
    const matches = detector.find(text);
    figures.prompts++;
    if (matches.some(({ category }) => category === "secret")) figures.withSecret++;
    if (matches.some(({ category }) => category === "personal_data")) figures.withPersonalData++;
    for (const rule of new Set(matches.map((match) => match.rule))) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  }
  return { ...figures, byRule: Object.fromEntries([...byRule].sort((a, b) => b[1] - a[1])) };
}

if (import.meta.main)
  console.log(JSON.stringify(measureData() ?? "skipped: no corpora beside the repository", null, 1));

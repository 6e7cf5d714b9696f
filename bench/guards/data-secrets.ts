// Secrets of gitleaks' and Nosey Parker's own cases. A negative there speaks of one rule only and may hold what another
// rule rightly finds: so two rates are given, one of any finding, and one of findings by the rules that also find the
// positives of the case's own rule. Texts that are positives of another rule are no negatives at all. Beside them stands
// what gitleaks itself reports of the same texts by all its rules together.
import { compileDetector, type DataDetector } from "../../guards/data/index.ts";
import { compilePromptGuard } from "../../guards/prompt/index.ts";
import { promptGuardOptions } from "../../policy/guard-options.ts";
import { guardsSchema } from "../../policy/guards.ts";
import { type SecretCase, secretCases } from "./data-corpora.ts";
import { gitleaksRules } from "./data-gitleaks.ts";

export function measureSecrets() {
  const cases = secretCases();
  const positives = cases.filter((row) => row.secret);
  const stated = new Set(positives.map((row) => row.text));
  const negatives = cases.filter((row) => !row.secret && !stated.has(row.text));
  const usual = secretsOf(builtInDetector());
  const only = compileDetector({ categories: ["secret"] });
  const missed = positives.filter((row) => !usual(row.text));
  const flagged = negatives.filter((row) => usual(row.text));
  const counterparts = counterpartsOf(positives, only);
  const wrong = flagged.filter((row) => isCounterpart(row, only, counterparts));
  const itself = gitleaksRules();
  return {
    positives: positives.length,
    found: positives.length - missed.length,
    foundWithoutIdentifiers: positives.filter((row) => only.find(row.text).length > 0).length,
    missedByRule: tally(missed),
    negatives: negatives.length,
    statedBothWays: cases.length - positives.length - negatives.length,
    flagged: flagged.length,
    flaggedByRule: tally(flagged),
    flaggedWithoutIdentifiers: negatives.filter((row) => only.find(row.text).length > 0).length,
    flaggedByItsOwnRules: wrong.length,
    flaggedByItsOwnRulesByRule: tally(wrong),
    flaggedThatGitleaksReportsToo: flagged.filter((row) => itself(row.text).length > 0).length,
    negativesThatGitleaksReports: negatives.filter((row) => itself(row.text).length > 0).length,
  };
}

/** What a prompt's guard looks for under the built-in policy: with personal data beside, which may take a text first. */
export function builtInDetector(): DataDetector {
  const guards = guardsSchema.parse(undefined);
  const { detector } = compilePromptGuard(promptGuardOptions({ guards, request: { max_prompt_chars: 1 << 24 } }));
  if (detector === null) throw new Error("the built-in policy looks for no data");
  return detector;
}

function secretsOf(detector: DataDetector): (text: string) => boolean {
  return (text) => detector.find(text).some(({ category }) => category === "secret");
}

/** The rules that find the positives of each of the corpora's rules. */
function counterpartsOf(positives: readonly SecretCase[], detector: DataDetector): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { rule, text } of positives)
    for (const match of detector.find(text)) found.set(rule, (found.get(rule) ?? new Set()).add(match.rule));
  return found;
}

function isCounterpart(row: SecretCase, detector: DataDetector, counterparts: Map<string, Set<string>>): boolean {
  const own = counterparts.get(row.rule);
  return detector.find(row.text).some((match) => own === undefined || own.has(match.rule));
}

function tally(rows: readonly SecretCase[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of rows) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

// Secrets of gitleaks' and Nosey Parker's own cases. A negative there speaks of one rule only and may hold what another
// rule rightly finds: so two rates are given, one of any finding, and one of findings by the rules that also find the
// positives of the case's own rule. Texts that are positives of another rule are no negatives at all.
import { ALL_RULES, compileDetector, type DataDetector } from "../../guards/data/index.ts";
import { type SecretCase, secretCases } from "./data-corpora.ts";

export function measureSecrets() {
  const cases = secretCases();
  const positives = cases.filter((row) => row.secret);
  const stated = new Set(positives.map((row) => row.text));
  const negatives = cases.filter((row) => !row.secret && !stated.has(row.text));
  const usual = compileDetector({ categories: ["secret"] });
  const all = compileDetector({
    categories: ["secret"],
    extraKinds: ALL_RULES.filter((rule) => rule.optional === true).map((rule) => rule.kind),
  });
  const missed = positives.filter((row) => all.find(row.text).length === 0);
  const flagged = negatives.filter((row) => usual.find(row.text).length > 0);
  const counterparts = counterpartsOf(positives, usual);
  const wrong = flagged.filter((row) => isCounterpart(row, usual, counterparts));
  return {
    positives: positives.length,
    found: positives.length - missed.length,
    foundWithoutIdentifiers: positives.filter((row) => usual.find(row.text).length > 0).length,
    missedByRule: tally(missed),
    negatives: negatives.length,
    statedBothWays: cases.length - positives.length - negatives.length,
    flagged: flagged.length,
    flaggedByRule: tally(flagged),
    flaggedByItsOwnRules: wrong.length,
    flaggedByItsOwnRulesByRule: tally(wrong),
  };
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

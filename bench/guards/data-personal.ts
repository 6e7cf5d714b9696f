// Personal data of Presidio's recognisers' cases, by F2 (recall counts four times as much as precision). A positive counts
// where some match has its very bounds; any finding in a text that should hold none counts against the rules, also where
// the number is a right one of another kind. Without names, places and the like, which take a model.
import { ALL_RULES, compileDetector, type DataDetector } from "../../guards/data/index.ts";
import { type PersonalCase, personalCases } from "./data-corpora.ts";

interface Counts {
  found: number;
  missed: number;
  flagged: number;
  negatives: number;
}

/** Dates and links are no personal data by themselves and off unless asked for: given apart. */
const NOT_PERSONAL = /^(?:date|url)_/;

export function measurePersonal() {
  const cases = personalCases();
  const extraKinds = ALL_RULES.filter((rule) => rule.optional === true).map((rule) => rule.kind);
  const usual = compileDetector({ categories: ["personal_data"], alone: true });
  const all = compileDetector({ categories: ["personal_data"], alone: true, extraKinds });
  const personal = cases.filter((row) => !NOT_PERSONAL.test(row.recognizer));
  return {
    cases: cases.length,
    all: summary(all, cases),
    withoutDatesAndLinks: summary(usual, personal),
    byRecognizer: Object.fromEntries(
      [...grouped(cases)].map(([name, rows]) => [name, { ...counted(all, rows), f2: f2(counted(all, rows)) }]),
    ),
  };
}

function summary(detector: DataDetector, rows: readonly PersonalCase[]) {
  const counts = counted(detector, rows);
  const each = [...grouped(rows).values()].map((group) => counted(detector, group));
  const scores = each.filter(({ found, missed }) => found + missed > 0).map(f2);
  return { ...counts, f2: f2(counts), f2OverRecognizers: round(scores.reduce((a, b) => a + b, 0) / scores.length) };
}

function counted(detector: DataDetector, rows: readonly PersonalCase[]): Counts {
  const counts: Counts = { found: 0, missed: 0, flagged: 0, negatives: 0 };
  for (const { text, count, spans } of rows) {
    const matches = detector.find(text);
    if (count === 0) {
      counts.negatives++;
      if (matches.length > 0) counts.flagged++;
      continue;
    }
    const within = spans?.filter(([start, end]) => matches.some((match) => match.start === start && match.end === end));
    const found = within === undefined ? Math.min(count, matches.length) : within.length;
    counts.found += found;
    counts.missed += count - found;
  }
  return counts;
}

function grouped(rows: readonly PersonalCase[]): Map<string, PersonalCase[]> {
  return Map.groupBy(rows, (row) => row.recognizer);
}

function f2({ found, missed, flagged }: Counts): number {
  return round((5 * found) / (5 * found + 4 * missed + flagged));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

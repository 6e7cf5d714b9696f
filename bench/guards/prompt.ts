// What the injection classifier and the rules of phrases find and wrongly find, by family, with the shipped weights (their training
// families are marked as seen) or, with `--lofo`, with five trainings that each leave families out.
//   node bench/guards/prompt.ts [--views] [--lofo] [--json]
import { pathToFileURL } from "node:url";
import { CLASSIFIER_THRESHOLDS, classify } from "../../guards/prompt/classifier/index.ts";
import { findPhrases } from "../../guards/prompt/phrases/index.ts";
import { haveCorpora, readCorpora } from "../../guards/prompt/training/corpora.ts";
import { bipiaRows, corpusRows } from "../../guards/prompt/training/dataset.ts";
import type { Row } from "../../guards/prompt/training/example.ts";
import { SEED } from "../../guards/prompt/training/recipe.ts";
import { views } from "../../guards/text/index.ts";
import { benignByLanguage, languageOf } from "./prompt-languages.ts";
import { type LeftOut, leaveFamiliesOut } from "./prompt-lofo.ts";
import { type Measured, type Summary, summarise } from "./prompt-summary.ts";

export interface PromptBenchOptions {
  /** judge each decoded view as well, as the pipeline does; the highest score counts */
  readonly views?: boolean;
  /** leave families out instead of using the shipped weights */
  readonly lofo?: boolean;
  /** applied to every injection before it is judged; for the decoding tricks */
  readonly mutate?: (text: string) => string;
}

export type PromptBench = Summary | LeftOut | { readonly skipped: string };

/** Measures and returns a plain object; without corpora it says so. */
export function benchPrompts(options: PromptBenchOptions = {}): PromptBench {
  if (!haveCorpora()) return { skipped: "no corpora beside the repository: ../shared/corpora is absent" };
  if (options.lofo === true) return leaveFamiliesOut();
  const all = readCorpora();
  const { held } = corpusRows(
    all.filter(({ corpus }) => corpus !== "bipia-attack-train"),
    () => true,
    SEED,
  );
  const rows = [...held, ...bipiaRows(all, SEED)];
  const measured = [
    ...rows.map((row) => measure(row, options)),
    ...benignByLanguage().map((row) => measure(row, options)),
  ];
  return summarise(measured, "shipped weights; every family but compose/* was seen in training");
}

function measure(row: Row, { views: withViews, mutate }: PromptBenchOptions): Measured {
  const role = row.role === 0 ? "user" : "untrusted";
  const text = row.label === 1 && mutate !== undefined ? mutate(row.text) : row.text;
  let score = classify(text, role).score;
  let phrase = findPhrases(text, role).length > 0;
  if (withViews === true)
    for (const view of views(text)) {
      score = Math.max(score, classify(view.text, role).score);
      phrase ||= findPhrases(view.text, role).length > 0;
    }
  const { block, escalate } = CLASSIFIER_THRESHOLDS[role];
  return {
    family: row.family,
    language: languageOf(row.category ?? ""),
    role,
    kind: row.weight < 1 ? "harmful" : row.label === 1 ? "injection" : "benign",
    blocked: score >= block || phrase,
    escalated: score >= escalate && score < block && !phrase,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(
    JSON.stringify(
      benchPrompts({ views: process.argv.includes("--views"), lofo: process.argv.includes("--lofo") }),
      null,
      1,
    ),
  );

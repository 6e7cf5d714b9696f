// Leave-one-family-out: no family is judged by weights that saw it, nor any benign corpus by weights that saw it.
import { CLASSIFIER_THRESHOLDS } from "../../guards/prompt/classifier/index.ts";
import { findPhrases } from "../../guards/prompt/phrases/index.ts";
import { readCorpora } from "../../guards/prompt/training/corpora.ts";
import { FOLDS, type Judged, judgeFold } from "../../guards/prompt/training/lofo.ts";
import { OPERATING_POINT } from "../../guards/prompt/training/operating-point.ts";
import { COMPOSED, SEED, TRAINING, VOCABULARY } from "../../guards/prompt/training/recipe.ts";
import { curve, type Point } from "./prompt-curve.ts";
import { languageOf } from "./prompt-languages.ts";
import { type Measured, type Summary, summarise } from "./prompt-summary.ts";

export interface LeftOut extends Summary {
  readonly curves: { readonly user: readonly Point[]; readonly untrusted: readonly Point[] };
}

/** Some minutes a fold. */
export function leaveFamiliesOut(): LeftOut {
  const all = readCorpora();
  const options = { seed: SEED, vocabulary: VOCABULARY, composed: COMPOSED, training: TRAINING };
  const judged = FOLDS.flatMap((_, fold) => judgeFold(all, fold, options));
  // no training changes what a phrase is: they were written with samples of all families seen
  const phrased = new Set(
    judged.filter(({ text, role }) => findPhrases(text, role === 0 ? "user" : "untrusted").length > 0),
  );
  const families = judged.filter(({ unseen }) => unseen === "family");
  return {
    ...summarise(
      families.map((row) => toMeasured(row, phrased.has(row))),
      "five trainings, each judged on the families that it never saw",
    ),
    curves: { user: curve(judged, phrased, 0), untrusted: curve(judged, phrased, 1) },
  };
}

function toMeasured(row: Judged, phrased: boolean): Measured {
  const role = row.role === 0 ? "user" : "untrusted";
  const score = 1 / (1 + Math.exp(OPERATING_POINT[row.role === 0 ? 0 : 1] - row.logit));
  const { block, escalate } = CLASSIFIER_THRESHOLDS[role];
  return {
    family: row.family,
    language: languageOf(row.category),
    role,
    kind: row.harmful ? "harmful" : row.label === 1 ? "injection" : "benign",
    blocked: score >= block || phrased,
    escalated: score >= escalate && score < block && !phrased,
  };
}

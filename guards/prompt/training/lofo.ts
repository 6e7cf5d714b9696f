// Leave-one-family-out: five trainings, each judged on families that it never saw. Slow (some minutes a fold).
import { assemble } from "./assemble.ts";
import type { CorpusRow } from "./corpora.ts";
import { FOLDS, foldOf } from "./families.ts";
import { DEFAULTS, Trainer, type TrainOptions } from "./trainer.ts";
import { buildDictionary } from "./units.ts";

export interface Judged {
  readonly family: string;
  readonly category: string;
  readonly role: number;
  readonly label: number;
  readonly harmful: boolean;
  readonly logit: number;
  readonly text: string;
}

export interface LofoOptions {
  readonly seed: number;
  readonly vocabulary: number;
  readonly composed: number;
  readonly training: Partial<TrainOptions>;
}

/** Trains without fold `fold`'s families and scores every row of them. */
export function judgeFold(all: readonly CorpusRow[], fold: number, options: LofoOptions): Judged[] {
  const isHeld = (corpus: string) => foldOf(corpus) === fold;
  const { train, held } = assemble(all, isHeld, options.seed, options.composed);
  // words are chosen on the training rows alone; held-out rows only get numbers for what is already there
  const dictionary = buildDictionary(train, options.vocabulary, held);
  const trainer = new Trainer(dictionary, { ...DEFAULTS, ...options.training, seed: options.seed });
  trainer.run(dictionary.examples.slice(0, train.length));
  const logits = trainer.score(dictionary.examples.slice(train.length));
  return held.map((row, at) => ({
    family: row.family,
    category: row.category ?? "",
    role: row.role,
    label: row.label,
    harmful: row.weight < 1,
    logit: logits[at] ?? 0,
    text: row.text,
  }));
}

export { FOLDS };

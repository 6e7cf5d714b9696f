// Leave-one-family-out: five trainings, each judged on families that it never saw, and on innocent texts that it never
// saw though it saw others of their kind. Slow (some minutes a fold).
import { hashText } from "../classifier/tokens.ts";
import { assemble } from "./assemble.ts";
import type { CorpusRow } from "./corpora.ts";
import type { Row } from "./example.ts";
import { FOLDS, foldOf } from "./families.ts";
import { DEFAULTS, Trainer, type TrainOptions } from "./trainer.ts";
import { buildDictionary } from "./units.ts";

export interface Judged {
  readonly family: string;
  readonly category: string;
  readonly role: number;
  readonly label: number;
  readonly harmful: boolean;
  /** whether the whole family was left out of this training, or this text alone */
  readonly unseen: "family" | "text";
  readonly logit: number;
  readonly text: string;
}

export interface LofoOptions {
  readonly seed: number;
  readonly vocabulary: number;
  readonly composed: number;
  readonly training: Partial<TrainOptions>;
}

/** Trains without fold `fold`'s families, and without a tenth of the other innocent texts, and scores all of these. */
export function judgeFold(all: readonly CorpusRow[], fold: number, options: LofoOptions): Judged[] {
  const isHeld = (corpus: string) => foldOf(corpus) === fold;
  const { train, held } = assemble(all, isHeld, options.seed, options.composed);
  const isKept = (row: Row) => !isLeftOut(row, fold);
  const trained = train.filter(isKept);
  const judged = [...held, ...train.filter((row) => !isKept(row))];
  // words are chosen on the training rows alone; rows left out only get numbers for what is already there
  const dictionary = buildDictionary(trained, options.vocabulary, judged);
  const trainer = new Trainer(dictionary, { ...DEFAULTS, ...options.training, seed: options.seed });
  trainer.run(dictionary.examples.slice(0, trained.length));
  const logits = trainer.score(dictionary.examples.slice(trained.length));
  return judged.map((row, at) => ({
    family: row.family,
    category: row.category ?? "",
    role: row.role,
    label: row.label,
    harmful: row.weight < 1,
    unseen: at < held.length ? "family" : "text",
    logit: logits[at] ?? 0,
    text: row.text,
  }));
}

/** A tenth of the innocent texts of corpora, by their beginnings: texts of one pair begin alike. */
function isLeftOut({ family, label, weight, text }: Row, fold: number): boolean {
  if (label === 1 || weight < 1 || family.startsWith("compose")) return false;
  return (hashText(text.slice(0, 80)) >>> 0) % 10 === fold;
}

export { FOLDS };

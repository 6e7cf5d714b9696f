// Puts a training set together: corpora that are not held out, and composed texts whose carriers are clean texts of the
// same corpora; so that nothing of a held-out corpus, not even as a carrier, is trained on.
import { compose } from "./compose/index.ts";
import type { CorpusRow } from "./corpora.ts";
import { bipiaRows, corpusRows } from "./dataset.ts";
import type { Row } from "./example.ts";
import { Random } from "./random.ts";

export interface Sets {
  readonly train: Row[];
  readonly held: Row[];
}

const CONTEXT_CHARS = 4000;

export function assemble(
  all: readonly CorpusRow[],
  isHeld: (corpus: string) => boolean,
  seed: number,
  composed: number,
): Sets {
  const bare = all.filter((row) => row.corpus !== "bipia-attack-train");
  const { train, held } = corpusRows(bare, isHeld, seed);
  (isHeld("bipia-attack-train") ? held : train).push(...bipiaRows(all, seed));
  const contexts = bare
    .filter(
      (row) => row.role === "tool" && row.label === "benign" && !isHeld(row.corpus) && row.corpus !== "indirect-twins",
    )
    .map((row) => row.text.slice(0, CONTEXT_CHARS));
  train.push(...compose(new Random(seed), composed, contexts));
  return { train, held };
}

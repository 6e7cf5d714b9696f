// The rows that one training sees: corpora that are not held out, weighted by family, and composed ones.
import type { CorpusRow } from "./corpora.ts";
import type { Row } from "./example.ts";
import { Random } from "./random.ts";

/** At most so many rows of one corpus and label, so that a large family does not speak for all. */
const MOST_INJECTIONS = 900;
const MOST_BENIGN = 800;
const MOST_OF: Readonly<Record<string, number>> = { "indirect-twins": 4000 };

export interface Split {
  readonly train: Row[];
  readonly held: Row[];
}

export function corpusRows(corpora: readonly CorpusRow[], isHeld: (corpus: string) => boolean, seed: number): Split {
  const random = new Random(seed);
  const train: Row[] = [];
  const held: Row[] = [];
  const groups = Map.groupBy(corpora, (row) => `${row.corpus}\n${row.label}`);
  for (const rows of groups.values()) {
    const first = rows[0];
    if (first === undefined) continue;
    const most = MOST_OF[first.corpus] ?? (first.label === "injection" ? MOST_INJECTIONS : MOST_BENIGN);
    const some = random.shuffle([...rows]).slice(0, most);
    for (const row of some) (isHeld(row.corpus) ? held : train).push(toRow(row));
  }
  return { train, held };
}

export function toRow(row: CorpusRow): Row {
  return {
    text: row.text,
    role: row.role === "tool" ? 1 : 0,
    label: row.label === "injection" ? 1 : 0,
    weight: row.label === "harmful" ? 0.3 : 1,
    family: row.corpus,
    category: row.category,
  };
}

/** BIPIA's attacks are bare instructions: each is judged where an attacker puts it, in a context of the same family. */
export function bipiaRows(corpora: readonly CorpusRow[], seed: number): Row[] {
  const random = new Random(seed);
  const contexts = corpora.filter((row) => row.corpus === "bipia-context-train" && row.text.length < 4000);
  const attacks = corpora.filter((row) => row.corpus === "bipia-attack-train");
  if (contexts.length === 0) return [];
  return attacks.flatMap((attack) =>
    Array.from({ length: 4 }, (): Row => {
      const context = random.pick(contexts).text;
      const lines = context.split("\n");
      const at = random.pick([0, lines.length >> 1, lines.length]);
      const before = lines.slice(0, at).join("\n");
      const start = before.length + 1;
      const text = `${before}\n${attack.text}\n${lines.slice(at).join("\n")}`;
      return { text, role: 1, label: 1, weight: 1, family: "bipia", focus: [start, start + attack.text.length] };
    }),
  );
}

// The English words whose starting vectors come from the encoder: `node guards/prompt/training/word-list.ts > words.txt`.
import { assemble } from "./assemble.ts";
import { readCorpora } from "./corpora.ts";

const MOST = 16_000;
const COMPOSED = 2000;

const { train } = assemble(readCorpora(), () => false, 1, COMPOSED);
const counts = new Map<string, number>();
for (const { text, label } of train)
  for (const word of new Set(text.toLowerCase().match(/[a-z]{2,18}/g) ?? []))
    counts.set(word, (counts.get(word) ?? 0) + (label === 1 ? 2 : 1));
const words = [...counts].filter(([, count]) => count >= 3).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
console.log(
  words
    .slice(0, MOST)
    .map(([word]) => word)
    .join("\n"),
);

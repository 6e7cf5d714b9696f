// The dictionary of a training set: every distinct token once, with the table rows that make up its vector.
import { flagsOf } from "../classifier/flags.ts";
import { hashText, type Tokens, tokensOf } from "../classifier/tokens.ts";
import { namesOf, PIECE_ROWS, SPECIAL_ROWS, type UnitRows, unitRows } from "../classifier/units.ts";
import type { Example, Row } from "./example.ts";

export interface Dictionary {
  readonly examples: readonly Example[];
  readonly units: readonly UnitRows[];
  readonly flags: Uint8Array;
  /** sorted hashes of the vocabulary's names; a name's row is its place here */
  readonly vocabulary: Int32Array;
  readonly rows: number;
  /** the table row of a special feature (`UNKNOWN_ROW` and others) */
  readonly specialRow: (feature: number) => number;
}

export const MAX_TOKENS = 4096;

/**
 * Reads all rows; the vocabulary holds the `size` names that stand in most of the trained ones, positives counting
 * double. Rows that are held out come last among the examples and choose no word.
 */
export function buildDictionary(trained: readonly Row[], size: number, held: readonly Row[] = []): Dictionary {
  const rows = [...trained, ...held];
  const ids = new Map<number, number>();
  const samples: { text: string; tokens: Tokens; at: number }[] = [];
  let documents = new Float64Array(1024);
  const seen = new Map<number, number>();
  const examples: Example[] = [];
  for (let number = 0; number < rows.length; number++) {
    const row = rows[number] as Row;
    const tokens = tokensOf(row.text);
    const count = Math.min(tokens.count, MAX_TOKENS);
    const units = new Int32Array(count);
    for (let at = 0; at < count; at++) {
      const key = tokens.key[at] as number;
      let id = ids.get(key);
      if (id === undefined) {
        id = samples.length;
        ids.set(key, id);
        // a short copy: the whole text must not be kept alive for each distinct token
        samples.push(cutOut(row.text, tokens, at));
        if (id >= documents.length) {
          const longer = new Float64Array(documents.length * 2);
          longer.set(documents);
          documents = longer;
        }
      }
      if (number < trained.length && seen.get(id) !== number) {
        seen.set(id, number);
        documents[id] = (documents[id] as number) + (row.label === 1 ? 2 : 1);
      }
      units[at] = id;
    }
    examples.push({ row, units, focus: focusTokens(tokens, count, row.focus) });
  }
  const byName = new Map<number, number>();
  samples.forEach(({ text, tokens, at }, id) => {
    for (const name of namesOf(text, tokens, at)) {
      const hash = hashText(name);
      byName.set(hash, (byName.get(hash) ?? 0) + (documents[id] as number));
    }
  });
  const chosen = [...byName].filter(([, weight]) => weight >= 3).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const vocabulary = Int32Array.from(chosen.slice(0, size).map(([hash]) => hash)).sort();
  const place = new Map<number, number>();
  for (const [row, hash] of vocabulary.entries()) place.set(hash, row);
  const find = (name: string) => place.get(hashText(name)) ?? -1;
  const units = samples.map(({ text, tokens, at }) => unitRows(text, tokens, at, find, vocabulary.length));
  const flags = Uint8Array.from(samples.map(({ text, tokens, at }) => flagsOf(text, tokens, at)));
  const specials = vocabulary.length + PIECE_ROWS;
  const specialRow = (feature: number) => specials + feature;
  return { examples, units, flags, vocabulary, rows: specials + SPECIAL_ROWS, specialRow };
}

function cutOut(text: string, tokens: Tokens, at: number): { text: string; tokens: Tokens; at: number } {
  const start = tokens.start[at] as number;
  const piece = text
    .slice(start, (tokens.end[at] as number) + 3)
    .split("")
    .join("");
  const single: Tokens = {
    count: 1,
    key: tokens.key.slice(at, at + 1),
    start: Int32Array.of(0),
    end: Int32Array.of((tokens.end[at] as number) - start),
    kind: tokens.kind.slice(at, at + 1),
    casing: tokens.casing.slice(at, at + 1),
  };
  return { text: piece, tokens: single, at: 0 };
}

function focusTokens(tokens: Tokens, count: number, focus: Row["focus"]): Example["focus"] {
  if (focus === undefined) return null;
  let from = 0;
  while (from < count && (tokens.end[from] as number) <= focus[0]) from++;
  let to = from;
  while (to < count && (tokens.start[to] as number) < focus[1]) to++;
  return to > from ? [from, to] : null;
}

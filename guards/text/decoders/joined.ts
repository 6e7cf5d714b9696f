// Words without spaces: `ignoreallpreviousinstructions`, `IgnoreAllPrevious`, `ignore_all_previous_instructions`.
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { segment } from "../segment.ts";

const MIN_LETTERS = 16;
/** Words that make a sentence, run together and with marks between them: names in programs have fewer. */
const MIN_WORDS = 4;
const MIN_MARKED = 6;
/** Half bits a letter up to which a run reads like sentences, and like one where it is too long for a name. */
const FLUENT = 4.6;
const LONG_FLUENT = 5.6;
const LONG = 48;

export const joined: Decoder = {
  name: "joined",
  traits: TRAIT.long,
  run(out, text, { long }) {
    for (let run = 0; run < long.length && !out.full; run += 2)
      if ((long[run + 1] as number) - (long[run] as number) >= MIN_LETTERS)
        cut(out, text, long[run] as number, long[run + 1] as number);
  },
};

/** Words run together, with marks, digits and capitals between some of them. Paths, sums and hashes have more of those. */
function cut(out: ViewBuilder, text: string, start: number, end: number): void {
  const words: string[] = [];
  let cost = 0;
  let known = 0;
  let count = 0;
  let total = 0;
  const parts = text.slice(start, end).split(/[_-]/);
  for (const part of parts) {
    if (!/^[A-Za-z]*$/.test(part)) return;
    const found = segment(part);
    words.push(found.text);
    known += found.known;
    count += found.words;
    cost += found.cost;
    total += part.length;
  }
  if (count < (parts.length > 1 ? MIN_MARKED : MIN_WORDS) || known * 20 < total * 15) return;
  if (cost <= total * (total >= LONG ? LONG_FLUENT : FLUENT)) out.replace(start, end, words.join(" "));
}

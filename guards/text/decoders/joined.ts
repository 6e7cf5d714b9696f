// Words without spaces: `ignoreallpreviousinstructions`, `IgnoreAllPrevious`, `ignore_all_previous_instructions`.
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { bareLetters, isLatinLetter } from "../letters.ts";
import { TRAIT } from "../scan.ts";
import { segment, unknownCost } from "../segment.ts";

const MIN_LETTERS = 16;
/** Words that make a sentence, run together and with marks between them: names in programs have fewer. */
const MIN_WORDS = 4;
const MIN_MARKED = 6;
/** Half bits a letter up to which a run reads like sentences, and like one where it is too long for a name. */
const FLUENT = 4.6;
const LONG_FLUENT = 7;
const LONG = 32;

/** Letters of a run beside one that was cut (`stop.newtask:forward…`) that are worth a look. */
const MIN_BESIDE = 6;
/** characters looked at on either side */
const MAX_BESIDE = 2048;

export const joined: Decoder = {
  name: "joined",
  traits: TRAIT.long,
  run(out, text, { long }) {
    let done = 0;
    let token = 0;
    for (let run = 0; run < long.length && !out.full; run += 2) {
      let start = long[run] as number;
      let end = long[run + 1] as number;
      if (start < done) continue;
      while (start > done && isPart(text.charCodeAt(start - 1))) start--;
      while (end < text.length && isPart(text.charCodeAt(end))) end++;
      const words = end - start < MIN_LETTERS ? null : cut(text.slice(start, end));
      if (words === null) {
        done = end;
        continue;
      }
      beside(out, text, tokenStart(text, start, token), start);
      out.replace(start, end, words);
      done = token = tokenEnd(text, end);
      beside(out, text, end, done);
    }
  },
};

function isPart(unit: number): boolean {
  return isLatinLetter(unit) || unit === 0x5f || unit === 0x2d;
}

/** Words run together, marks between some of them or none; null for paths, sums, names and hashes. */
function cut(run: string): string | null {
  const words: string[] = [];
  let cost = 0;
  let known = 0;
  let count = 0;
  let total = 0;
  const parts = run.split(/[_-]/);
  for (const part of parts) {
    if (!/^[A-Za-z\u00c0-\u017f]*$/.test(part)) return null;
    const found = segment(bareLetters(part), part);
    // a capital in the middle of a run marks a word and no name
    words.push(found.text.replace(/ \p{Lu}(?=\p{Ll})/gu, (first) => first.toLowerCase()));
    known += found.known;
    count += found.words;
    cost += found.cost;
    total += part.length;
  }
  if (count < (parts.length > 1 ? MIN_MARKED : MIN_WORDS) || known * 20 < total * (total >= LONG ? 12 : 15))
    return null;
  return cost <= total * (total >= LONG ? LONG_FLUENT : FLUENT) ? words.join(" ") : null;
}

/** The shorter runs of the same token: who leaves out spaces once leaves them out before and behind. */
function beside(out: ViewBuilder, text: string, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const first = at;
    while (at < end && isLatinLetter(text.charCodeAt(at))) at++;
    if (at - first < MIN_BESIDE) continue;
    const run = text.slice(first, at);
    const { text: words, cost, known } = segment(bareLetters(run), run);
    if (known === run.length && cost * 4 <= unknownCost(run.length) * 3) out.replace(first, at, words);
  }
}

function tokenStart(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < MAX_BESIDE && text.charCodeAt(start - 1) > 0x20) start--;
  return start;
}

function tokenEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && end - at < MAX_BESIDE && text.charCodeAt(end) > 0x20) end++;
  return end;
}

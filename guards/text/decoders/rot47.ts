// ROT47: every printable sign of ASCII exchanged for the one 47 further on, letters for marks and digits among them.
import { fluency } from "../bigrams.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { unitsText } from "../units-text.ts";
import { knownShare } from "../vocabulary.ts";

/** What small letters become: three words in a row made of these alone are no ordinary text. */
const WORDS = /(?:[2-K]{2,24} ){2}[2-K]{2,24}/;
const BEFORE = /(?:(?<!\S)[^a-h\s]{1,32} ){1,32}$/;
const SAMPLE = 400;
const FLUENT = 1.5;
const KNOWN = 0.4;
const MAX_PIECE = 4096;

export const rot47: Decoder = {
  name: "rot47",
  traits: TRAIT.leet | TRAIT.codes,
  run(out, text) {
    const first = text.search(WORDS);
    if (first < 0) return;
    // a row of other signs, and of letters that became none, is one stretch: to the line's end at most
    for (let at = text.lastIndexOf("\n", first) + 1; at < text.length && !out.full; ) {
      const feed = text.indexOf("\n", at);
      const end = feed < 0 ? text.length : feed;
      const line = text.slice(at, Math.min(end, at + MAX_PIECE));
      const found = Math.max(0, line.search(WORDS));
      // small letters are what capitals become, and few
      const start = at + found - (BEFORE.exec(line.slice(0, found))?.[0].length ?? 0);
      if (reads(text, start, Math.min(end, start + SAMPLE)))
        for (let from = start; from < end; from += MAX_PIECE) {
          const to = Math.min(end, from + MAX_PIECE);
          out.replace(from, to, turned(text, from, to));
        }
      at = end + 1;
    }
  },
};

function reads(text: string, start: number, end: number): boolean {
  const read = turned(text, start, end);
  return fluency(read, 0, read.length, (letter) => letter) >= FLUENT && knownShare(read) >= KNOWN;
}

function turned(text: string, start: number, end: number): string {
  const units = new Uint16Array(end - start);
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    units[at - start] = unit > 0x20 && unit < 0x7f ? ((unit - 33 + 47) % 94) + 33 : unit;
  }
  return unitsText(units);
}

// Markup inside words: marks of emphasis (`ig**no**re`), tags and comments of HTML (`ig<b></b>nore`).
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

/** Between two letters. */
const EMPHASIS = /(?<=\p{L})(?:\*{1,3}|_{2,3}|~{1,2}|`)+(?=\p{L})/gu;
const TAGS = /(?<=\p{L})(?:<!--[^<>]{0,200}-->|<\/?[a-z]{1,10}[1-6]? ?\/?>){1,4}(?=\p{L})/giu;
/** A name of two words has one of either (`a**b`), and a table's cells have tags between them (`Name<td>`). */
const MIN_EMPHASIS = 6;
const MIN_TAGS = 2;

export const markup: Decoder = {
  name: "markup",
  traits: TRAIT.marked | TRAIT.cut,
  run(out, text) {
    const found = [
      ...(text.includes("<") ? atLeast(MIN_TAGS, text, TAGS) : []),
      ...(/[*~`]|__/.test(text) ? atLeast(MIN_EMPHASIS, text, EMPHASIS) : []),
    ].sort((a, b) => a.index - b.index);
    for (const { 0: mark, index } of found) {
      if (out.full) return;
      out.replace(index, index + mark.length, "");
    }
  },
};

function atLeast(count: number, text: string, pattern: RegExp): RegExpExecArray[] {
  const found = [...text.matchAll(pattern)];
  return found.length < count ? [] : found;
}

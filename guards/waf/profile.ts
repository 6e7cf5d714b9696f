// One pass over a text that tells which detectors have anything to look for: which telling characters it holds, and
// which kinds of words. Most values of honest requests are done after this.
import { LEXICON } from "./lexicon.ts";

export const CHARS = "'\"`()<>{}[]$\\%;|&/=#@*:!?+,^~-.\n";
const BIT = new Int32Array(128);
// 31 bits for 33 signs: the last three share theirs, which costs a needless look at most
for (let i = 0; i < CHARS.length; i++) BIT[CHARS.charCodeAt(i)] = 1 << Math.min(i, 30);
BIT[13] = BIT[10] as number;
BIT[0] = BIT[10] as number;

/** The mask of the characters in `text`. */
export function charMask(text: string): number {
  let mask = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) mask |= BIT[code] as number;
  }
  return mask;
}

export interface Profile {
  /** `charMask` of the text */
  readonly chars: number;
  /** kinds of words met, of `lexicon.ts` */
  readonly words: number;
  /** characters of the longest run of letters, digits and underscores */
  readonly longest: number;
}

const LONGEST = 24;

/** @param lower the text in lower case */
export function profileOf(lower: string): Profile {
  let chars = 0;
  let words = 0;
  let start = -1;
  let longest = 0;
  for (let i = 0; i < lower.length; i++) {
    const code = lower.charCodeAt(i);
    if ((code >= 97 && code <= 122) || code === 95 || (start >= 0 && code >= 48 && code <= 57)) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0) {
      if (i - start > longest) longest = i - start;
      if (i - start > 1 && i - start <= LONGEST) words |= LEXICON.get(lower.slice(start, i)) ?? 0;
      start = -1;
    }
    if (code < 128) chars |= BIT[code] as number;
  }
  if (start >= 0 && lower.length - start > longest) longest = lower.length - start;
  if (start >= 0 && lower.length - start > 1 && lower.length - start <= LONGEST)
    words |= LEXICON.get(lower.slice(start)) ?? 0;
  return { chars, words, longest };
}

/** Lower case without a change of length, so that offsets stay. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  // U+0130 alone grows: ASCII is all that rules compare
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

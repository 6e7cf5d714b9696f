// Capitals strewn over words: `iGnOrE aLl pReViOuS`. Readers and models see through it, what counts capitals does not.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { isEnglish } from "../vocabulary.ts";

/** A capital behind a small letter, twice, or between small letters where no name has humps. */
const STREWN = /(?<![A-Za-z])(?:[a-z]+[A-Z]|[A-Z]+[a-z]+[A-Z]|[A-Z]{2,}[a-z])[A-Za-z]*(?![A-Za-z0-9_(.])/g;
/** Words written so: in number, and one in so many of all. */
const MIN_WORDS = 4;
const SHARE = 4;

export const mixedCase: Decoder = {
  name: "mixed_case",
  traits: TRAIT.humps,
  run(out, text) {
    const found: RegExpExecArray[] = [];
    for (const match of text.matchAll(STREWN))
      if (match[0].length > 2 && match[0].length < 24 && isEnglish(match[0])) found.push(match);
    if (found.length < MIN_WORDS || found.length * SHARE < (text.match(/[A-Za-z]{3,}/g)?.length ?? 0)) return;
    for (const match of found) {
      if (out.full) return;
      out.replace(match.index, match.index + match[0].length, match[0].toLowerCase());
    }
  },
};

// A sentence whose blanks are another mark: `ignore_all_previous_instructions`, `ignore.all.previous`.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { isWord } from "../vocabulary.ts";

/** Words between marks that make a sentence, and of these the commonest ones (vocabulary.ts), which names have not. */
const MIN_WORDS = 5;
const COMMON = 1;
const MIN_COMMON = 2;
const MARKS = ["_", ".", "-", "/", "|", "\\", "~", "*", "=", ">", "·", "•"] as const;
const MAX_TOKEN = 8192;
/** A link, a path, or a program's name by its first signs: their words are marked as well. */
const NAMED = /:\/\/|^[/.~\\]|^www\.|^[\w.-]+@/;

export const markedWords: Decoder = {
  name: "marked_words",
  traits: TRAIT.marked,
  run(out, text, { solid }) {
    for (let at = 0; at < solid.length && !out.full; at += 2) {
      const index = solid[at] as number;
      const token = text.slice(index, solid[at + 1]);
      if (token.length > MAX_TOKEN || NAMED.test(token)) continue;
      const mark = MARKS.find((sign) => {
        const words = token.includes(sign) ? token.split(sign) : [];
        return words.length >= MIN_WORDS && isSentence(words);
      });
      if (mark !== undefined) out.replace(index, index + token.length, token.replaceAll(mark, " "));
    }
  },
};

function isSentence(words: readonly string[]): boolean {
  let known = 0;
  let common = 0;
  for (const word of words) {
    const letters = word.replace(/[^A-Za-z]/g, "");
    if (letters.length === 0 || !isWord(letters)) continue;
    known++;
    if (letters.length > 1 && isWord(letters, 0, letters.length, COMMON)) common++;
  }
  return common >= MIN_COMMON && known * 2 >= words.length;
}

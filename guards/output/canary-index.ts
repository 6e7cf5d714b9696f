// Canaries compiled: the phrases that are sought for them, disguised and as they stand.
import { foldCodePoint } from "./fold.ts";
import { Phrases } from "./phrases.ts";

/** Of fewer letters and digits a canary is sought as it stands only: disguised it would be in ordinary words. */
const MIN_DISGUISED = 8;
/** Digits that stand for letters; folded in canaries and answers alike. */
const LEET: Readonly<Record<string, string>> = { "0": "o", "1": "l", i: "l", "3": "e", "4": "a", "5": "s", "7": "t" };

/** Compiled once for a policy or a request. */
export class CanaryIndex {
  readonly loose: Phrases;
  readonly exact: Phrases;
  readonly looseViews: readonly (string | null)[];
  readonly size: number;

  constructor(canaries: readonly string[]) {
    const loose: (readonly string[])[] = [];
    const views: (string | null)[] = [];
    const exact: (readonly string[])[] = [];
    const seek = (phrase: readonly string[], view: string | null): void => {
      loose.push(phrase);
      views.push(view);
    };
    for (const canary of new Set(canaries.filter((text) => text !== ""))) {
      const letters = skeleton(canary);
      if (letters.length < MIN_DISGUISED) exact.push(Array.from(canary));
      if (letters.length < MIN_DISGUISED) continue;
      seek(letters, null);
      seek(letters.toReversed(), "reversed");
      seek(skeleton(rot13(canary)), "rot13");
    }
    this.loose = new Phrases(loose);
    this.exact = new Phrases(exact);
    this.looseViews = views;
    this.size = loose.length + exact.length;
  }
}

/** One folded letter or digit as the phrases have it. */
export function loosened(letter: string): string {
  return LEET[letter] ?? letter;
}

function skeleton(text: string): string[] {
  const letters: string[] = [];
  for (const char of text)
    for (const letter of foldCodePoint(char.codePointAt(0) as number) ?? "") letters.push(loosened(letter));
  return letters;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (char) => {
    const code = char.charCodeAt(0);
    const first = code < 97 ? 65 : 97;
    return String.fromCharCode(first + ((code - first + 13) % 26));
  });
}

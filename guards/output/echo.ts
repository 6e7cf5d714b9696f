// Whether a datum in an answer is one that the request held itself: a model that reads somebody's own address back to them
// leaks nothing. It may be spelt otherwise there: with other separators, in other case, with full-width digits.
import type { Hit } from "./watch.ts";

/** A datum of an answer, decoded. */
export type Datum = Pick<Hit, "category" | "kind"> & { readonly value: string };

/** Looks that one answer may take at its request. Each costs a reading of it; what is found after them is foreign. */
const MAX_LOOKS = 64;
/** A secret's characters in a row, wherever lines were broken, say that it is the same; a short one's may be anything's. */
const LONG_SECRET = 32;
/** Characters of a number: beyond, it is none. */
const MAX_NUMBER = 64;
const SEPARATORS = "\\s().:/+\\-\u2010-\u2015\u2212";
const BREAKS = /\s|\\[nrt]/g;

/** Whether a datum stood in one of the texts. One for each answer: its looks are counted. */
export function echoOf(texts: readonly string[]): (datum: Datum) => boolean {
  const looked = new Map<string, boolean>();
  const spellings = new Spellings(texts);
  return (datum) => {
    const key = `${datum.category} ${datum.kind} ${datum.value}`;
    const before = looked.get(key);
    if (before !== undefined) return before;
    if (looked.size >= MAX_LOOKS) return false;
    const stood = texts.some((text) => text.includes(datum.value)) || spellings.hold(datum);
    looked.set(key, stood);
    return stood;
  };
}

/** The request's texts in the forms in which data are compared, made when one is asked for. */
class Spellings {
  readonly #texts: readonly string[];
  #folded: readonly string[] | undefined;
  #unbroken: readonly string[] | undefined;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  hold({ category, kind, value }: Datum): boolean {
    if (category === "secret") {
      const unbroken = value.replace(BREAKS, "");
      if (unbroken.length < LONG_SECRET) return false;
      this.#unbroken ??= this.#texts.map((text) => text.replace(BREAKS, ""));
      return this.#unbroken.some((text) => text.includes(unbroken));
    }
    const folded = fold(value);
    const sought = new RegExp(`(?<![\\p{L}\\p{N}])${patternOf(kind, folded)}(?![\\p{L}\\p{N}])`, "u");
    this.#folded ??= this.#texts.map(fold);
    return this.#folded.some((text) => sought.test(text));
  }
}

/** Of an IP address the dots count; of other numbers no separator does, and of what is no number every character does. */
function patternOf(kind: string, folded: string): string {
  const plain = folded.replace(new RegExp(`[${SEPARATORS}]`, "gu"), "");
  const isNumber = kind !== "ip_address" && /^[a-z0-9]*\d[a-z0-9]*$/.test(plain) && plain.length <= MAX_NUMBER;
  return isNumber ? [...plain].join(`[${SEPARATORS}]{0,3}`) : folded.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

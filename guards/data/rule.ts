// A rule for one kind of datum, as data: what it looks like, what must not stand beside it, and what tells a real one
// from a look-alike. A rule that judges by words looks to the left only, since in a stream the right is not there yet.
import type { DataCategory } from "./detector.ts";

/** `weak`: the form alone also fits other things, so a word of `context` must stand before it, or nothing else at all. */
export type Certainty = "no" | "weak" | "sure";

export interface DataRule {
  /** stable: stands in verdicts and in audit records */
  readonly id: string;
  readonly category: DataCategory;
  /** names the datum in placeholders and to the client */
  readonly kind: string;
  /** for a person who reads a finding */
  readonly reason: string;
  /** in the language of scan/pattern.ts; a `*`, `+` or `{n,}` only with what it repeats in `notAfter`: see scanner.ts */
  readonly patterns: readonly string[];
  readonly ignoreCase?: boolean;
  /** characters (the inside of a class) that may not stand right before; letters and digits may not, save by `afterLetters` */
  readonly notAfter?: string;
  /** begins with a sign that no word has in it, and may thus stand right behind one: `x-----BEGIN …` */
  readonly afterLetters?: boolean;
  /** characters that may not follow; letters and digits unless stated */
  readonly notBefore?: string;
  /** a number: where one of `.-/` and a digit follow, it is part of a longer one */
  readonly number?: boolean;
  /** where in the matched text the datum itself lies, as offsets; null where there is none */
  readonly datum?: (match: string) => readonly [number, number] | null;
  /** judges the datum; `sure` where absent */
  readonly judge?: (datum: string, match: string) => Certainty;
  /** judged where it ends last and nowhere before: for open repetitions whose beginning tells what they are */
  readonly longest?: boolean;
  /** judging takes microseconds: only so many in one text, beyond which form alone decides */
  readonly costly?: boolean;
  /** never sure: words are looked for before the datum is judged, which spares a costly judgement */
  readonly contextOnly?: boolean;
  /** words that make a weak match one, anywhere in the CONTEXT characters before it */
  readonly context?: RegExp;
  /** a weak match may also count by being the whole text: only where check digits leave little to chance */
  readonly alone?: boolean;
  /** which of two overlapping matches names the span: 0 no datum by itself, 1 generic, 2 usual, 3 distinctive */
  readonly priority?: 0 | 1 | 2 | 3;
  /** not a secret or a person by itself (a bucket's name, a date, a link): only where policy asks for its kind */
  readonly optional?: boolean;
  /** makes an example where chance does not meet the checks; `random` gives numbers in [0, 1) */
  readonly sample?: (random: () => number) => string;
}

/** Characters to the left in which a word of context counts. */
export const CONTEXT = 72;

// What the rules for secrets and personal data have in common, whether a whole text is at hand or a stream of it.
import type { Span } from "../finding.ts";

export type DataCategory = "secret" | "personal_data";

/** A datum found in a text. `kind` names it in placeholders and to the client (`email`, `aws_access_key`). */
export interface DataMatch extends Span {
  readonly rule: string;
  readonly category: DataCategory;
  readonly kind: string;
  /** where it has reached its maximum length, ends with the text, and may go on behind it */
  readonly growth?: Growth;
}

/**
 * How a datum goes on that counts as one before it has ended. Its beginning is no longer held, so what follows cannot be
 * searched for it again; and none of its rest may leave.
 */
export interface Growth {
  /** that many of the last characters belong to it only if what follows does not say otherwise */
  readonly undecided: number;
  /**
   * Takes the undecided characters once more and what follows them: so many of these belong to it, the newly undecided
   * ones included, and how it goes on then; null where it is over.
   */
  after(text: string): { readonly end: number; readonly growth: Growth | null };
}

/** A compiled set of rules. Both methods take time linear in the text, whatever the text. */
export interface DataDetector {
  /** Every datum in `text`, in order, none overlapping another. Text before `from` is context only: no match starts there. */
  find(text: string, from?: number): readonly DataMatch[];
  /**
   * Where text must be held back when more may follow: the smallest index from which `text` could still become, or
   * grow into, a match; `text.length` where no rule is in the middle of one. A partial match that has reached its rule's
   * maximum length is a match to `find`, so what is held is bounded by `maxHeld`.
   */
  openFrom(text: string, from?: number): number;
  /** characters that a live partial match may reach: the longest maximum of the rules */
  readonly maxHeld: number;
  /** characters to the left that rules look at (a keyword, a word boundary) */
  readonly maxContext: number;
}

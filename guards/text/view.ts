// A view: a text as a model might read it once a disguise is undone, with the way back to the original's offsets.
import type { Span } from "../finding.ts";

export interface View {
  /**
   * What was undone: `plain` for the text as it stands; `normalised`, `invisible`, `marks` or `confusables` for the base
   * view (the strongest of what was undone); a decoder's name (`base64`, `spaced`, …) otherwise; nested decoders are
   * joined in the order in which they were undone (`base64+hex`).
   */
  readonly name: string;
  /**
   * Well-formed UTF-16. A decoder's view holds what it decoded, in its place, with at most `context` characters of the
   * text on either side; what was left out between two such stretches is one line feed.
   */
  readonly text: string;
  /**
   * The span of the original that the view's offsets [start, end) came from: exact, or enclosing it. Always inside the
   * original; offsets outside the view are clamped.
   */
  spanOf(start: number, end: number): Span;
}

/** What bounds the views of one text. Every decoder stops at these, none fails. */
export interface ViewLimits {
  /** UTF-16 units of one view. Protects the guards behind: the base view of a longer text is cut off there. */
  readonly maxViewChars: number;
  /** Views of one text, the base view included. Protects the time budget: each view is judged once. */
  readonly maxViews: number;
  /** Of these, views of a decoder behind another. */
  readonly maxNestedViews: number;
  /** Units of all views but the base, as a multiple of the text. Protects against bombs of nested encodings. */
  readonly maxDecodedRatio: number;
  /** Units that are allowed in any case, so that a short text is decoded in full, decoys and all. */
  readonly minDecodedChars: number;
  /** Decoders behind one another (`base64+hex` is two). */
  readonly maxDepth: number;
  /** Unchanged units kept on either side of what a decoder changed. */
  readonly context: number;
}

export const DEFAULT_VIEW_LIMITS: ViewLimits = {
  maxViewChars: 4_194_304,
  maxViews: 48,
  maxNestedViews: 16,
  maxDecodedRatio: 3,
  minDecodedChars: 131_072,
  maxDepth: 3,
  context: 256,
};

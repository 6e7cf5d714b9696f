// The views of a text, made one at a time. Linear in the text: each decoder passes once over the base view, and once over
// each of the few views that it may nest in; the views' total length is bounded.
//
// Memory, in bytes a character of the text, beside the text itself: 2 for a base view that differs (4 while its second
// pass runs, 2 where it is Latin-1 1), 2 for a decoder's view and as much while it is joined, 1 for its bytes, 1 for its
// offsets, and a nested view the same again: 12 at most, and only between two calls of `next`. A megabyte of the worst
// text costs 12 MB for as long as one text is read; texts are read one after another.
import { ViewBuilder } from "./builder.ts";
import type { Decoder } from "./decoder.ts";
import { DECODERS, HIDDEN_DECODERS } from "./decoders/index.ts";
import { normalise } from "./normalise.ts";
import { type Scan, scan, TRAIT } from "./scan.ts";
import { DEFAULT_VIEW_LIMITS, type View, type ViewLimits } from "./view.ts";

/** What is left of a text's allowance. */
interface Budget {
  views: number;
  chars: number;
  /** of these, views and characters that nested decoders may take: decoys must not use up what others need */
  nestedViews: number;
  nestedChars: number;
}

/** A view that may be decoded further. */
interface Source {
  readonly view: View;
  readonly depth: number;
  readonly isFresh: ((start: number, end: number) => boolean) | null;
}

/**
 * Views of a text, one at a time: the base view first, always (named `plain` and equal to the text where there is
 * nothing to undo), then one view a decoder that finds something. Drop a view before asking for the next.
 * @returns whether all was decoded; false where the limits cut something off, which ordinary text never makes them do
 */
export function* views(text: string, limits: ViewLimits = DEFAULT_VIEW_LIMITS): Generator<View, boolean, undefined> {
  const base = normalise(text, limits);
  yield base;
  const chars = Math.max(limits.minDecodedChars, limits.maxDecodedRatio * text.length);
  const budget: Budget = {
    views: limits.maxViews - 1,
    chars,
    nestedViews: limits.maxNestedViews,
    nestedChars: chars / 2,
  };
  const scanned = scan(base.text);
  let whole = text.length <= limits.maxViewChars;
  if (base.text !== text || (scanned.traits & TRAIT.beyondAscii) !== 0) {
    const original: Source = { view: { name: "plain", text, spanOf: identical(text.length) }, depth: 0, isFresh: null };
    for (const decoder of HIDDEN_DECODERS)
      whole = (yield* decoded(decoder, original, scanned, limits, budget)) && whole;
  }
  return (yield* nested({ view: base, depth: 0, isFresh: null }, scanned, limits, budget)) && whole;
}

function* nested(
  source: Source,
  scanned: Scan,
  limits: ViewLimits,
  budget: Budget,
): Generator<View, boolean, undefined> {
  let whole = true;
  for (const decoder of DECODERS)
    if ((scanned.traits & decoder.traits) !== 0)
      whole = (yield* decoded(decoder, source, scanned, limits, budget)) && whole;
  return whole;
}

function* decoded(
  decoder: Decoder,
  { view, depth, isFresh }: Source,
  scanned: Scan,
  limits: ViewLimits,
  budget: Budget,
): Generator<View, boolean, undefined> {
  const deep = depth > 0;
  const left = deep ? Math.min(budget.chars, budget.nestedChars) : budget.chars;
  if (budget.views <= 0 || left <= 0 || (deep && budget.nestedViews <= 0)) return false;
  const maxChars = Math.min(limits.maxViewChars, Math.ceil(left));
  const builder = new ViewBuilder(view.text, { maxChars, context: limits.context }, isFresh);
  decoder.run(builder, view.text, scanned);
  const built = builder.finish();
  if (built === null) return true;
  const read = normalise(built.text, { ...limits, maxViewChars: maxChars });
  if (read.text === view.text) return true;
  budget.views--;
  budget.chars -= read.text.length;
  if (deep) {
    budget.nestedViews--;
    budget.nestedChars -= read.text.length;
  }
  const spanOf: View["spanOf"] = (start, end) => {
    const inner = read.spanOf(start, end);
    const outer = built.spanOf(inner.start, inner.end);
    return view.spanOf(outer.start, outer.end);
  };
  const name = deep ? `${view.name}+${decoder.name}` : decoder.name;
  const found: View = { name, text: read.text, spanOf };
  yield found;
  if (depth + 1 >= limits.maxDepth) return !builder.full;
  const isNew = (start: number, end: number) => {
    const inner = read.spanOf(start, end);
    return built.isFresh(inner.start, inner.end);
  };
  const inner = yield* nested({ view: found, depth: depth + 1, isFresh: isNew }, scan(found.text), limits, budget);
  return inner && !builder.full;
}

function identical(length: number): View["spanOf"] {
  const clamp = (at: number) => Math.max(0, Math.min(length, at));
  return (start, end) => ({ start: clamp(start), end: clamp(Math.max(start, end)) });
}

// The base view: what every guard reads first. Case is kept, and so is every honest letter.
import { type Built, ViewBuilder } from "./builder.ts";
import { compatibility } from "./compatibility.ts";
import { lookalikes } from "./lookalikes.ts";
import { DEFAULT_VIEW_LIMITS, type View, type ViewLimits } from "./view.ts";

/** What ASCII text may hold and stay as it is. */
const PLAIN = /^[\t\n\r -~]*$/;

/** The base view of a text: compatibility forms, invisible characters, stacked marks and look-alikes undone; case kept. */
export function normalise(text: string, limits: ViewLimits = DEFAULT_VIEW_LIMITS): View {
  if (text.length <= limits.maxViewChars && PLAIN.test(text)) return identity(text);
  const room = { maxChars: limits.maxViewChars };
  const first = new ViewBuilder(text.length > limits.maxViewChars ? cutOff(text, limits.maxViewChars) : text, room);
  const undone = compatibility(first, first.source);
  const plain = first.finish();
  const second = new ViewBuilder(plain?.text ?? first.source, room);
  const latin = lookalikes(second, second.source, undone.marks);
  const folded = second.finish();
  const name =
    latin || undone.styled
      ? "confusables"
      : undone.marks
        ? "marks"
        : undone.invisible
          ? "invisible"
          : plain !== null
            ? "normalised"
            : "plain";
  if (plain === null && folded === null) return identity(first.source);
  return { name, text: folded?.text ?? plain?.text ?? text, spanOf: through(plain, folded) };
}

function identity(text: string): View {
  const { length } = text;
  const clamp = (at: number) => Math.max(0, Math.min(length, at));
  return { name: "plain", text, spanOf: (start, end) => ({ start: clamp(start), end: clamp(Math.max(start, end)) }) };
}

function cutOff(text: string, chars: number): string {
  const unit = text.charCodeAt(chars);
  return text.slice(0, unit >= 0xdc00 && unit <= 0xdfff ? chars - 1 : chars);
}

/** Offsets of the second pass by way of the first. */
function through(first: Built | null, second: Built | null): View["spanOf"] {
  return (start, end) => {
    const middle = second === null ? { start, end } : second.spanOf(start, end);
    return first === null ? middle : first.spanOf(middle.start, middle.end);
  };
}

// Flags of a token, counted per block: they say whether a window is prose, a table, code, or shouting.
import { FLAG_FOREIGN, FLAG_LINE, FLAG_MARK, FLAG_NUMBER, FLAG_TITLE, FLAG_UPPER } from "./shape.ts";
import { LINE, MARK, NUMBER, TITLE, type Tokens, UPPER } from "./tokens.ts";

export function flagsOf(text: string, tokens: Tokens, at: number): number {
  const kind = tokens.kind[at];
  if (kind === LINE) return FLAG_LINE;
  if (kind === MARK) return FLAG_MARK;
  if (kind === NUMBER) return FLAG_NUMBER;
  const casing = tokens.casing[at];
  return (
    (casing === UPPER ? FLAG_UPPER : casing === TITLE ? FLAG_TITLE : 0) |
    (text.charCodeAt(tokens.start[at] ?? 0) > 127 ? FLAG_FOREIGN : 0)
  );
}

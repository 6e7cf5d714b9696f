// Text under a right-to-left override (U+202E) is shown in the reverse of the order in which it is stored.
import type { Decoder } from "../decoder.ts";

const OVERRIDE = "\u202e";
const MAX_ROW = 16_384;

export const bidi: Decoder = {
  name: "bidi",
  traits: -1,
  run(out, text) {
    for (let at = text.indexOf(OVERRIDE); at >= 0 && !out.full; at = text.indexOf(OVERRIDE, at)) {
      let end = at + 1;
      while (end < text.length && end - at < MAX_ROW && !isEnd(text.charCodeAt(end))) end++;
      const row = [...text.slice(at + 1, end)].reverse().join("");
      if (row.length > 1) out.replace(at, end, row.toWellFormed());
      at = Math.max(end, at + 1);
    }
  },
};

/** A pop, an isolate's end, another override, or the end of the paragraph. */
function isEnd(unit: number): boolean {
  return unit === 0x202c || unit === 0x2069 || unit === 0x202d || unit === 0x202e || unit === 10 || unit === 0x2029;
}

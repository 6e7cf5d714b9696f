// Percent-encoding (RFC 3986, section 2.1) and the plus signs of forms.
import { replaceTriples } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { nextMatch } from "../next-match.ts";
import { hexValue, isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";

const PERCENT = 0x25;
const PLUS = 0x2b;
/** Words joined by plus signs that count as a form's text; two are a sum. */
const MIN_PLUSES = 3;

export const url: Decoder = {
  name: "url",
  traits: TRAIT.percent | TRAIT.plus,
  run(out, text) {
    const lead = /[%+]/g;
    for (let at = nextMatch(lead, text, 0); at < text.length && !out.full; at = nextMatch(lead, text, at + 1)) {
      const unit = text.charCodeAt(at);
      if (unit === PERCENT && byteAt(text, at) >= 0) {
        let end = at;
        while (byteAt(text, end) >= 0) end += 3;
        replaceTriples(out, at, end, (byte) => byteAt(text, byte));
        at = end - 1;
      } else if (unit === PLUS && isLetter(text.charCodeAt(at - 1)) && isLetter(text.charCodeAt(at + 1))) {
        const end = chainEnd(text, at);
        if (end.pluses >= MIN_PLUSES)
          for (let plus = at; plus < end.at; plus++)
            if (text.charCodeAt(plus) === PLUS) out.replace(plus, plus + 1, " ");
        at = Math.max(at, end.at - 1);
      }
    }
  },
};

function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== PERCENT) return -1;
  const high = hexValue(text.charCodeAt(at + 1));
  const low = hexValue(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** Over letters and single plus signs. */
function chainEnd(text: string, start: number): { readonly at: number; readonly pluses: number } {
  let pluses = 0;
  let at = start;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isLetter(unit)) continue;
    if (unit !== PLUS || !isLetter(text.charCodeAt(at + 1))) break;
    pluses++;
  }
  return { at, pluses };
}

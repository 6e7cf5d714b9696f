// Quoted-printable (RFC 2045, section 6.7): `=69` for a byte, `=` at a line's end for no line end.
import { replaceTriples } from "../bytes.ts";
import type { Decoder } from "../decoder.ts";
import { hexValue } from "../readable.ts";
import { TRAIT } from "../scan.ts";

const EQUALS = 0x3d;
/** Fewer are settings and queries (`a=1F`). */
const MIN_BYTES = 4;

export const quotedPrintable: Decoder = {
  name: "quoted_printable",
  traits: TRAIT.quotedPrintable,
  run(out, text) {
    let count = 0;
    for (let at = text.indexOf("="); at >= 0 && count < MIN_BYTES; at = text.indexOf("=", at + 1))
      if (byteAt(text, at) >= 0x20) count++;
    if (count < MIN_BYTES) return;
    for (let at = text.indexOf("="); at >= 0 && !out.full; at = text.indexOf("=", at)) {
      let end = at;
      while (byteAt(text, end) >= 0x20) end += 3;
      if (end > at) {
        replaceTriples(out, at, end, (byte) => byteAt(text, byte));
      } else if (text.charCodeAt(at + 1) === 10) out.replace(at, at + 2, "");
      else if (text.startsWith("\r\n", at + 1)) out.replace(at, at + 3, "");
      at = Math.max(end, at + 1);
    }
  },
};

function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== EQUALS) return -1;
  const high = hexValue(text.charCodeAt(at + 1));
  const low = hexValue(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

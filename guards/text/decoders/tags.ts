// Text in tag characters (U+E0020 to U+E007E): shown by nothing, read by tokenizers as the ASCII they stand for.
import type { Decoder } from "../decoder.ts";

const MIN_CHARS = 3;
const PIECE = 512;
/** Unit of the high surrogate of all of them, and of the black flag that subdivisions' flags begin with. */
const HIGH = 0xdb40;
const FLAG = 0x1f3f4;
const FLAG_TAGS = 8;

export const tags: Decoder = {
  name: "tags",
  traits: -1,
  run(out, text) {
    for (let at = text.indexOf("\udb40"); at >= 0 && !out.full; at = text.indexOf("\udb40", at + 1)) {
      const end = rowEnd(text, at);
      const count = (end - at) / 2;
      if (count < MIN_CHARS || (count <= FLAG_TAGS && text.codePointAt(at - 2) === FLAG)) {
        at = Math.max(at, end - 1);
        continue;
      }
      for (let from = at; from < end; from += 2 * PIECE) {
        const to = Math.min(end, from + 2 * PIECE);
        let piece = from === at ? " " : "";
        for (let tag = from; tag < to; tag += 2) piece += String.fromCharCode(asciiAt(text, tag));
        out.replace(from, to, to === end ? `${piece} ` : piece);
      }
      at = end - 1;
    }
  },
};

function rowEnd(text: string, start: number): number {
  let at = start;
  while (asciiAt(text, at) > 0) at += 2;
  return at;
}

/** The character that a tag stands for, 0 for none; the end tag is a space. */
function asciiAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== HIGH) return 0;
  const tag = text.charCodeAt(at + 1) - 0xdc00;
  if (tag === 0x7f || tag === 1) return 0x20;
  return tag >= 0x20 && tag < 0x7f ? tag : 0;
}

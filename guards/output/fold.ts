// One form for characters that a reader takes for the same: case, width, compatibility forms, a few look-alikes.
// Characters nobody sees fold to nothing. One character at a time, so that a stream can be folded as it comes.

/** Zero-width characters, joiners, direction marks, soft hyphen, variation selectors. */
export const INVISIBLE =
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0";

const INVISIBLE_CHAR = new RegExp(`^[${INVISIBLE}\\u{e0000}-\\u{e0fff}]$`, "u");
const WORD_CHAR = /^[\p{L}\p{N}]+$/u;
const MARKS = /\p{M}+/gu;
const SEPARATOR = " ";
// Cyrillic and Greek letters that look like the Latin one behind each
const LOOKALIKES = new Map(
  Array.from(
    "\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0458j\u0455s\u04bbh\u0501d\u051bq\u051dw\u03b1a\u03bfo\u03c1p\u03bdv\u03b9i\u03bak\u03c4t\u03c5u".matchAll(
      /(.)(.)/gu,
    ),
    ([, from = "", to = ""]) => [from, to],
  ),
);

const memo = new Map<number, string>();
const ASCII: readonly string[] = Array.from({ length: 128 }, (_, code) => plainFold(String.fromCharCode(code)));

/**
 * The folded letters or digits of one code point: lower case, NFKC, without marks; "" for what no one sees, and null for
 * what separates (white space, punctuation, symbols).
 */
export function foldCodePoint(code: number): string | null {
  const folded = code < 128 ? (ASCII[code] as string) : remembered(code);
  return folded === SEPARATOR ? null : folded;
}

function remembered(code: number): string {
  const known = memo.get(code);
  if (known !== undefined) return known;
  const folded = plainFold(String.fromCodePoint(code));
  // bounded: a text of all of Unicode must not fill the isolate
  if (memo.size < 4096) memo.set(code, folded);
  return folded;
}

function plainFold(char: string): string {
  if (INVISIBLE_CHAR.test(char) || /^\p{M}$/u.test(char)) return tagged(char) ?? "";
  const folded = char.normalize("NFKC").toLowerCase().normalize("NFD").replace(MARKS, "").normalize("NFC");
  if (!WORD_CHAR.test(folded)) return SEPARATOR;
  return LOOKALIKES.get(folded) ?? folded;
}

/** Tag characters spell ASCII that no one sees and models read and write (U+E0020 to U+E007E). */
function tagged(char: string): string | null {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0xe0020 || code > 0xe007e) return null;
  return plainFold(String.fromCharCode(code - 0xe0000));
}

// Classes of UTF-16 units for the tokeniser, found once per unit and remembered.

export const SPACE = 1;
export const NEWLINE = 2;
export const LETTER = 3;
export const DIGIT = 4;
export const PUNCTUATION = 5;
/** scripts written without spaces: each character is a token of its own */
export const UNSPACED = 6;
export const SURROGATE = 7;
/** format characters that a reader does not see: skipped */
export const INVISIBLE = 8;

const classes = new Uint8Array(65536);

/** The class of a UTF-16 unit; looked up after the first time. */
export function classOf(unit: number): number {
  const known = classes[unit] ?? 0;
  if (known !== 0) return known;
  const found = judge(unit);
  classes[unit] = found;
  return found;
}

function judge(unit: number): number {
  if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) return NEWLINE;
  if (unit >= 0xd800 && unit <= 0xdfff) return SURROGATE;
  const character = String.fromCharCode(unit);
  if (/\s/u.test(character)) return SPACE;
  if (isUnspaced(unit)) return UNSPACED;
  if (/[\p{L}\p{M}]/u.test(character)) return LETTER;
  if (/\p{N}/u.test(character)) return DIGIT;
  if (/[\p{Cf}\p{Cc}]/u.test(character)) return INVISIBLE;
  return PUNCTUATION;
}

/** Thai, Lao, Myanmar, Khmer, kana, and the common Han blocks. */
function isUnspaced(unit: number): boolean {
  if (unit < 0x0e00) return false;
  return (
    (unit <= 0x0eff && unit !== 0x0e3f) ||
    (unit >= 0x1000 && unit <= 0x109f) ||
    (unit >= 0x1780 && unit <= 0x17ff) ||
    (unit >= 0x3040 && unit <= 0x30ff) ||
    (unit >= 0x3400 && unit <= 0x9fff) ||
    (unit >= 0xf900 && unit <= 0xfaff)
  );
}

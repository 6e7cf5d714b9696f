// What counts as a letter where a disguise puts something between letters: ASCII's, and any script's beyond it.

/** ASCII letter or digit, or a letter beyond ASCII (marks and signs of the ranges between count as such too). */
export function isWordSign(unit: number): boolean {
  if (unit < 0x80) return (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a);
  return isForeignLetter(unit);
}

/** Beyond ASCII and no punctuation, symbol, space or half of an emoji. */
export function isForeignLetter(unit: number): boolean {
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba;
  if (unit < 0x2000) return unit !== 0xd7 && unit !== 0xf7;
  return unit >= 0x2c00 && unit < 0xd800 ? unit >= 0x3040 || unit < 0x2e00 : unit >= 0xf900 && unit < 0xfe00;
}

/** For each letter of Latin-1 Supplement and Latin Extended-A from U+00C0 on, the ASCII letter that it bears; else `?`. */
const BARE = Array.from({ length: 0xc0 }, (_, at) => {
  const bare = String.fromCharCode(at + 0xc0)
    .normalize("NFD")
    .charAt(0);
  return /[a-zA-Z]/.test(bare) ? bare : at + 0xc0 === 0x131 ? "i" : "?";
}).join("");

/** An ASCII letter, or one with an accent. */
export function isLatinLetter(unit: number): boolean {
  if (unit < 0x80) return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
  return unit >= 0xc0 && unit < 0x180 && unit !== 0xd7 && unit !== 0xf7;
}

/** Latin letters without their accents, unit for unit. */
export function bareLetters(text: string): string {
  return text.replace(/[\u00c0-\u017f]/g, (letter) => BARE.charAt(letter.charCodeAt(0) - 0xc0));
}

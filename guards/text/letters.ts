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

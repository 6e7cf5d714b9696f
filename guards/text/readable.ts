// Is what a decoder produced a text that someone could have meant to hide? Random bytes hardly ever are.

/** Printable, well-formed and mostly letters, digits and spaces. @param minChars below which nothing is readable */
export function isReadable(text: string, minChars: number): boolean {
  const { length } = text;
  if (length < minChars) return false;
  let words = 0;
  let odd = 0;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (isWordUnit(unit)) words++;
    else if (unit < 0x20 ? unit !== 9 && unit !== 10 && unit !== 13 : unit >= 0x7f) odd++;
  }
  return odd * 20 <= length && words * 10 >= length * 6;
}

function isWordUnit(unit: number): boolean {
  if (unit < 0x80)
    return (
      unit === 0x20 || unit === 10 || (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a)
    );
  // letters of other scripts, and pairs; not C1 controls, not private use, not U+FFFD
  if (unit < 0xaa) return false;
  return unit < 0xe000 || (unit >= 0xf900 && unit < 0xfff0);
}

export function isLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** 0 to 15, or -1 */
export function hexValue(unit: number): number {
  if (isDigit(unit)) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

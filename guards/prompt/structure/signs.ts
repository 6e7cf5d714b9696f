// What a text holds of characters that carry no words, counted in one pass.

import { longestRow } from "./rows.ts";

export interface Signs {
  /** tag characters that are no part of a flag */
  readonly tags: number;
  /** variation selectors beyond one behind a character */
  readonly selectors: number;
  /** zero-width characters with an ASCII letter on both sides */
  readonly invisible: number;
  readonly overrides: number;
  /** marks beyond two on one letter */
  readonly marks: number;
  readonly unprintable: number;
  /** characters in the longest run of tokens of one character each */
  readonly oneCharacterRun: number;
}

const FLAG_LOW = 0xdff4;

export function countSigns(text: string): Signs {
  let tags = 0;
  let selectors = 0;
  let invisible = 0;
  let overrides = 0;
  let marks = 0;
  let unprintable = 0;
  let row = 0;
  let inFlag = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit < 0x300) {
      row = 0;
      inFlag = 0;
      if (unit >= 0x7f && unit < 0xa0) unprintable++;
      continue;
    }
    if (unit < 0x20) {
      row = 0;
      if (unit !== 9 && unit !== 10 && unit !== 13 && unit !== 12 && unit !== 27) unprintable++;
      continue;
    }
    if (unit === 0xdb40) {
      const low = text.charCodeAt(at + 1);
      at++;
      if (low >= 0xdd00) {
        if (++row > 1) selectors++;
      } else if (inFlag > 0 && inFlag < 8) inFlag++;
      else tags++;
      continue;
    }
    if (unit >= 0xfe00 && unit <= 0xfe0f) {
      if (++row > 1) selectors++;
      continue;
    }
    if (isMark(unit)) {
      if (++row > 2) marks++;
      continue;
    }
    row = 0;
    inFlag = unit === FLAG_LOW ? 1 : 0;
    if (unit === 0x202e || unit === 0x202d) overrides++;
    else if (isZeroWidth(unit)) {
      if (isLetter(text.charCodeAt(at - 1)) && isLetterAfter(text, at + 1)) invisible++;
    } else if ((unit >= 0xe000 && unit < 0xf900) || unit >= 0xfff0) unprintable++;
  }
  return { tags, selectors, invisible, overrides, marks, unprintable, oneCharacterRun: longestRow(text) };
}

function isMark(unit: number): boolean {
  return (unit >= 0x300 && unit <= 0x36f) || (unit >= 0x483 && unit <= 0x489) || (unit >= 0x20d0 && unit <= 0x20ff);
}

function isZeroWidth(unit: number): boolean {
  return (unit >= 0x200b && unit <= 0x200f) || (unit >= 0x2060 && unit <= 0x2064) || unit === 0xfeff;
}

function isLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}

function isLetterAfter(text: string, at: number): boolean {
  const next = text.charCodeAt(at);
  return isLetter(next) || isZeroWidth(next);
}

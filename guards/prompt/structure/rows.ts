// The longest run of tokens of one character each: signs without a letter or digit among them, or single letters.
import { isWordSign } from "../../text/letters.ts";

const MIN_SIGNS = 256;
const MIN_SINGLES = 128;
/** Rules and frames are drawn with few different signs. */
const MIN_KINDS = 9;
const SAMPLE = 512;

/** UTF-16 units of the longest such run, 0 where none is long enough to stuff a context with. */
export function longestRow(text: string): number {
  let longest = 0;
  let signsFrom = 0;
  let signs = 0;
  let singlesFrom = 0;
  let singles = 0;
  const close = (start: number, end: number, count: number, min: number): void => {
    if (count >= min && end - start > longest && new Set(text.slice(start, start + SAMPLE)).size >= MIN_KINDS)
      longest = end - start;
  };
  let token = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : 0x61;
    const blank = unit === 0x20;
    const last = at === text.length;
    if (!blank && (isWordSign(unit) || unit < 0x20 || isSurrogate(unit) || last)) {
      close(signsFrom, at, signs, MIN_SIGNS);
      signs = 0;
      signsFrom = at + 1;
    } else if (!blank) signs++;

    if (blank || last) {
      if (token === 1) singles++;
      if (token === 1 && !last) {
        token = 0;
        continue;
      }
      close(singlesFrom, at, singles, MIN_SINGLES);
      singles = 0;
      singlesFrom = at + 1;
      token = 0;
    } else token++;
  }
  return longest;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

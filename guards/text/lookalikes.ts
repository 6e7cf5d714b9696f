// The second pass of the base view: letters that only look Latin. A word is read as Latin where it mixes scripts and turns
// into ASCII altogether, or where all of it looks Latin in a text that has no honest word of that script. Russian and
// Greek stay as they are, and so do their words beside English ones.
import type { ViewBuilder } from "./builder.ts";
import { isForeignLetter } from "./letters.ts";
import { LATIN_LETTERS, LOOSE_LETTERS, STRICT_LETTERS } from "./lookalike-table.ts";
import { isLetter } from "./readable.ts";
import { isEnglish } from "./vocabulary.ts";

/** Share of a text's Latin letters that bear accents, more than any language's but Vietnamese, and letters to judge by:
 * more than a sentence has that was made to show all accents. */
const ACCENTED_SHARE = 0.38;
const MIN_LATIN = 40;
/** Accented letters in a word that no language asks for: three quarters of them, and three at least. */
const MIN_ACCENTED = 3;
const MAX_WORD = 64;
/** Accented words by which a text is judged. */
const MAX_JUDGED = 256;

/** What a unit is to a word, as bits, so that a word tells by one `or` what it is made of. */
const ASCII = 1;
const LATIN = 2;
const STRICT = 4;
const LOOSE = 8;
const ACCENTED = 16;
const OTHER = 32;
const SIGN = 64;
const KIND = new Uint8Array(0x10000);
for (let unit = 0x80; unit < 0x10000; unit++) if (isForeignLetter(unit)) KIND[unit] = OTHER;
for (let unit = 0xc0; unit < 0x1f00; unit++)
  if ((unit < 0x250 || unit >= 0x1e00) && KIND[unit] === OTHER) KIND[unit] = ACCENTED;
for (const [table, kind] of [
  [LOOSE_LETTERS, LOOSE],
  [STRICT_LETTERS, STRICT],
  [LATIN_LETTERS, LATIN],
] as const)
  for (const point of table.keys()) KIND[point] = kind | (isForeignLetter(point) ? 0 : SIGN);
for (let unit = 0; unit < 0x80; unit++) KIND[unit] = isLetter(unit) ? ASCII : 0;

/**
 * @param ornamented marks were stacked in it: no accent is trusted
 * @returns whether a word was read as Latin
 */
export function lookalikes(out: ViewBuilder, text: string, ornamented: boolean): boolean {
  const honest = hasHonestWords(text);
  const bare = ornamented || hasAccentedEnglish(text) || isAccentedThroughout(text);
  let found = false;
  eachForeignWord(text, (start, end, kinds) => {
    if (out.full) return false;
    if ((kinds & OTHER) !== 0 || (honest && (kinds & ~(STRICT | LOOSE)) === 0)) return true;
    const letters = text.slice(start, end);
    const latin = (kinds & ACCENTED) !== 0 ? unaccented(letters, bare) : asLatin(letters, kinds, honest);
    if (latin === null) return true;
    found = true;
    out.replace(start, end, latin);
    return true;
  });
  return found;
}

/** Words with a letter beyond ASCII, one after another. @param met false ends it */
function eachForeignWord(text: string, met: (start: number, end: number, kinds: number) => boolean): void {
  const { length } = text;
  let start = 0;
  let kinds = 0;
  for (let at = 0; at <= length; at++) {
    const kind = at < length ? (KIND[text.charCodeAt(at)] as number) : 0;
    if (kind !== 0 && at - start < MAX_WORD) {
      kinds |= kind;
      continue;
    }
    if (kinds > ASCII && !met(start, at, kinds)) return;
    kinds = kind;
    start = kind === 0 ? at + 1 : at;
  }
}

/** Is there a word of Cyrillic, Greek or Armenian that cannot be Latin? */
function hasHonestWords(text: string): boolean {
  let letters = 0;
  let unlike = 0;
  const first = text.search(/[\u0370-\u058f]/);
  for (let at = Math.max(0, first); first >= 0 && at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x370 || unit > 0x58f) continue;
    letters++;
    if (((KIND[unit] as number) & STRICT) === 0) unlike++;
  }
  return unlike > 0 && unlike * 8 >= letters;
}

function asLatin(word: string, kinds: number, honest: boolean): string | null {
  // a price (`€100`) and a lone sign are no words
  if ((kinds & ~(SIGN | LATIN)) === 0 && (kinds & SIGN) !== 0) return null;
  const mixed = (kinds & (ASCII | LATIN)) !== 0;
  if (!mixed && (honest || (kinds & LOOSE) !== 0)) return null;
  if ((kinds & LOOSE) !== 0 && word.length < 3) return null;
  let latin = "";
  for (const sign of word) {
    const point = sign.charCodeAt(0);
    latin += LATIN_LETTERS.get(point) ?? STRICT_LETTERS.get(point) ?? LOOSE_LETTERS.get(point) ?? sign;
  }
  return latin;
}

/** Accented words, most of which are English without their accents. */
function hasAccentedEnglish(text: string): boolean {
  let english = 0;
  let others = 0;
  if (!/[\u00c0-\u024f\u1e00-\u1eff]/.test(text)) return false;
  eachForeignWord(text, (start, end, kinds) => {
    if (end - start < 3 || (kinds & ACCENTED) === 0) return true;
    const bare = unaccented(text.slice(start, end), true);
    if (bare !== null && isEnglish(bare)) english++;
    else others++;
    return english + others <= MAX_JUDGED;
  });
  return english >= MIN_ACCENTED && english * 2 >= others;
}

function isAccentedThroughout(text: string): boolean {
  if (!/[\u00c0-\u024f\u1e00-\u1eff]/.test(text) || /[\u0111\u01a1\u01b0\u1ea0-\u1ef9]/.test(text)) return false;
  let latin = 0;
  let accented = 0;
  for (let at = 0; at < text.length; at++) {
    const kind = KIND[text.charCodeAt(at)] as number;
    if ((kind & (ASCII | ACCENTED)) === 0) continue;
    latin++;
    if (kind === ACCENTED) accented++;
  }
  return latin >= MIN_LATIN && accented >= latin * ACCENTED_SHARE;
}

/** `ígńórè`: an accent on most letters disguises, one here and there spells. */
function unaccented(word: string, always: boolean): string | null {
  const bare = word
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("\u0131", "i");
  if (bare.length !== word.length || !/^[a-zA-Z]+$/.test(bare)) return null;
  if (always) return bare;
  let accented = 0;
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) !== bare.charCodeAt(at)) accented++;
  return accented >= MIN_ACCENTED && accented * 4 >= word.length * 3 ? bare : null;
}

// One look at a text: which decoders could find anything in it. Ordinary text asks for none, so this is what a guard pays
// for every prompt: one table look-up or two a character, no allocation.
import { BACKWARDS, BIGRAMS, NO_LETTER } from "./bigrams.ts";
import { isForeignLetter } from "./letters.ts";
import { isWord } from "./vocabulary.ts";

/** Bits that `scan` may set. Each is a suspicion only: the decoder looks again and decides. */
export const TRAIT = {
  /** a run of 12 and more of base64's characters */
  long: 1,
  /** tokens of one letter in a row, or letters with a mark between each two */
  singles: 2,
  /** tokens of numbers or hexadecimal in a row */
  codes: 4,
  percent: 8,
  entity: 16,
  backslash: 32,
  quotedPrintable: 64,
  /** letters and digits (or signs that stand for letters) in one word */
  leet: 128,
  morse: 256,
  /** letters in an order that no language has */
  gibberish: 512,
  /** letters that would be likelier in the reverse order */
  backwards: 1024,
  /** words that are not known, and may be pieces */
  cut: 2048,
  beyondAscii: 4096,
  plus: 8192,
  /** capitals behind small letters */
  humps: 16384,
  /** lines of one word or two in a row */
  lines: 32768,
  /** tokens of one length in a row, as base64 is cut */
  pieces: 65536,
  /** long stretches without a blank */
  marked: 131072,
  /** set for every text: for a decoder whose own first look is one search of the engine */
  always: 262144,
} as const;

const LETTER = 1;
const DIGIT = 2;
const JOINER = 4;
const HEX = 8;
const MORSE = 16;
const SPACE = 32;
const LEET_SIGN = 64;
const UPPER = 128;

const CLASS = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  const sign = String.fromCharCode(unit);
  CLASS[unit] =
    (/[a-zA-Z]/.test(sign) ? LETTER : 0) |
    (/[A-Z]/.test(sign) ? UPPER : 0) |
    (/\d/.test(sign) ? DIGIT : 0) |
    (/[+/_=-]/.test(sign) ? JOINER : 0) |
    (/[0-9a-fA-F]/.test(sign) ? HEX : 0) |
    (/[.\-/| ]/.test(sign) ? MORSE : 0) |
    (/\s/.test(sign) ? SPACE : 0) |
    (/[@$!|+(]/.test(sign) ? LEET_SIGN : 0);
}

/** Scores of bigrams.ts at which a stretch stands out: some 14 letters of a cipher, 18 of reversed text. */
const GIBBERISH_AT = 80;
const BACKWARDS_AT = 80;
const SINGLES = 5;
const CODES = 5;
const LONG = 12;
/** characters between two pieces of a word */
const MAX_GAP = 8;
const MORSE_LONG = 14;
const HUMPS = 4;
const LINES = 4;
const PIECES = 4;
/** characters without a blank between */
const MARKED = 20;

/** Both scores of a pair in one look-up. */
const PAIRS = Int16Array.from(BIGRAMS, (score, pair) => (score << 8) | ((BACKWARDS[pair] as number) & 255));

export interface Scan {
  /** bits of `TRAIT` */
  readonly traits: number;
  /** start and end, in turn, of runs of base64's alphabet that are long enough to hold something */
  readonly long: readonly number[];
  /** start and end, in turn, of stretches without a blank that are long enough to hold a sentence */
  readonly solid: readonly number[];
  /** starts of words that may be the first piece of one that was cut, in order */
  readonly cuts: readonly number[];
}

export function scan(text: string): Scan {
  const long: number[] = [];
  const cuts: number[] = [];
  const solid: number[] = [];
  let traits: number = TRAIT.always;
  let seen = 0;
  let letter = NO_LETTER;
  let gibberish = 0;
  let backwards = 0;
  let token = 0;
  let letters = 0;
  let digits = 0;
  let joiners = 0;
  let nonHex = 0;
  let singles = 0;
  let codes = 0;
  let gap = 0;
  let morse = 0;
  let morseSigns = 0;
  let before = 0;
  let foreign = 0;
  let foreignSingles = 0;
  let lastStart = -1;
  let lastEnd = 0;
  let humps = 0;
  let lines = 0;
  let lineTokens = 0;
  let pieces = 0;
  let lastToken = 0;
  let blank = 0;
  const { length } = text;
  for (let at = 0; at <= length; at++) {
    const unit = at < length ? text.charCodeAt(at) : 32;
    // other scripts, the short way: nothing of what follows is open
    if (unit >= 128 && token === 0 && letter === NO_LETTER && isForeignLetter(unit)) {
      traits |= TRAIT.beyondAscii;
      foreign++;
      morse = morseSigns = before = 0;
      gap++;
      continue;
    }
    const kind = unit < 128 ? (CLASS[unit] as number) : 0;
    if (unit >= 128) {
      traits |= TRAIT.beyondAscii;
      if (isForeignLetter(unit)) foreign++;
    }
    if (foreign > 0 && (unit < 128 || !isForeignLetter(unit))) {
      foreignSingles = foreign === 1 ? foreignSingles + 1 : 0;
      if (foreignSingles >= SINGLES) traits |= TRAIT.singles;
      foreign = 0;
    }

    const next = (kind & LETTER) !== 0 ? (unit | 0x20) - 0x61 : NO_LETTER;
    if (letter !== NO_LETTER || next !== NO_LETTER) {
      const pair = PAIRS[letter * 27 + next] as number;
      gibberish -= (pair >> 8) + 1;
      if (gibberish < 0) gibberish = 0;
      else if (gibberish > GIBBERISH_AT) traits |= TRAIT.gibberish;
      backwards += ((pair << 24) >> 24) - 1;
      if (backwards < 0) backwards = 0;
      else if (backwards > BACKWARDS_AT) traits |= TRAIT.backwards;
      letter = next;
    }

    if ((kind & MORSE) !== 0) {
      morse++;
      if (unit === 0x2d || unit === 0x2e) morseSigns++;
      if (morse >= MORSE_LONG && morseSigns >= 8) traits |= TRAIT.morse;
    } else morse = morseSigns = 0;

    if ((kind & (LETTER | DIGIT | JOINER)) !== 0) {
      if (token === 0 && gap > 4) singles = codes = 0;
      token++;
      if ((kind & LETTER) !== 0) {
        letters++;
        if ((kind & UPPER) !== 0 && (before & (LETTER | UPPER)) === LETTER) humps++;
      } else if ((kind & DIGIT) !== 0) digits++;
      else joiners++;
      if ((kind & (HEX | JOINER)) === 0) nonHex++;
      gap = 0;
    } else {
      if (token > 0) {
        const start = at - token;
        if (token >= LONG && letters + digits >= token * 0.5) {
          long.push(start, at);
          traits |= TRAIT.long;
        }
        singles = token === 1 && joiners === 0 ? singles + 1 : 0;
        if (singles >= SINGLES || (joiners >= 4 && letters + digits <= joiners + 1 && letters > 2))
          traits |= TRAIT.singles;
        codes = nonHex === 0 || (digits > 0 && nonHex <= 1 && token <= 10) ? codes + 1 : 0;
        if (codes >= CODES || (joiners >= 4 && digits > joiners)) traits |= TRAIT.codes;
        if (digits > 0 && letters > 1) traits |= TRAIT.leet;
        // a cut word has a piece that is no word; it, or the one before it, comes first
        if (letters > 0 && (letters < token ? joiners > 0 : !isWord(text, start, at))) {
          if (lastStart >= 0 && start - lastEnd <= MAX_GAP) cuts.push(lastStart);
          cuts.push(start);
          lastStart = -1;
          lastEnd = at;
        } else if (letters + digits > 0) {
          // a plus sign or a dash alone stands between pieces
          lastStart = letters === token ? start : -1;
          lastEnd = at;
        }
        pieces = token === lastToken && (token & 3) === 0 ? pieces + 1 : 1;
        if (pieces >= PIECES) traits |= TRAIT.pieces;
        lastToken = token;
        lineTokens++;
        token = letters = digits = joiners = nonHex = 0;
      }
      gap++;
      if (unit === 10) {
        // an empty line says nothing
        if (lineTokens > 0) lines = lineTokens <= 2 ? lines + 1 : 0;
        if (lines >= LINES) traits |= TRAIT.lines;
        lineTokens = 0;
      }
      if ((kind & SPACE) !== 0) {
        if (at - blank >= MARKED) {
          solid.push(blank, at);
          traits |= TRAIT.marked;
        }
        blank = at + 1;
      }
      if ((kind & LEET_SIGN) !== 0 && (before & LETTER) !== 0) traits |= TRAIT.leet;
      if ((kind & SPACE) === 0) seen |= signBit(unit);
    }
    before = kind;
  }
  if ((seen & 1) !== 0) traits |= TRAIT.percent;
  if ((seen & 2) !== 0) traits |= TRAIT.entity;
  if ((seen & 4) !== 0) traits |= TRAIT.backslash;
  if (text.includes("=") && /=[0-9A-F]{2}/.test(text)) traits |= TRAIT.quotedPrintable;
  if (text.includes("+")) traits |= TRAIT.plus;
  if (cuts.length > 0) traits |= TRAIT.cut;
  if (humps >= HUMPS) traits |= TRAIT.humps;
  return { traits, long, solid, cuts };
}

function signBit(unit: number): number {
  if (unit === 0x25) return 1;
  if (unit === 0x26) return 2;
  return unit === 0x5c ? 4 : 0;
}

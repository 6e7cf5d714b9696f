// Text written backwards: from its end (`snoitcurtsni suoiverp lla erongi`), or each word by itself.
import { BACKWARDS, fluency } from "../bigrams.ts";
import type { Decoder } from "../decoder.ts";
import { isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { type PairScore, stretches, widened } from "../stretches.ts";
import { isWord, knownShare } from "../vocabulary.ts";

/** A stretch longer than this is turned round in pieces. */
const MAX_PIECE = 16_384;
const SAMPLE = 400;
const FLUENT = 2;
const BETTER = 3;
/** As for ciphers: how a language without known words must read and for how long, and the share of them otherwise. */
const LANGUAGE = 4;
const LONG = 80;
const KNOWN = 0.4;
const GAIN: PairScore = { cells: BACKWARDS, sign: 1, bias: -1 };
const GAIN_AT = 50;
const MAX_GAP = 8;
const MAX_LETTERS = 32;

export const reversedDecoders: readonly Decoder[] = [
  decoder("reversed", reverse),
  decoder("reversed_words", (line) => line.replace(/[\p{L}\p{M}\p{N}]{2,64}/gu, reverse)),
];

function decoder(name: string, turn: (line: string) => string): Decoder {
  return {
    name,
    traits: TRAIT.backwards | TRAIT.cut | TRAIT.beyondAscii,
    run(out, text, { traits }) {
      if (marksLead(text)) {
        for (let from = 0; from < text.length && !out.full; from += MAX_PIECE)
          out.replace(from, from + MAX_PIECE, turn(text.slice(from, from + MAX_PIECE)).toWellFormed());
        return;
      }
      if ((traits & TRAIT.backwards) === 0) return;
      let done = 0;
      for (const found of stretches(text, GAIN, GAIN_AT)) {
        if (out.full) return;
        if (found.start < done || !isBackwards(text, found.start, found.end)) continue;
        const wide = widened(text, found, GAIN, done);
        const start = onBackwards(text, wide.start, done);
        const end = onForwards(text, wide.end);
        for (let from = start; from < end; from += MAX_PIECE) {
          const to = Math.min(end, from + MAX_PIECE);
          out.replace(from, to, turn(text.slice(from, to)).toWellFormed());
        }
        done = end;
      }
    },
  };
}

/** Words of a text that tell by their marks, in whatever language, and the longest such text. */
const MIN_TOKENS = 5;
const MAX_TOLD = 4096;
const LEADING = /(?:^|\s)[.,;!?\u060c\u0964]{1,3}[\p{L}\p{M}]{3}/u;
const TRAILING = /[\p{L}\p{M}]{2}[.,;:!?\u060c\u0964\u3002]{1,3}(?:[\s"')]|$)/u;
const CAPITAL_FIRST = /(?<![\p{L}\p{N}])\p{Lu}\p{Ll}/gu;
const CAPITAL_LAST = /\p{Ll}\p{Lu}(?![\p{L}\p{N}])/gu;

/** Marks that end a sentence stand before words and none behind, and capitals, if any, at the ends of words. */
function marksLead(text: string): boolean {
  if (text.length > MAX_TOLD || !LEADING.test(text) || TRAILING.test(text)) return false;
  const first = text.match(CAPITAL_FIRST)?.length ?? 0;
  const last = text.match(CAPITAL_LAST)?.length ?? 0;
  if (last <= first && /\p{Lu}|\p{Script=Han}/u.test(text)) return false;
  return (text.match(/\S+/g)?.length ?? 0) >= MIN_TOKENS;
}

/** Words beside a stretch that are looked at, and of these the ones in a row that may tell nothing. */
const MAX_WORDS = 64;
const MAX_SILENT = 3;

/** How far the words before `start` are, read from their ends, known rather than as they stand. @param from not before */
function onBackwards(text: string, start: number, from: number): number {
  let first = start;
  for (let at = start, words = 0, silent = 0; at > from && words < MAX_WORDS && silent < MAX_SILENT; words++) {
    let end = at;
    while (end > from && at - end < MAX_GAP && !isLetter(text.charCodeAt(end - 1))) end--;
    at = end;
    while (at > from && end - at < MAX_LETTERS && isLetter(text.charCodeAt(at - 1))) at--;
    const told = tells(text, at, end);
    if (told < 0) break;
    silent = told === 0 ? silent + 1 : 0;
    if (told > 0) first = at;
  }
  return first;
}

/** So too behind `end`. */
function onForwards(text: string, end: number): number {
  let last = end;
  for (let at = end, words = 0, silent = 0; at < text.length && words < MAX_WORDS && silent < MAX_SILENT; words++) {
    let start = at;
    while (start < text.length && start - at < MAX_GAP && !isLetter(text.charCodeAt(start))) start++;
    at = start;
    while (at < text.length && at - start < MAX_LETTERS && isLetter(text.charCodeAt(at))) at++;
    const told = tells(text, start, at);
    if (told < 0) break;
    silent = told === 0 ? silent + 1 : 0;
    if (told > 0) last = at;
  }
  return last;
}

/** 1 for a word that is one backwards only, -1 for one that is one as it stands only. */
function tells(text: string, start: number, end: number): number {
  if (end - start < 2) return end === start ? -1 : 0;
  return (isWord(reverse(text.slice(start, end))) ? 1 : 0) - (isWord(text, start, end) ? 1 : 0);
}

function isBackwards(text: string, start: number, end: number): boolean {
  const sample = text.slice(start, Math.min(end, start + SAMPLE));
  const same = (letter: number) => letter;
  const turned = reverse(sample);
  const after = fluency(turned, 0, sample.length, same);
  if (after < FLUENT || after < fluency(sample, 0, sample.length, same) + BETTER) return false;
  // `do not need` reads both ways; a language that is unknown both ways is told by its letters
  const known = knownShare(turned);
  if (known < 2 * knownShare(sample)) return false;
  return (after >= LANGUAGE && sample.length >= LONG) || known >= KNOWN;
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}

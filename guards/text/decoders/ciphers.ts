// Letters exchanged one for one: rot13, the other shifts (Caesar), and the alphabet turned round (atbash). A stretch that
// reads like no language is tried; what reads better with the letters exchanged is decoded.
import { BIGRAMS, fluency } from "../bigrams.ts";
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { type PairScore, stretches } from "../stretches.ts";
import { unitsText } from "../units-text.ts";
import { knownShare } from "../vocabulary.ts";

/** Units of a stretch by which it is judged, and that are replaced at once. */
const SAMPLE = 400;
const PIECE = 2048;
/** Mean scores (fifths of a bit a pair): what counts as language, and how much better than before it must read. */
const FLUENT = 1.5;
const BETTER = 6;
/** What a language that has no words here must read like, and for how long; the share of known words otherwise. */
const LANGUAGE = 3;
const LONG = 80;
const KNOWN = 0.4;
/** Sums of scores at which a stretch stands out: of pairs that no language has, and of pairs that an exchange betters. */
const GIBBERISH: PairScore = { cells: BIGRAMS, sign: -1, bias: -1 };
const GIBBERISH_AT = 60;
const BETTER_AT = 50;
/** Stretches by which the shift of a text is guessed. */
const MAX_GUESSES = 16;

type Exchange = (letter: number) => number;

/** What commonest letters a shift would have to lead back to: log2 of the frequency over chance, times 8. */
const FREQUENCY = [
  8, -10, -3, 0, 14, -6, -7, 4, 7, -40, -22, 1, -4, 6, 8, -7, -40, 5, 6, 10, -4, -14, -7, -36, -6, -48,
];

const ROT13 = shift(13);
const ATBASH: Exchange = (letter) => 25 - letter;
const ROT13_GAIN = gainOf(ROT13);
const ATBASH_GAIN = gainOf(ATBASH);

export const cipherDecoders: readonly Decoder[] = [
  decoder("rot13", (out, text) => exchangeIn(out, text, ROT13, ROT13_GAIN)),
  decoder("caesar", (out, text) => {
    const exchange = likeliestShift(text);
    if (exchange !== null) exchangeIn(out, text, exchange, gainOf(exchange));
  }),
  decoder("atbash", (out, text) => exchangeIn(out, text, ATBASH, ATBASH_GAIN)),
];

function decoder(name: string, run: Decoder["run"]): Decoder {
  return { name, traits: TRAIT.gibberish, run };
}

function shift(by: number): Exchange {
  return (letter) => (letter + 26 - by) % 26;
}

/** For each pair, what it scores exchanged, less what it scores as it stands. */
function gainOf(exchange: Exchange): PairScore {
  const to = (letter: number) => (letter < 26 ? exchange(letter) : letter);
  const cells = BIGRAMS.map(
    (score, pair) => (BIGRAMS[to(Math.floor(pair / 27)) * 27 + to(pair % 27)] as number) - score,
  );
  return { cells, sign: 1, bias: -1 };
}

function exchangeIn(out: ViewBuilder, text: string, exchange: Exchange, gain: PairScore): void {
  for (const { start, end } of stretches(text, gain, BETTER_AT)) {
    if (out.full) return;
    if (readsBetter(text, start, Math.min(end, start + SAMPLE), exchange)) replace(out, text, start, end, exchange);
  }
}

function readsBetter(text: string, start: number, end: number, exchange: Exchange): boolean {
  const after = fluency(text, start, end, exchange);
  if (after < FLUENT || after < fluency(text, start, end, (letter) => letter) + BETTER) return false;
  // chance makes something fluent of a stretch of names and hashes, but hardly words, nor for long
  return (after >= LANGUAGE && end - start >= LONG) || knownShare(exchanged(text, start, end, exchange)) >= KNOWN;
}

/** The shift that makes one of the first odd stretches read like language, rot13 left to its own decoder. */
function likeliestShift(text: string): Exchange | null {
  let guesses = 0;
  for (const { start, end } of stretches(text, GIBBERISH, GIBBERISH_AT)) {
    const sampleEnd = Math.min(end, start + SAMPLE);
    const found = shiftsByFrequency(text, start, sampleEnd).find((by) =>
      readsBetter(text, start, sampleEnd, shift(by)),
    );
    if (found !== undefined) return shift(found);
    if (++guesses >= MAX_GUESSES) return null;
  }
  return null;
}

/** The shifts by which the letters' frequencies fit best. */
function shiftsByFrequency(text: string, start: number, end: number): readonly number[] {
  const counts = new Array<number>(26).fill(0);
  for (let at = start; at < end; at++) {
    const letter = (text.charCodeAt(at) | 0x20) - 0x61;
    if (letter >= 0 && letter < 26) counts[letter] = (counts[letter] ?? 0) + 1;
  }
  const fits = Array.from({ length: 25 }, (_, at) => {
    const by = at + 1;
    const fit = counts.reduce((sum, count, letter) => sum + count * (FREQUENCY[(letter + 26 - by) % 26] ?? 0), 0);
    return { by, fit };
  });
  return fits
    .filter(({ by }) => by !== 13)
    .sort((a, b) => b.fit - a.fit)
    .slice(0, 8)
    .map(({ by }) => by);
}

function replace(out: ViewBuilder, text: string, start: number, end: number, exchange: Exchange): void {
  for (let from = start; from < end; from += PIECE) {
    const to = Math.min(end, from + PIECE);
    out.replace(from, to, exchanged(text, from, to, exchange));
  }
}

function exchanged(text: string, start: number, end: number, exchange: Exchange): string {
  const units = new Uint16Array(end - start);
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    units[at - start] = isLetter(unit) ? exchange((unit | 0x20) - 0x61) + 0x61 - (~unit & 0x20) : unit;
  }
  return unitsText(units);
}

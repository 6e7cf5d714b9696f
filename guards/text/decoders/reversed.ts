// Text written backwards: from its end (`snoitcurtsni suoiverp lla erongi`), or each word by itself.
import { BACKWARDS, fluency } from "../bigrams.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { type PairScore, stretches, widened } from "../stretches.ts";
import { knownShare } from "../vocabulary.ts";

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

export const reversedDecoders: readonly Decoder[] = [
  decoder("reversed", reverse),
  decoder("reversed_words", (line) => line.replace(/[\p{L}\p{N}]{2,64}/gu, reverse)),
];

function decoder(name: string, turn: (line: string) => string): Decoder {
  return {
    name,
    traits: TRAIT.backwards,
    run(out, text) {
      let done = 0;
      for (const found of stretches(text, GAIN, GAIN_AT)) {
        if (out.full) return;
        if (found.start < done || !isBackwards(text, found.start, found.end)) continue;
        const { start, end } = widened(text, found, GAIN, done);
        for (let from = start; from < end; from += MAX_PIECE) {
          const to = Math.min(end, from + MAX_PIECE);
          out.replace(from, to, turn(text.slice(from, to)).toWellFormed());
        }
        done = end;
      }
    },
  };
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

// Stretches of a text in which a score per pair of letters adds up: where a cipher begins and where it ends.
import { NO_LETTER } from "./bigrams.ts";

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a pair of letters scores (27 × 27, as in bigrams.ts): `sign` times its cell, and `bias`. */
export interface PairScore {
  readonly cells: Int8Array;
  readonly sign: 1 | -1;
  /** below zero, so that ordinary text sums downwards */
  readonly bias: number;
}

/** Words looked at on either side when a stretch is widened, and what they may cost together. */
const MAX_WIDER = 24;
const MAX_COST = 30;
/** Cost up to which a word is still taken in, and the most that a short one, which says little, may cost. */
const SETTLED = 12;
const SHORT = 4;

/** Maximal stretches whose scores sum to `threshold` and more, from word to word. One pass. */
export function* stretches(text: string, score: PairScore, threshold: number): Generator<Stretch> {
  let letter = NO_LETTER;
  let sum = 0;
  let best = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at <= text.length; at++) {
    const next = letterAt(text, at);
    if (letter === NO_LETTER && next === NO_LETTER) continue;
    sum += score.sign * (score.cells[letter * 27 + next] as number) + score.bias;
    letter = next;
    if (sum > best) {
      best = sum;
      end = at;
    }
    if (sum > 0 && sum > best - threshold) continue;
    if (best >= threshold) yield onWords(text, start, end);
    sum = 0;
    best = 0;
    start = at;
    end = at;
  }
  if (best >= threshold) yield onWords(text, start, end);
}

/** Moves both ends to the borders of words: a word belongs to a stretch that holds half of it. */
function onWords(text: string, start: number, end: number): Stretch {
  const first = wordStart(text, start);
  const firstEnd = wordEnd(text, first);
  const from = start - first > firstEnd - start ? wordStart(text, firstEnd) : first;
  const last = wordEnd(text, end);
  const lastStart = wordStart(text, Math.max(0, last - 1));
  let to = last;
  if (end - lastStart < last - end) for (to = lastStart; to > from && letterAt(text, to - 1) === NO_LETTER; ) to--;
  return { start: Math.min(from, to), end: to };
}

/** A stretch with the words beside it that score no worse than a short word may. @param from not before this offset */
export function widened(text: string, { start, end }: Stretch, score: PairScore, from: number): Stretch {
  let first = start;
  let cost = 0;
  for (let word = 0, at = start; word < MAX_WIDER && cost <= MAX_COST; word++) {
    let wordEndsAt = at;
    while (wordEndsAt > from && at - wordEndsAt < 4 && letterAt(text, wordEndsAt - 1) === NO_LETTER) wordEndsAt--;
    const wordStartsAt = wordStart(text, wordEndsAt - 1);
    if (wordStartsAt < from || wordStartsAt >= wordEndsAt || letterAt(text, wordStartsAt) === NO_LETTER) break;
    cost = Math.max(0, cost + costOf(text, wordStartsAt, wordEndsAt, score));
    at = wordStartsAt;
    if (cost <= SETTLED) first = at;
  }
  let last = end;
  cost = 0;
  for (let word = 0, at = end; word < MAX_WIDER && cost <= MAX_COST; word++) {
    let next = at;
    while (next < text.length && next - at < 4 && letterAt(text, next) === NO_LETTER) next++;
    const wordEndsAt = wordEnd(text, next);
    if (wordEndsAt === next) break;
    cost = Math.max(0, cost + costOf(text, next, wordEndsAt, score));
    at = wordEndsAt;
    if (cost <= SETTLED) last = at;
  }
  return { start: first, end: last };
}

/** What a word takes from the sum; below zero where it adds. */
function costOf(text: string, start: number, end: number, { cells, sign, bias }: PairScore): number {
  let letter = NO_LETTER;
  let sum = 0;
  for (let at = start; at <= end; at++) {
    const next = at < end ? letterAt(text, at) : NO_LETTER;
    sum += sign * (cells[letter * 27 + next] as number) + bias;
    letter = next;
  }
  return end - start <= SHORT ? Math.min(SETTLED, -sum) : -sum;
}

function letterAt(text: string, at: number): number {
  const letter = at >= 0 && at < text.length ? (text.charCodeAt(at) | 0x20) - 0x61 : -1;
  return letter >= 0 && letter < 26 ? letter : NO_LETTER;
}

/** Start of the word at `at`, or of the next one where there is none. */
function wordStart(text: string, at: number): number {
  let start = Math.max(0, at);
  while (start < text.length && letterAt(text, start) === NO_LETTER) start++;
  while (start > 0 && at - start < 32 && letterAt(text, start - 1) !== NO_LETTER) start--;
  return start;
}

function wordEnd(text: string, at: number): number {
  let end = Math.min(at, text.length);
  while (end < text.length && end - at < 32 && letterAt(text, end) !== NO_LETTER) end++;
  return end;
}

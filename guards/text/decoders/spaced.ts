// Words whose letters stand apart: `i g n o r e`, `i.g.n.o.r.e`, `i-g-n-o-r-e a-l-l`, with a longer gap, another mark, or
// nothing at all between words.
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { bareLetters, isWordSign } from "../letters.ts";
import { isDigit } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { segment, unknownCost } from "../segment.ts";

/** Letters in a row that are worth joining: fewer are initials and lists of options. */
const MIN_LETTERS = 5;
/** characters between two letters, and between two words */
const MAX_GAP = 8;
/** Letters that are cut into words at once, where nothing marks their ends. */
const MAX_JOINED = 4096;
/** Letters that are no single word, though gaps part words; half bits a letter up to which such are cut. */
const TOO_LONG = 24;
const FLUENT = 5.6;

export const spaced: Decoder = {
  name: "spaced",
  traits: TRAIT.singles,
  run(out, text) {
    for (let at = 0; at < text.length && !out.full; at++) {
      if (!isSingle(text, at)) continue;
      const row = rowFrom(text, at);
      if (row.spoken) join(out, text, at, row.end);
      // read or not, a row is walked once
      at = row.end;
    }
  },
};

/** A letter with none beside it. */
function isSingle(text: string, at: number): boolean {
  if (!isWordSign(text.charCodeAt(at))) return false;
  return !(at > 0 && isWordSign(text.charCodeAt(at - 1))) && !isWordSign(text.charCodeAt(at + 1));
}

function nextSingle(text: string, at: number): number {
  let next = at + 1;
  while (next < text.length && next - at <= MAX_GAP && !isWordSign(text.charCodeAt(next))) next++;
  return next < text.length && next - at <= MAX_GAP && isSingle(text, next) ? next : -1;
}

/** A row of single letters, and whether there is enough of it. */
function rowFrom(text: string, start: number): { readonly end: number; readonly spoken: boolean } {
  let letters = 0;
  let count = 0;
  let at = start;
  for (let next = start; next >= 0; next = nextSingle(text, at)) {
    at = next;
    count++;
    if (!isDigit(text.charCodeAt(at))) letters++;
  }
  return { end: at + 1, spoken: letters >= MIN_LETTERS && letters * 2 >= count };
}

function join(out: ViewBuilder, text: string, start: number, end: number): void {
  const { usual, parted, isInner } = gapsOf(text, start, end);
  let word = "";
  let wordStart = start;
  for (let at = start; at >= 0 && at < end; ) {
    word += text.charAt(at);
    const next = nextSingle(text, at);
    const last = next < 0 || next >= end;
    const gap = last ? "" : text.slice(at + 1, next);
    // a gap of another kind than the one between letters ends a word
    if (last || !isInner(gap) || word.length >= MAX_JOINED) {
      out.replace(wordStart, last ? end : next, spelled(word, parted) + (last ? "" : marksIn(gap, usual)));
      word = "";
      wordStart = next;
    }
    at = last ? -1 : next;
  }
}

interface Gaps {
  /** between letters: the commoner of the first few, the shorter of equals */
  readonly usual: string;
  /** longer ones part words */
  readonly parted: boolean;
  /** between letters of a word: the usual one, or, where marks change from letter to letter, any mark without a blank */
  readonly isInner: (gap: string) => boolean;
}

/** Kinds of marks between letters at which it is not the mark that says where a word ends. */
const MIN_KINDS = 3;

function gapsOf(text: string, start: number, end: number): Gaps {
  const counts = new Map<string, number>();
  for (let at = start, seen = 0; seen < 32; seen++) {
    const next = nextSingle(text, at);
    if (next < 0 || next >= end) break;
    const gap = text.slice(at + 1, next);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
    at = next;
  }
  let best = "";
  let most = 0;
  for (const [gap, count] of counts)
    if (count > most || (count === most && gap.length < best.length)) [best, most] = [gap, count];
  const kinds = [...counts.keys()];
  const marks = kinds.filter((gap) => gap.length === 1 && gap.trim() !== "");
  const parted = kinds.some((gap) => gap !== best && gap.trim() === "");
  const isMark = (gap: string) => gap.length === 1 && gap.trim() !== "";
  const marked = marks.reduce((sum, gap) => sum + (counts.get(gap) ?? 0), 0);
  if (marks.length >= MIN_KINDS && marked > most) return { usual: "", parted: true, isInner: isMark };
  return { usual: best, parted, isInner: (gap) => gap === best };
}

/** What stands between two words, without the gaps around it: `. ` of `-.- -`. */
function marksIn(gap: string, usual: string): string {
  let marks = "";
  // letters one below the other: no line is one
  if (usual === "\n") return /[^\s]/.test(gap) ? `${gap.replace(/\s+/g, "")} ` : " ";
  for (let at = 0; at < gap.length; ) {
    if (gap.startsWith(usual, at)) at += usual.length;
    if (at < gap.length) marks += gap.charAt(at++);
  }
  return marks === "" || usual.trim() === marks.trim() ? " " : marks;
}

/** Letters whose words nothing parts, cut into words. @param parted gaps part words: what looks like one is one */
function spelled(word: string, parted: boolean): string {
  if (parted && word.length <= TOO_LONG) return word;
  return word.replace(/[A-Za-z\u00c0-\u017f]{4,}/g, (letters) => {
    const { text, known, cost } = segment(bareLetters(letters), letters);
    if (letters.length > TOO_LONG) return known * 10 >= letters.length * 6 ? text : letters;
    if (parted && cost > letters.length * FLUENT) return letters;
    return cost * 4 <= unknownCost(letters.length) * 3 ? text : letters;
  });
}

// Words that are no words as they stand, in a row and by one rule: letters in disorder (`perivuos`), vowels left out
// (`prvs`), every letter twice, one slip each, pig Latin (`eviouspray`). Looked for only where many words are unknown, and
// done only where one rule makes most of them known: a text of names, or in another language, is neither.
import type { Span } from "../../finding.ts";
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { isWordSign } from "../letters.ts";
import { oneSlip, unscrambled, withVowels } from "../nearest.ts";
import { nextMatch } from "../next-match.ts";
import { isLetter } from "../readable.ts";
import { TRAIT } from "../scan.ts";
import { isEnglish, isWord } from "../vocabulary.ts";

type Rule = (word: string) => string | null;

/** In the order in which they are tried: the surest first. */
const RULES: readonly Rule[] = [once, piggish, withoutVowels, inDisorder, slipped];

/** Words by which a group is judged. */
const MAX_SAMPLE = 24;
/** Characters between one unknown word of a group and the next: most of its words are unknown, or every second. */
const MAX_BETWEEN = 40;
/** Different words of a group, and of these the ones that one rule makes known: in number and share. */
const MIN_WORDS = 4;
const SHARE = 0.6;
const MIN_LETTERS = 3;
const MAX_LETTERS = 28;

export const misspelt: Decoder = {
  name: "misspelt",
  traits: TRAIT.cut,
  run(out, text, { cuts }) {
    if (cuts.length < MIN_WORDS) return;
    let group: Span[] = [];
    for (const word of unknownWords(text, cuts)) {
      if (out.full) return;
      if (word.start - (group.at(-1)?.end ?? 0) > MAX_BETWEEN) {
        respell(out, text, group);
        group = [];
      }
      group.push(word);
      // a long one is judged anew as it goes on
      if (group.length < MAX_GROUP) continue;
      respell(out, text, group);
      group = [];
    }
    respell(out, text, group);
  },
};

const MAX_GROUP = 512;

function respell(out: ViewBuilder, text: string, group: readonly Span[]): void {
  const rule = group.length < MIN_WORDS ? null : ruleOf(text, group);
  if (rule === null) return;
  for (const { start, end } of group) {
    const word = text.slice(start, end);
    const known = rule(word.toLowerCase());
    if (known === null) continue;
    out.replace(start, end, /^[A-Z]/.test(word) ? known.charAt(0).toUpperCase() + known.slice(1) : known);
  }
}

/** The rule by which most of a group's first words are known ones. */
function ruleOf(text: string, group: readonly Span[]): Rule | null {
  const different = new Set<string>();
  for (const { start, end } of group) {
    // a capital begins a name more often than a sentence
    const word = text.slice(start, end);
    if (word === word.toLowerCase()) different.add(word);
    if (different.size >= MAX_SAMPLE) break;
  }
  if (different.size < MIN_WORDS) return null;
  const sample = [...different];
  const wanted = Math.max(MIN_WORDS, SHARE * sample.length);
  for (const rule of RULES) {
    let known = 0;
    for (let at = 0; at < sample.length && known + sample.length - at >= wanted; at++)
      if (rule(sample[at] as string) !== null) known++;
    if (known >= wanted) return rule;
  }
  return null;
}

/** Words of ASCII letters alone that the list does not hold, and that are no part of a name, a path or a program. */
function* unknownWords(text: string, cuts: readonly number[]): Generator<Span> {
  const other = /[^A-Za-z]/g;
  for (const start of cuts) {
    const end = nextMatch(other, text, start);
    if (end - start < MIN_LETTERS || end - start > MAX_LETTERS) continue;
    if (!isLetter(text.charCodeAt(start)) || isInName(text, start, end) || isWord(text, start, end)) continue;
    yield { start, end };
  }
}

function isInName(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end);
  if (isWordSign(after) || /[_/\\@\-=(<#`]/.test(text.charAt(end))) return true;
  if (after === 0x2e && isWordSign(text.charCodeAt(end + 1))) return true;
  return start > 0 && /[_/\\@\-=.<#`$]/.test(text.charAt(start - 1));
}

/** `iiggnnoorree` */
function once(word: string): string | null {
  if (word.length % 2 === 1) return null;
  let single = "";
  for (let at = 0; at < word.length; at += 2) {
    if (word.charCodeAt(at) !== word.charCodeAt(at + 1)) return null;
    single += word.charAt(at);
  }
  return single.length >= 3 || isEnglish(single) ? single : null;
}

/** `eviouspray`, `ignoreway`: what was in front stands before `ay`. */
function piggish(word: string): string | null {
  if (!word.endsWith("ay")) return null;
  const moved = word.slice(0, -2);
  for (let lead = 1; lead <= 4 && lead < moved.length; lead++) {
    const tail = moved.slice(-lead);
    if (/[aeiou]/.test(tail.slice(1))) break;
    const made = tail + moved.slice(0, -lead);
    if (isEnglish(made)) return made;
    // `way` and `yay` behind a word that begins with a vowel
    if (lead === 1 && /[wyh]/.test(tail) && isEnglish(moved.slice(0, -1))) return moved.slice(0, -1);
  }
  return null;
}

function withoutVowels(word: string): string | null {
  return /[aeiou]/.test(word.slice(1, -1)) ? null : withVowels(word);
}

/** Short words are near too many others. */
function inDisorder(word: string): string | null {
  return word.length < 4 ? null : unscrambled(word);
}

function slipped(word: string): string | null {
  return word.length < 4 ? null : oneSlip(word);
}

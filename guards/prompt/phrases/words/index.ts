// The words of all languages, as the lexicon is made from them. No text is asked for its language: a phrase of one, word
// by word, is as rare in all others.
import type { Words } from "../classes.ts";
import { ENGLISH } from "./english.ts";
import { DUTCH, FINNISH, GERMAN, NORDIC } from "./germanic.ts";
import { MARKS } from "./marks.ts";
import { GREEK, HUNGARIAN, INDONESIAN, TURKISH } from "./others.ts";
import { FRENCH, ITALIAN, PORTUGUESE, ROMANIAN, SPANISH } from "./romance.ts";
import { CZECH, POLISH, RUSSIAN, UKRAINIAN } from "./slavic.ts";
import { ARABIC, HINDI, PERSIAN } from "./southern.ts";
import { CHINESE, JAPANESE } from "./unspaced.ts";

export const WORDS: readonly Words[] = [
  MARKS,
  ENGLISH,
  GERMAN,
  DUTCH,
  NORDIC,
  FINNISH,
  FRENCH,
  SPANISH,
  ITALIAN,
  PORTUGUESE,
  ROMANIAN,
  RUSSIAN,
  UKRAINIAN,
  POLISH,
  CZECH,
  HUNGARIAN,
  GREEK,
  TURKISH,
  INDONESIAN,
  ARABIC,
  PERSIAN,
  HINDI,
  CHINESE,
  JAPANESE,
];

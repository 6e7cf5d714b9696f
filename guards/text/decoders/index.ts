// All decoders, in the order in which their views come: the surest and most read by models first, since views are few.
import type { Decoder } from "../decoder.ts";
import { ascii85, uuencode } from "./ascii85.ts";
import { base32 } from "./base32.ts";
import { base64 } from "./base64.ts";
import { bidi } from "./bidi.ts";
import { braille } from "./braille.ts";
import { calls } from "./calls.ts";
import { cipherDecoders } from "./ciphers.ts";
import { escapes } from "./escapes.ts";
import { hex } from "./hex.ts";
import { html } from "./html.ts";
import { joined } from "./joined.ts";
import { leetspeak } from "./leet.ts";
import { letterNumbers } from "./letter-numbers.ts";
import { markedWords } from "./marked-words.ts";
import { markup } from "./markup.ts";
import { misspelt } from "./misspelt.ts";
import { mixedCase } from "./mixed-case.ts";
import { morse } from "./morse.ts";
import { numberDecoders } from "./numbers.ts";
import { quotedPrintable } from "./quoted-printable.ts";
import { reversedDecoders } from "./reversed.ts";
import { reversedHan } from "./reversed-han.ts";
import { rot47 } from "./rot47.ts";
import { selectors } from "./selectors.ts";
import { spaced } from "./spaced.ts";
import { spellingAlphabet } from "./spelling-alphabet.ts";
import { split } from "./split.ts";
import { tags } from "./tags.ts";
import { upsideDown } from "./upside-down.ts";
import { url } from "./url.ts";
import { wordLines } from "./word-lines.ts";
import { zeroWidth } from "./zero-width.ts";

/** Run on the original, where that is not ASCII: what they read is gone from the base view. */
export const HIDDEN_DECODERS: readonly Decoder[] = [tags, selectors, zeroWidth, bidi, upsideDown];

/** Run on the base view, and on what others decoded. */
export const DECODERS: readonly Decoder[] = [
  base64,
  hex,
  ...numberDecoders,
  escapes,
  html,
  url,
  ...cipherDecoders,
  ...reversedDecoders,
  reversedHan,
  spaced,
  leetspeak,
  split,
  joined,
  morse,
  quotedPrintable,
  base32,
  braille,
  mixedCase,
  wordLines,
  markedWords,
  markup,
  misspelt,
  rot47,
  calls,
  letterNumbers,
  spellingAlphabet,
  ascii85,
  uuencode,
];

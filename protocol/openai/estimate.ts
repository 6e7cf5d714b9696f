// The prompt's size in tokens before any tokenizer saw it: what a reservation holds until the backend reports usage.
// Meant to be slightly high. English prose has 4 to 4.5 bytes a token in current vocabularies, CJK and Cyrillic 3 to 4,
// code about 3.5; digits are counted apart, since several vocabularies spend a token on each. What is denser still
// (base64, rare scripts) comes out low, by up to half; settlement corrects it with the real usage.
import type { PromptText } from "./text-of.ts";

const BYTES_PER_TOKEN = 3.5;
const TOKENS_PER_DIGIT = 0.5;
/** role and separators that a chat template puts around a message */
const TOKENS_PER_MESSAGE = 8;
/** name, braces and keywords around a tool's definition */
const TOKENS_PER_TOOL = 16;
/** the template's own opening, and the header of the answer */
const TOKENS_PER_REQUEST = 8;

export interface PromptShape {
  readonly texts: Iterable<PromptText>;
  readonly messages: number;
  readonly tools: number;
  readonly images: number;
  /** prompt tokens that one image counts as, from policy */
  readonly imageTokens: number;
  /** tokens that came as numbers (embeddings) */
  readonly tokenNumbers?: number;
}

/** Whole tokens, at least 1. Linear in the characters. */
export function estimatePromptTokens(shape: PromptShape): number {
  let tokens = TOKENS_PER_REQUEST + shape.messages * TOKENS_PER_MESSAGE + shape.tools * TOKENS_PER_TOOL;
  for (const { text, view } of shape.texts) if (view !== true) tokens += textTokens(text);
  return Math.ceil(tokens + shape.images * shape.imageTokens + (shape.tokenNumbers ?? 0));
}

/** The estimate of one text, not rounded: for output that a backend did not count. */
export function textTokens(text: string): number {
  let bytes = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      if (unit >= 0x30 && unit <= 0x39) digits++;
      else bytes++;
      continue;
    }
    // half of a surrogate pair is two of the four bytes
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes / BYTES_PER_TOKEN + digits * TOKENS_PER_DIGIT;
}

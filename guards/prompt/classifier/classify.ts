// The classifier's door: a text and who wrote it in, a score and the blocks that earned it out. Pure: the same text and
// weights give the same score everywhere. Only its cache of word vectors is remembered, and that holds no text.
import type { Span } from "../../finding.ts";
import { readBlocks } from "./blocks.ts";
import { judgeBlocks } from "./head.ts";
import { BLOCK, UNTRUSTED, USER } from "./shape.ts";
import { TokenCache } from "./token-cache.ts";
import { type Tokens, tokensOf } from "./tokens.ts";
import type { Weights } from "./weights-format.ts";

/** `user`: a person's own words to the model. `untrusted`: what a tool, a file, a page or a mail brought in. */
export type ClassifierRole = "user" | "untrusted";

export interface ScoredSpan extends Span {
  readonly score: number;
}

export interface Classification {
  /** 0 to 1; 0.5 is the point at which a text should be blocked in its role (see `CLASSIFIER_THRESHOLDS`) */
  readonly score: number;
  /** the blocks at or above `SPAN_FLOOR`, strongest first, at most `MAX_SPANS`; offsets into the text given */
  readonly spans: readonly ScoredSpan[];
}

export const MAX_SPANS = 8;
/** Blocks below this score are no evidence worth naming. */
export const SPAN_FLOOR = 0.2;

export class Classifier {
  readonly weights: Weights;
  readonly #cache: TokenCache;

  constructor(weights: Weights) {
    this.weights = weights;
    this.#cache = new TokenCache(weights);
  }

  /** Reads the whole text, linear in its length. An empty text scores 0. `tokens` are the text's own, where they are made. */
  classify(text: string, role: ClassifierRole, tokens: Tokens = tokensOf(text)): Classification {
    if (tokens.count === 0) return { score: 0, spans: [] };
    const index = role === "user" ? USER : UNTRUSTED;
    const blocks = readBlocks(text, tokens, this.weights, this.#cache);
    const logits = judgeBlocks(blocks, tokens, this.weights, index);
    const offset = this.weights.offset[index] as number;
    const spans: ScoredSpan[] = [];
    let best = -Infinity;
    logits.forEach((logit, block) => {
      best = Math.max(best, logit);
      const score = scoreOf(logit - offset);
      if (score >= SPAN_FLOOR) spans.push({ ...blockSpan(tokens, block), score });
    });
    spans.sort((a, b) => b.score - a.score);
    return { score: scoreOf(best - offset), spans: spans.slice(0, MAX_SPANS) };
  }

  /** The largest logit, before calibration; for training and measurement. */
  logit(text: string, role: ClassifierRole): number {
    const tokens = tokensOf(text);
    if (tokens.count === 0) return -Infinity;
    const blocks = readBlocks(text, tokens, this.weights, this.#cache);
    return judgeBlocks(blocks, tokens, this.weights, role === "user" ? USER : UNTRUSTED).reduce((a, b) =>
      Math.max(a, b),
    );
  }
}

/** Offsets of a block. */
export function blockSpan(tokens: Tokens, block: number): Span {
  const last = Math.min(tokens.count, (block + 1) * BLOCK) - 1;
  return { start: tokens.start[block * BLOCK] ?? 0, end: tokens.end[last] ?? 0 };
}

function scoreOf(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}

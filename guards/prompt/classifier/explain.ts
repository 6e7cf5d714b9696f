// Why a text got its score: the block with the highest one, and the stretches around it that moved the score most. Slower
// than classifying (it reads the block again); for `screen --explain` and for logs.
import type { Span } from "../../finding.ts";
import { readBlocks } from "./blocks.ts";
import { blockSpan, type Classifier, type ClassifierRole } from "./classify.ts";
import { blockInput, judgeBlocks, slopes } from "./head.ts";
import { BLOCK, FILTERS, GROUPS, INPUTS, REACH, SURROUND, UNTRUSTED, USER } from "./shape.ts";
import { TokenCache } from "./token-cache.ts";
import { type Tokens, tokensOf } from "./tokens.ts";

export interface Evidence extends Span {
  /** `classifier.filter-N`: the pattern that answered; stable within one release of the weights */
  readonly rule: string;
  /** what it added to the logit; negative speaks for innocence */
  readonly weight: number;
}

export interface Explanation {
  readonly window: Span | null;
  readonly score: number;
  /** strongest first */
  readonly evidence: readonly Evidence[];
}

const MOST_EVIDENCE = 8;

export function explain(classifier: Classifier, text: string, role: ClassifierRole): Explanation {
  const { weights } = classifier;
  const tokens = tokensOf(text);
  if (tokens.count === 0) return { window: null, score: 0, evidence: [] };
  const index = role === "user" ? USER : UNTRUSTED;
  const cache = new TokenCache(weights);
  const blocks = readBlocks(text, tokens, weights, cache);
  const logits = judgeBlocks(blocks, tokens, weights, index);
  const block = logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
  const input = new Float32Array(INPUTS);
  blockInput(blocks, block, index, input);
  const slope = slopes(input, weights, index);
  const evidence: Evidence[] = [];
  cache.reserve((1 + 2 * SURROUND) * BLOCK + 2 * REACH);
  for (let filter = 0; filter < FILTERS; filter++) {
    const near = (slope[filter] as number) * (input[filter] as number);
    const around = (slope[FILTERS + filter] as number) * (input[FILTERS + filter] as number);
    const weight = near + around;
    if (weight === 0) continue;
    const span = strongest(text, tokens, Math.max(0, block - SURROUND), block + 1 + SURROUND, filter, cache);
    evidence.push({ rule: `classifier.filter-${filter}`, weight, ...span });
  }
  evidence.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const margin = (logits[block] as number) - (weights.offset[index] as number);
  return {
    window: blockSpan(tokens, block),
    score: 1 / (1 + Math.exp(-margin)),
    evidence: evidence.slice(0, MOST_EVIDENCE),
  };
}

/** Where in blocks [first, end) a filter answered strongest: the span of the tokens that it saw there. */
function strongest(
  text: string,
  tokens: Tokens,
  firstBlock: number,
  endBlock: number,
  filter: number,
  cache: TokenCache,
): Span {
  let first = 0;
  let product = 0;
  let group = GROUPS[0] as { width: number; filters: number };
  for (group of GROUPS) {
    if (filter < first + group.filters) break;
    first += group.filters;
    product += group.width * group.filters;
  }
  const half = group.width >> 1;
  const from = firstBlock * BLOCK;
  const to = Math.min(tokens.count, endBlock * BLOCK);
  let best = -Infinity;
  let place = from;
  for (let at = from; at < to; at++) {
    let sum = 0;
    for (let offset = 0; offset < group.width; offset++) {
      const token = at + offset - half;
      if (token < 0 || token >= tokens.count) continue;
      const slot = cache.slotOf(text, tokens, token);
      sum += cache.values[slot + product + offset * group.filters + filter - first] as number;
    }
    if (sum <= best) continue;
    best = sum;
    place = at;
  }
  const start = Math.max(0, place - half);
  const end = Math.min(tokens.count - 1, place + half);
  return { start: tokens.start[start] ?? 0, end: tokens.end[end] ?? 0 };
}

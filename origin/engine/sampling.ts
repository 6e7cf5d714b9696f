// How a token is chosen: the client's wish, else what the publisher signed, else greedily.
import { randomInt } from "node:crypto";
import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { Manifest } from "../../r2-models/manifest.ts";
import type { SamplingWish } from "./engine.ts";

/** Tokens that a publisher's repeat penalty looks back on. */
const REPEAT_WINDOW = 64;
/** Tokens that OpenAI's penalties look back on; theirs is the whole answer, this bounds the engine's memory. */
const PENALTY_WINDOW = 1024;

/** @param made the tokens of this answer, growing */
export function samplingOf(
  wish: SamplingWish,
  recommended: Manifest["sampling"],
  made: readonly Token[],
): SequenceEvaluateOptions {
  const presencePenalty = wish.presencePenalty ?? 0;
  const frequencyPenalty = wish.frequencyPenalty ?? 0;
  const asked = presencePenalty !== 0 || frequencyPenalty !== 0;
  const penalty = recommended?.repeat_penalty ?? 1;
  const window = asked ? PENALTY_WINDOW : REPEAT_WINDOW;
  const options: SequenceEvaluateOptions = {
    temperature: wish.temperature ?? recommended?.temperature ?? 0,
    topP: wish.topP ?? recommended?.top_p ?? 1,
    // the library's defaults of 40 and none are not OpenAI's
    topK: 0,
    minP: 0,
    seed: (wish.seed ?? randomInt(2 ** 32 - 1)) >>> 0,
  };
  if (!asked && penalty === 1) return options;
  return {
    ...options,
    repeatPenalty: {
      punishTokens: () => made.slice(-window),
      maxPunishTokens: window,
      penalty,
      frequencyPenalty,
      presencePenalty,
    },
  };
}

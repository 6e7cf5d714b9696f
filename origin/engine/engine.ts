// What a model's engine is to the server: prompts in, tokens counted exactly, text out as it is made, and an end on
// demand. The server knows no more of node-llama-cpp than this.
import type { ServedModel } from "../messages.ts";

export interface ChatTurn {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

/** What a client asked for; absent fields take the publisher's recommendation, else the engine's default. */
export interface SamplingWish {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
}

export interface GenerateRequest {
  readonly turns: readonly ChatTurn[];
  /** null: as far as the context reaches */
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  readonly sampling: SamplingWish;
}

/** `stop`: the model ended, or a stop text came up; `length`: the limit or the context's end. */
export type FinishReason = "stop" | "length";

export interface GenerateEnd {
  readonly finishReason: FinishReason;
  /** tokens that the model read, template included */
  readonly promptTokens: number;
  /** tokens that the model made, those of a stop text included, the end-of-turn token not */
  readonly completionTokens: number;
}

export interface EmbedResult {
  /** of length 1 each */
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}

export interface Engine {
  readonly model: ServedModel;
  /**
   * Hands out text as it is made, never an empty one. `emit` does not wait: a slow reader would hold the engine that
   * others queue for.
   * @throws EngineRefusal before the first text; the signal's reason once it fires
   */
  generate(request: GenerateRequest, signal: AbortSignal, emit: (text: string) => void): Promise<GenerateEnd>;
  /** @throws EngineRefusal; the signal's reason once it fires */
  embed(texts: readonly string[], signal: AbortSignal): Promise<EmbedResult>;
  dispose(): Promise<void>;
}

/** Why an engine took no request. */
export type EngineRefusalReason = "queue_full" | "waited_too_long" | "too_long" | "roles" | "empty" | "no_embeddings";

export class EngineRefusal extends Error {
  readonly reason: EngineRefusalReason;
  /** index of the input at fault, where one is */
  readonly index: number | null;
  constructor(reason: EngineRefusalReason, index: number | null = null) {
    super(`the engine takes no such request: ${reason}`);
    this.name = "EngineRefusal";
    this.reason = reason;
    this.index = index;
  }
}

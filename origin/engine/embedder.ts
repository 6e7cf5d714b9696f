// Embeddings from the same model: the hidden state after the text's last token (a causal model's only one that has seen
// all of it), or what the file's own pooling says, scaled to length 1.
import type { LlamaEmbeddingContext, LlamaModel, Token } from "node-llama-cpp";
import { type EmbedResult, EngineRefusal } from "./engine.ts";

export class Embedder {
  readonly #model: LlamaModel;
  readonly #context: LlamaEmbeddingContext;
  readonly #maxTokens: number;

  constructor(model: LlamaModel, context: LlamaEmbeddingContext, maxTokens: number) {
    this.#model = model;
    this.#context = context;
    this.#maxTokens = maxTokens;
  }

  static async create(model: LlamaModel, contextTokens: number, threads: number): Promise<Embedder> {
    // the whole text is one batch here: a pooled vector needs all of it at once
    const context = await model.createEmbeddingContext({
      contextSize: contextTokens,
      batchSize: contextTokens,
      threads,
    });
    return new Embedder(model, context, contextTokens);
  }

  /** @throws EngineRefusal `empty` or `too_long`, with the text's index */
  prepare(texts: readonly string[]): readonly Token[][] {
    return texts.map((text, index) => {
      const tokens = this.#model.tokenize(text, false);
      if (tokens.length === 0) throw new EngineRefusal("empty", index);
      // beginning and end of the text may each get a token of their own
      if (tokens.length + 2 >= this.#maxTokens) throw new EngineRefusal("too_long", index);
      return tokens;
    });
  }

  async run(inputs: readonly Token[][], signal: AbortSignal): Promise<EmbedResult> {
    const vectors: number[][] = [];
    let promptTokens = 0;
    for (const tokens of inputs) {
      signal.throwIfAborted();
      // a copy each: the library adds the text's beginning and end to the array that it is given
      promptTokens += this.#context.calculateInputLength([...tokens]);
      const { vector } = await this.#context.getEmbeddingFor([...tokens]);
      vectors.push(unit(vector));
    }
    return { vectors, promptTokens };
  }

  async dispose(): Promise<void> {
    await this.#context.dispose();
  }
}

function unit(vector: readonly number[]): number[] {
  let square = 0;
  for (const x of vector) square += x * x;
  const length = Math.sqrt(square);
  return length === 0 ? [...vector] : vector.map((x) => x / length);
}

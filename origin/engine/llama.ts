// node-llama-cpp behind the Engine interface. One context of one sequence a model, one request at a time for the whole
// process; the sequence is emptied between requests, since a prefix kept from one tenant's prompt would answer another's
// faster and so tell that it was there.
import type { Llama, LlamaContext, LlamaModel, Token } from "node-llama-cpp";
import { artifactId, type Manifest } from "../../r2-models/manifest.ts";
import { LoadFailure } from "../failure.ts";
import { faultOf, log } from "../log.ts";
import type { OriginModel, ServedModel } from "../messages.ts";
import { Embedder } from "./embedder.ts";
import { type Engine, EngineRefusal, type FinishReason, type GenerateEnd, type GenerateRequest } from "./engine.ts";
import { type Prompter, prompterOf } from "./prompt.ts";
import type { EngineQueue } from "./queue.ts";
import { samplingOf } from "./sampling.ts";
import { StopFilter } from "./stop-filter.ts";
import { TokenText } from "./token-text.ts";

/** Prompt tokens evaluated between two looks at the signal. */
const PROMPT_SLICE = 128;

export interface LlamaEngineInput {
  readonly llama: Llama;
  /** verified plain file */
  readonly path: string;
  readonly manifest: Manifest;
  readonly wanted: OriginModel;
  readonly threads: number;
  /** shared by all engines of the process: they share its cores */
  readonly queue: EngineQueue;
}

/** Starts the native library: prebuilt, on the CPU; nothing is compiled or downloaded. */
export async function startLlama(threads: number): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  return await getLlama({
    gpu: false,
    build: "never",
    maxThreads: threads,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    // its words may quote the model file; that something was said is enough
    logger: (level) => log("engine_log", { level }),
  });
}

/** @throws LoadFailure `engine_failed` */
export async function loadLlamaEngine(input: LlamaEngineInput): Promise<Engine> {
  try {
    const model = await input.llama.loadModel({ modelPath: input.path, gpuLayers: 0 });
    const contextSize = Math.min(input.wanted.context_tokens, model.trainContextSize);
    const context = await model.createContext({ contextSize, sequences: 1, threads: input.threads });
    const embedder = input.wanted.embeddings ? await Embedder.create(model, contextSize, input.threads) : null;
    return new LlamaEngine(input, model, context, contextSize, embedder);
  } catch (error) {
    log("engine_failed", { model: artifactId(input.manifest), fault: faultOf(error) });
    throw new LoadFailure("engine_failed");
  }
}

class LlamaEngine implements Engine {
  readonly model: ServedModel;
  readonly #manifest: Manifest;
  readonly #queue: EngineQueue;
  readonly #llama: LlamaModel;
  readonly #context: LlamaContext;
  readonly #sequence: ReturnType<LlamaContext["getSequence"]>;
  readonly #contextTokens: number;
  readonly #embedder: Embedder | null;
  readonly #prompter: Prompter;

  constructor(
    { manifest, queue }: LlamaEngineInput,
    model: LlamaModel,
    context: LlamaContext,
    contextTokens: number,
    embedder: Embedder | null,
  ) {
    this.model = {
      name: manifest.name,
      version: manifest.version,
      digest: manifest.plain.digest,
      context_tokens: contextTokens,
      embeddings: embedder !== null,
    };
    this.#manifest = manifest;
    this.#queue = queue;
    this.#llama = model;
    this.#context = context;
    this.#sequence = context.getSequence();
    this.#contextTokens = contextTokens;
    this.#embedder = embedder;
    this.#prompter = prompterOf(model);
  }

  async generate(request: GenerateRequest, signal: AbortSignal, emit: (text: string) => void): Promise<GenerateEnd> {
    const prompt = this.#prompter.tokensOf(request.turns);
    const room = this.#contextTokens - prompt.length;
    // at least one token must fit behind the prompt
    if (room < 1) throw new EngineRefusal("too_long");
    const limit = Math.min(request.maxTokens ?? room, room);
    const release = await this.#queue.acquire(signal);
    try {
      return await this.#run(prompt, limit, request, signal, emit);
    } finally {
      await this.#sequence.clearHistory().catch((error) => log("clear_failed", { fault: faultOf(error) }));
      release();
    }
  }

  async #run(
    prompt: readonly Token[],
    limit: number,
    request: GenerateRequest,
    signal: AbortSignal,
    emit: (text: string) => void,
  ): Promise<GenerateEnd> {
    let at = 0;
    for (; at + PROMPT_SLICE < prompt.length; at += PROMPT_SLICE) {
      await this.#sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, at + PROMPT_SLICE));
      signal.throwIfAborted();
    }
    const made: Token[] = [];
    const text = new TokenText(this.#llama, prompt);
    const filter = new StopFilter(request.stop);
    const send = (out: string): void => {
      if (out !== "") emit(out);
    };
    let finishReason: FinishReason = "stop";
    const options = samplingOf(request.sampling, this.#manifest.sampling, made);
    for await (const token of this.#sequence.evaluate(prompt.slice(at), options)) {
      signal.throwIfAborted();
      if (this.#prompter.stopTokens.has(token)) break;
      made.push(token);
      send(filter.push(text.push(token)));
      if (filter.stopped) break;
      if (made.length < limit) continue;
      finishReason = "length";
      break;
    }
    send(filter.push(text.flush()));
    send(filter.flush());
    // a stop text can also be completed by what was held back
    if (filter.stopped) finishReason = "stop";
    return { finishReason, promptTokens: prompt.length, completionTokens: made.length };
  }

  async embed(texts: readonly string[], signal: AbortSignal) {
    if (this.#embedder === null) throw new EngineRefusal("no_embeddings");
    const inputs = this.#embedder.prepare(texts);
    const release = await this.#queue.acquire(signal);
    try {
      return await this.#embedder.run(inputs, signal);
    } finally {
      release();
    }
  }

  async dispose(): Promise<void> {
    await this.#embedder?.dispose();
    await this.#context.dispose();
    await this.#llama.dispose();
  }
}

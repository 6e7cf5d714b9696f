// Workers AI's forms of request and reply, made from and to OpenAI's. Pure.
import { formatEvent, SseParser } from "../../protocol/sse.ts";

/** The gateway's Workers AI backend knows this text and answers 503 with what is missing. */
export const NO_ENGINE = "no local engine is joined to the Workers AI stand-in";

type Json = Record<string, unknown>;

export function isEmbeddingInput(inputs: Json): boolean {
  return inputs.text !== undefined && inputs.messages === undefined && inputs.prompt === undefined;
}

/** Null where the inputs are neither text generation nor embeddings. */
export function openAiRequest(inputs: Json, model: string): Json | null {
  if (isEmbeddingInput(inputs)) return { model, input: inputs.text };
  const messages = Array.isArray(inputs.messages)
    ? inputs.messages
    : typeof inputs.prompt === "string"
      ? [{ role: "user", content: inputs.prompt }]
      : null;
  if (messages === null) return null;
  const { prompt: _prompt, lora: _lora, raw: _raw, ...rest } = inputs;
  const stream = inputs.stream === true;
  return { ...rest, messages, model, ...(stream ? { stream, stream_options: { include_usage: true } } : {}) };
}

/** A whole reply: `{response, usage}` or `{shape, data}`. */
export function resultOf(reply: unknown, embedding: boolean): Json {
  if (embedding) {
    const { data, usage } = reply as { data: { embedding: number[] }[]; usage?: unknown };
    const vectors = data.map((row) => row.embedding);
    return {
      shape: [vectors.length, vectors[0]?.length ?? 0],
      data: vectors,
      ...(usage === undefined ? {} : { usage }),
    };
  }
  const { choices, usage } = reply as { choices: { message: Message }[]; usage?: unknown };
  const { content = null, tool_calls } = choices[0]?.message ?? {};
  return {
    response: content ?? "",
    ...(tool_calls === undefined ? {} : { tool_calls: tool_calls.map(callOf) }),
    ...(usage === undefined ? {} : { usage }),
  };
}

interface Message {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
}

/** Workers AI gives a call's arguments as a value, where they are one. */
function callOf({ function: { name, arguments: text } }: NonNullable<Message["tool_calls"]>[number]): Json {
  try {
    return { name, arguments: JSON.parse(text) as unknown };
  } catch {
    return { name, arguments: text };
  }
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null; readonly tool_calls?: unknown };
  }[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

function chunkOf(data: string): Chunk | null {
  try {
    return JSON.parse(data) as Chunk | null;
  } catch {
    return null;
  }
}

/** OpenAI's events → Workers AI's: `{"response":"…"}` a piece, usage with an empty last one, then `[DONE]`. */
export function translateStream(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const parser = new SseParser();
  const forward = (
    controller: TransformStreamDefaultController<Uint8Array>,
    events: ReturnType<SseParser["push"]>,
  ): void => {
    for (const event of events) {
      if (event.type !== "event") continue;
      if (event.data === "[DONE]") {
        controller.enqueue(formatEvent("[DONE]"));
        continue;
      }
      const chunk = chunkOf(event.data);
      if (chunk === null || chunk.error !== undefined) throw new Error("5000: the local engine failed");
      const { content, tool_calls } = chunk.choices?.[0]?.delta ?? {};
      if (content) controller.enqueue(formatEvent(JSON.stringify({ response: content })));
      if (tool_calls) controller.enqueue(formatEvent(JSON.stringify({ response: "", tool_calls })));
      if (chunk.usage) controller.enqueue(formatEvent(JSON.stringify({ response: "", usage: chunk.usage })));
    }
  };
  return source.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => forward(controller, parser.push(bytes)),
      flush: (controller) => forward(controller, parser.flush()),
    }),
  );
}

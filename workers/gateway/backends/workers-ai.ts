// Workers AI through its binding, or through the local stand-in that has the same interface. Its replies are either in
// OpenAI's form already (newer models) or in its own (`response`, `tool_calls`, `usage`), which is translated here.

import type { Refusal } from "../../../protocol/refusal.ts";
import { NO_ENGINE } from "../../embedded-ai/format.ts";
import type { AiRunner } from "../config.ts";
import type { Backend, BackendCall } from "./backend.ts";
import { chatInputs, completionOf, embeddingsOf, newChunkTranslator } from "./workers-ai-format.ts";

export function workersAiBackend(ai: AiRunner, model: string, nowMs: () => number, newId: () => string): Backend {
  return async (call) => {
    const { value } = call.upstream;
    let result: unknown;
    try {
      const inputs = call.endpoint === "chat" ? chatInputs(value) : { text: value.input };
      result = await raceAbort(ai.run(model, inputs), call.signal);
    } catch (error) {
      if (call.signal.aborted) return { code: "backend_timeout" };
      return refusalOfThrown(error, call);
    }
    const about = { id: newId(), created: Math.floor(nowMs() / 1000), model };
    if (result instanceof ReadableStream) {
      if (!call.upstream.stream) return { code: "backend_error" };
      return { kind: "stream", bytes: result, translate: newChunkTranslator(about) };
    }
    if (call.upstream.stream) return { code: "backend_error" };
    if (call.endpoint === "embeddings") {
      const document = embeddingsOf(result, about);
      return document === null ? { code: "backend_error" } : { kind: "document", value: document };
    }
    const document = completionOf(result, about);
    return document === null ? { code: "backend_error" } : { kind: "document", value: document };
  };
}

/** `run` takes no signal: a client that left is not kept waiting, though the model may run on. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")), { once: true });
    work.then(resolve, reject);
  });
}

/** Workers AI throws `CODE: text` (its documented error codes); only the number is used. */
function refusalOfThrown(error: unknown, call: BackendCall): Refusal {
  const message = error instanceof Error ? error.message : "";
  if (message.includes(NO_ENGINE)) return { code: "backend_unavailable", missing: `${NO_ENGINE}; npm start joins one` };
  const code = Number(/\b(\d{4})\b/.exec(message)?.[1] ?? 0);
  if (code === 3040) return { code: "backend_busy", retryAfterMs: 1000 };
  if (code === 3007 || code === 3046) return { code: "backend_timeout" };
  if (code === 3036 || code === 5007 || code === 5018) return { code: "backend_unavailable", missing: null };
  if (code === 5021) return { code: "context_length_exceeded", limit: call.contextTokens, param: "messages" };
  if (code === 5004 || code === 3006 || code === 5003) return { code: "backend_rejected" };
  return { code: "backend_error" };
}

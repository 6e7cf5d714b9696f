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
    const inputs = call.endpoint === "chat" ? chatInputs(value) : { text: value.input };
    let result: unknown;
    try {
      result = await ai.run(model, inputs);
    } catch (error) {
      return refusalOfThrown(error, call);
    }
    const about = { id: newId(), created: Math.floor(nowMs() / 1000), model };
    const limit = "max_tokens" in inputs && typeof inputs.max_tokens === "number" ? inputs.max_tokens : null;
    // whether a stream or a document was asked for is for `relay` to judge: it drops what is not wanted
    if (result instanceof ReadableStream)
      return { kind: "stream", bytes: result, translate: newChunkTranslator(about, limit) };
    const document = call.endpoint === "embeddings" ? embeddingsOf(result, about) : completionOf(result, about, limit);
    return document === null ? { code: "backend_error" } : { kind: "document", value: document };
  };
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

// `POST /v1/chat/completions`: a document, or server-sent events as the model speaks.
import { randomBytes } from "node:crypto";
import { DONE, formatEvent } from "../../protocol/sse.ts";
import type { Engine, GenerateEnd } from "../engine/engine.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Reply } from "./reply.ts";

/** Answers in one document. @throws what the engine throws; nothing was sent then */
export async function answerChat(
  engine: Engine,
  request: ChatRequest,
  reply: Reply,
  signal: AbortSignal,
  nowMs: number,
) {
  let content = "";
  const end = await engine.generate(request, signal, (text) => {
    content += text;
  });
  const common = chunkHead("chat.completion", engine, request.model, nowMs);
  const message = { role: "assistant", content, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: end.finishReason }];
  await reply.json(200, { ...common, choices, usage: usageOf(end) }, engine.model.digest);
  return end;
}

/**
 * Answers as a stream. The head goes out with the first text, so that what fails before it still has a status.
 * @throws what the engine throws; `reply.headSent` tells whether the stream had begun
 */
export async function streamChat(
  engine: Engine,
  request: ChatRequest,
  reply: Reply,
  signal: AbortSignal,
  nowMs: number,
) {
  const common = chunkHead("chat.completion.chunk", engine, request.model, nowMs);
  const usage = request.includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finish: string | null): Uint8Array =>
    event({ ...common, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage });

  reply.stream("text/event-stream", engine.model.digest, chunk({ role: "assistant", content: "" }, null));
  const end = await engine.generate(request, signal, (text) => reply.write(chunk({ content: text }, null)));
  reply.write(chunk({}, end.finishReason));
  if (request.includeUsage) reply.write(event({ ...common, choices: [], usage: usageOf(end) }));
  reply.write(formatEvent(DONE));
  await reply.end();
  return end;
}

function event(value: object): Uint8Array {
  return formatEvent(JSON.stringify(value));
}

function chunkHead(object: string, engine: Engine, model: string, nowMs: number) {
  return {
    id: `chatcmpl-${randomBytes(12).toString("hex")}`,
    object,
    created: Math.floor(nowMs / 1000),
    model,
    system_fingerprint: `fp_${engine.model.digest.slice("sha256:".length, "sha256:".length + 12)}`,
  };
}

function usageOf({ promptTokens, completionTokens }: GenerateEnd) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

// What each path does with a request that the gateway signed.

import { readJsonObject } from "../../protocol/json.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { artifactId } from "../../r2-models/manifest.ts";
import { type Engine, EngineRefusal } from "../engine/engine.ts";
import { log } from "../log.ts";
import { answerChat, streamChat } from "./chat.ts";
import { parseChatRequest } from "./chat-request.ts";
import { answerEmbeddings, parseEmbeddingsRequest } from "./embeddings.ts";
import type { Reply } from "./reply.ts";

export interface RouteInput {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** null while models are loading */
  readonly engines: readonly Engine[] | null;
  readonly reply: Reply;
  /** fires when the caller leaves or the agent stops */
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

/** Seconds until a full queue is worth another try. */
const BUSY_MS = 2_000;

/** Answers, or says why not. @throws whatever the engine throws beyond its own refusals */
export async function route(input: RouteInput): Promise<Refusal | null> {
  const { method, path, engines } = input;
  if (path === "/v1/models") {
    if (method !== "GET") return { code: "method_not_allowed", allow: ["GET"] };
    await input.reply.json(200, { object: "list", data: (engines ?? []).map(modelEntry) });
    return null;
  }
  if (path !== "/v1/chat/completions" && path !== "/v1/embeddings") return { code: "not_found" };
  if (method !== "POST") return { code: "method_not_allowed", allow: ["POST"] };
  if (engines === null) return { code: "backend_unavailable", missing: "the model is still loading" };
  const reading = readJsonObject(input.body);
  if (!reading.ok) return reading.refusal;
  return path === "/v1/chat/completions"
    ? await chat(input, engines, reading.value)
    : await embeddings(input, engines, reading.value);
}

async function chat(
  input: RouteInput,
  engines: readonly Engine[],
  body: Record<string, unknown>,
): Promise<Refusal | null> {
  const request = parseChatRequest(body);
  if ("code" in request) return request;
  const engine = engineFor(engines, request.model);
  if (engine === undefined) return { code: "model_not_found", model: request.model };
  const answer = request.stream ? streamChat : answerChat;
  try {
    const end = await answer(engine, request, input.reply, input.signal, input.nowMs);
    log("chat", { model: artifactId(engine.model), prompt: end.promptTokens, completion: end.completionTokens });
    return null;
  } catch (error) {
    return refusalOf(error, engine, "messages");
  }
}

async function embeddings(
  input: RouteInput,
  engines: readonly Engine[],
  body: Record<string, unknown>,
): Promise<Refusal | null> {
  const request = parseEmbeddingsRequest(body);
  if ("code" in request) return request;
  const engine = engineFor(engines, request.model);
  if (engine === undefined) return { code: "model_not_found", model: request.model };
  try {
    const tokens = await answerEmbeddings(engine, request, input.reply, input.signal);
    log("embeddings", { model: artifactId(engine.model), texts: request.texts.length, prompt: tokens });
    return null;
  } catch (error) {
    return refusalOf(error, engine, "input");
  }
}

/** By `name@version`, or by name alone where that is one model. */
function engineFor(engines: readonly Engine[], model: string): Engine | undefined {
  const named = engines.filter((engine) => engine.model.name === model);
  return engines.find((engine) => artifactId(engine.model) === model) ?? (named.length === 1 ? named[0] : undefined);
}

function modelEntry({ model }: Engine) {
  return { id: artifactId(model), object: "model", created: 0, owned_by: "bartizan", ...model };
}

/** An engine's own refusal, as a client may see it. @throws any other error, as it came */
function refusalOf(error: unknown, { model }: Engine, field: "messages" | "input"): Refusal {
  if (!(error instanceof EngineRefusal)) throw error;
  const param = error.index === null ? field : `${field}[${error.index}]`;
  switch (error.reason) {
    case "queue_full":
    case "waited_too_long":
      return { code: "backend_busy", retryAfterMs: BUSY_MS };
    case "too_long":
      return { code: "context_length_exceeded", limit: model.context_tokens, param };
    case "roles":
      return { code: "invalid_request", param, expected: "an order of roles that the model's chat template takes" };
    case "empty":
      return { code: "invalid_request", param, expected: "a text that is not empty" };
    case "no_embeddings":
      return { code: "model_not_found", model: `${model.name} (for embeddings)` };
  }
}

// `POST /v1/embeddings`: vectors of length 1, as numbers or as base64 of little-endian 32-bit floats.
import { z } from "zod";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Engine } from "../engine/engine.ts";
import { invalid } from "./chat-request.ts";
import type { Reply } from "./reply.ts";

const embeddingsSchema = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});

export interface EmbeddingsRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly base64: boolean;
}

export function parseEmbeddingsRequest(value: Record<string, unknown>): EmbeddingsRequest | Refusal {
  for (const [name, given] of Object.entries(value))
    if (!Object.hasOwn(embeddingsSchema.shape, name) && name !== "user" && given !== null)
      return { code: "unsupported_parameter", param: name };
  const parsed = embeddingsSchema.safeParse(value);
  if (!parsed.success) return invalid(parsed.error);
  const { model, input, encoding_format } = parsed.data;
  return { model, texts: typeof input === "string" ? [input] : input, base64: encoding_format === "base64" };
}

/** @throws what the engine throws; nothing was sent then */
export async function answerEmbeddings(engine: Engine, request: EmbeddingsRequest, reply: Reply, signal: AbortSignal) {
  const { vectors, promptTokens } = await engine.embed(request.texts, signal);
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: request.base64 ? base64Floats(vector) : vector,
  }));
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  await reply.json(200, { object: "list", data, model: request.model, usage }, engine.model.digest);
  return promptTokens;
}

function base64Floats(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((x, i) => {
    bytes.writeFloatLE(x, i * 4);
  });
  return bytes.toString("base64");
}
